// The profiles that ship, and what a profile may not lack.
#include "core/registry/profile.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "dataip/registry/v1/application.pb.h"
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
    EXPECT_EQ(profile.TierOf("name"), "PUBLIC");
    EXPECT_EQ(profile.TierOf("fields"), "EXAMINER");
    EXPECT_EQ(profile.TierOf("nothing"), "EXAMINER");
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
            "objection.file,nothing,same_as"},
           {"objection.file,publicity,same_as",
            "objection.file,objection.file,same_as"},
           {"objection.file,publicity,", "objection.file,renewal.term,"},
           {"objection.standing,ANYONE", "objection.standing,NOBODY"},
           {"number.scheme,unified-2024", "number.scheme,own"},
           {"review.total,20,working_days", "review.total,20,years"}}) {
    EXPECT_THAT(Profile::Parse(With(from, to)), StatusIs(kInvalid)) << to;
  }
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
