// The profiles that ship, and what a profile may not lack.
#include "core/registry/tables/profile.h"

#include <algorithm>
#include <array>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "dataip/registry/v1/application.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/registry_fixture.h"
#include "tests/support/status_matchers.h"

namespace dataip::registry {
namespace {

using ::dataip::testing::ReadSourceFile;
using ::dataip::testing::StatusIs;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

std::string Csv(const std::string& id) {
  return ReadSourceFile(absl::StrCat("deploy/tables/profile_", id, ".csv"));
}

Profile Load(const std::string& id) {
  auto profile = Profile::Parse(Csv(id));
  EXPECT_OK(profile);
  return *std::move(profile);
}

std::string With(const std::string& from, const std::string& to) {
  std::string csv = Csv("ZJ-2023");
  const size_t at = csv.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return csv.replace(at, from.size(), to);
}

TEST(ProfileTables, HaveEveryKeyOfTheField) {
  for (const char* id : {"ZJ-2023", "BJ-2023"}) {
    const Profile profile = Load(id);
    for (const char* key : {"accept.check",          "correction.window",
                            "review.total",          "publicity",
                            "objection.file",        "objection.standing",
                            "objection.forward",     "objection.reply",
                            "objection.proceedings", "issue.after_publicity",
                            "certificate.term",      "renewal.window",
                            "renewal.grace",         "change.file_within",
                            "withdraw.cooloff",      "archive.retention",
                            "revocation.hearing",    "duplicate.threshold",
                            "number.scheme",         "notice.fields",
                            "checklist.notice",      "object.definition"}) {
      EXPECT_OK(profile.Text(key)) << id << " " << key;
      EXPECT_NE(profile.ClauseOf(key), "") << id << " " << key;
    }
    EXPECT_EQ(*profile.WorkingDays("objection.file"),
              *profile.WorkingDays("publicity"));
    EXPECT_FALSE(profile.RevocationGroundText("R08").empty());
    EXPECT_FALSE(profile.RevocationGroundText("V02").empty());
    EXPECT_TRUE(profile.RevocationGroundText("R12").empty());
    EXPECT_EQ(*profile.PerMille(kDuplicateScore), 700u);
    EXPECT_EQ(*profile.Characters(kNoticeSummary), 200u);
  }
}

TEST(ProfileTables, NameFieldsThatAreThere) {
  const auto* form = v1::ApplicationForm::descriptor();
  const auto* notice = v1::PublicSnapshot::descriptor();
  const auto* checklist = v1::Checklist::descriptor();
  for (const char* id : {"ZJ-2023", "BJ-2023"}) {
    const Profile profile = Load(id);
    for (const std::string& field : profile.List(kNoticeFields)) {
      EXPECT_NE(notice->FindFieldByName(field), nullptr) << id << " " << field;
    }
    for (const std::string& field : profile.List(kFormRequired)) {
      EXPECT_NE(form->FindFieldByName(field), nullptr) << id << " " << field;
    }
    EXPECT_EQ(profile.List(kChecklistNotice).size(),
              static_cast<size_t>(checklist->field_count()));
    for (const auto& [key, value] : profile.values()) {
      if (key.rfind(kTierPrefix, 0) != 0) continue;
      const std::string field = key.substr(std::string(kTierPrefix).size());
      EXPECT_NE(form->FindFieldByName(field), nullptr) << id << " " << key;
    }
  }
}

TEST(ProfileTables, DifferByProvince) {
  const Profile zhejiang = Load("ZJ-2023");
  const Profile beijing = Load("BJ-2023");
  EXPECT_NE(*zhejiang.Text("object.definition"),
            *beijing.Text("object.definition"));
  EXPECT_NE(*zhejiang.Text(kRegistryCode), *beijing.Text(kRegistryCode));
  EXPECT_FALSE(zhejiang.Lists(kFormRequired, "coverage_from"));
  EXPECT_TRUE(beijing.Lists(kFormRequired, "coverage_from"));
  EXPECT_TRUE(beijing.Lists("form.update_periods", "THREE_YEARS"));
  EXPECT_FALSE(zhejiang.Text("form.update_periods").ok());
  // What a name ends in is a rule of Zhejiang.
  EXPECT_TRUE(zhejiang.Lists(kNameNouns, "数据集"));
  EXPECT_TRUE(beijing.List(kNameNouns).empty());
  // Only Hebei refuses what AI made alone; Beijing has no such clause.
  EXPECT_TRUE(beijing.GroundText("R10").empty());
  EXPECT_EQ(*beijing.Years(kCertificateTerm), 3u);
}

TEST(ProfileParse, KnowsItsUnits) {
  for (const auto& [from, to] :
       std::initializer_list<std::pair<const char*, const char*>>{
           {"publicity,10,working_days", "publicity,10,weeks"},
           {"duplicate.threshold,700,", "duplicate.threshold,1001,"},
           {"duplicate.threshold,700,", "duplicate.threshold,-1,"},
           {"tier.name,PUBLIC", "tier.name,OPEN"},
           {"registry_code,3300", "registry_code,33a0"},
           {"objection.file,publicity,same_as",
            "objection.file,objection.file,same_as"},
           {"objection.standing,ANYONE", "objection.standing,NOBODY"},
           {"number.scheme,unified-2024", "number.scheme,own"},
           {"objection.check,5,working_days", "objection.check,5,days"},
           {"objection.decide,20,", "objection.decide,0,"},
           {"request.total,20,working_days", "request.total,20,months"},
           {"cosign.window,10,working_days", "cosign.window,10,days"},
           {"review.total,20,working_days", "review.total,20,years"}}) {
    EXPECT_THAT(Profile::Parse(With(from, to)), StatusIs(kInvalid)) << to;
  }
  EXPECT_THAT(Profile::Parse(With("objection.file,publicity,same_as",
                                  "objection.file,nothing,same_as")),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST(ProfileParse, NamesTheWordThatIsNone) {
  for (const auto& [from, to, told] :
       std::initializer_list<std::array<const char*, 3>>{
           {"notice.fields,name;", "notice.fields,nam;",
            "notice.fields names `nam`"},
           {"notice.fields,name;", "notice.fields,name;;",
            "notice.fields names ``"},
           {"checklist.notice,sample_checked;", "checklist.notice,sample;",
            "checklist.notice names `sample`"},
           {"form.required,algorithm_summary", "form.required,algorithm",
            "form.required names `algorithm`"},
           {"tier.series,", "tier.serie,", "tier.serie names `serie`"},
           {"tier.series,EXAMINER,tier", "tier.series,EXAMINER,text",
            "tier.series is no tier"},
           {"object.kinds,DATA_SET", "object.kinds,DATASET",
            "object.kinds names `DATASET`"},
           {"object.kinds,DATA_SET", "object.kinds,OBJECT_KIND_UNSPECIFIED",
            "object.kinds names `OBJECT_KIND_UNSPECIFIED`"},
           {"object.public_states,NON_PUBLIC", "object.public_states,SECRET",
            "object.public_states names `SECRET`"},
           {"object.ai_processing_shares,NONE;",
            "object.ai_processing_shares,LITTLE;",
            "object.ai_processing_shares names `LITTLE`"},
           {"INHERITANCE;JUDGMENT,list", "INHERITANCE;VERDICT,list",
            "transfer.single_party names `VERDICT`"},
           {"INHERITANCE;JUDGMENT,list", "INHERITANCE;JUDGMENT,text",
            "transfer.single_party is no list"},
           {"name.nouns,数据;", "name.nouns,;", "name.nouns names ``"},
           {"revocation.on_judgment,V02,", "revocation.on_judgment,V99,",
            "revocation.on_judgment names `V99`"},
           {"revocation.on_judgment,V02,list",
            "revocation.on_judgment,V02,text",
            "revocation.on_judgment is no list"},
           {"实现运用金额-A", "实现运用金额-B", "metric.realised_value is"}}) {
    EXPECT_THAT(Profile::Parse(With(from, to)),
                StatusIs(kInvalid, ::testing::HasSubstr(told)))
        << to;
  }
}

// The sources of core/registry, but for those that parse a profile.
std::string SourcesOfRules() {
  std::string all;
  const std::string list = ReadSourceFile("core/registry/CMakeLists.txt");
  for (absl::string_view word :
       absl::StrSplit(list, absl::ByAnyChar(" \n"), absl::SkipEmpty())) {
    if (!absl::EndsWith(word, ".cc") || word == "tables/profile.cc" ||
        word == "tables/profile_words.cc") {
      continue;
    }
    all += ReadSourceFile(absl::StrCat("core/registry/", word));
  }
  return all;
}

// A line that nobody reads is no rule, and is not demanded.
TEST(ProfileParse, DemandsOnlyWhatARuleReads) {
  const std::string header = ReadSourceFile("core/registry/tables/profile.h");
  const std::string sources = SourcesOfRules();
  ASSERT_FALSE(Profile::RequiredKeys().empty());
  for (const absl::string_view key : Profile::RequiredKeys()) {
    const size_t value = header.find(absl::StrCat("[] = \"", key, "\";"));
    ASSERT_NE(value, std::string::npos) << key;
    const size_t before = header.rfind(' ', value) + 1;
    const std::string constant = header.substr(before, value - before);
    EXPECT_NE(sources.find(constant), std::string::npos) << constant;
  }
}

// What a ledger holds for ever is read for ever: that of ledgers/1 has none of
// the keys that came later.
TEST(ProfileParse, TakesTheProfileOfAnOldLedger) {
  const std::string payloads =
      ReadSourceFile("tests/conformance/ledgers/1/ledger/payload/000.p/37");
  const size_t begin = payloads.find("key,value,unit,clause,confidence\n");
  ASSERT_NE(begin, std::string::npos);
  // Whole lines; what follows the table is no line of five cells.
  std::string csv;
  for (absl::string_view line : absl::StrSplit(payloads.substr(begin), '\n')) {
    if (std::count(line.begin(), line.end(), ',') < 4) break;
    absl::StrAppend(&csv, line, "\n");
  }
  const auto profile = Profile::Parse(csv);
  ASSERT_OK(profile);
  EXPECT_EQ(*profile->WorkingDays(kPublicity), 10u);
  EXPECT_GT(profile->values().size(), 30u);
}

TEST(ProfileParse, TakesMonthsWhereADeadlineMayCountThem) {
  for (const char* key : {"accept.check,5,", "correction.window,10,",
                          "review.total,20,", "issue.after_publicity,5,"}) {
    const auto profile = Profile::Parse(
        With(absl::StrCat(key, "working_days"), absl::StrCat(key, "months")));
    EXPECT_OK(profile) << key;
  }
}

}  // namespace
}  // namespace dataip::registry
