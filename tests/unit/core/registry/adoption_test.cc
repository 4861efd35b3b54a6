// AdoptProfile, and what later versions of a profile's table do not do.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/registry/decide.h"
#include "core/registry/state/profiles.h"
#include "core/registry/values/civil_date.h"
#include "gtest/gtest.h"
#include "tests/support/registry_fixture.h"
#include "tests/unit/core/registry/matchers.h"

namespace dataip::registry {
namespace {

using namespace ::dataip::rpc::v1;  // NOLINT: the reasons
using ::dataip::testing::Allows;
using ::dataip::testing::kApprover;
using ::dataip::testing::kExaminer;
using ::dataip::testing::ReadSourceFile;
using ::dataip::testing::Refuses;
using ::dataip::testing::RegistryFixture;

constexpr char kZhejiang[] = "profiles/ZJ-2023";
constexpr char kBeijing[] = "profiles/BJ-2023";

// Zhejiang's with a notice of `days` working days.
std::string WithNotice(int days) {
  std::string csv = ReadSourceFile("deploy/tables/profile_ZJ-2023.csv");
  const std::string from = "\npublicity,10,";
  csv.replace(csv.find(from), from.size(),
              absl::StrCat("\npublicity,", days, ","));
  return csv;
}

void Load(RegistryFixture& fixture, const std::string& name,
          const std::string& content) {
  const auto loaded = fixture.state().tables.find(name);
  v1::Command command = fixture.NewCommand(
      "root",
      loaded == fixture.state().tables.end() ? 0 : loaded->second.version);
  command.mutable_load_table()->set_name(name);
  command.mutable_load_table()->set_content(content);
  fixture.Do(command, {"root"});
}

// Of the table as it was last loaded.
v1::Command Adopt(RegistryFixture& fixture, const std::string& name,
                  const std::string& day) {
  v1::Command command = fixture.NewCommand("root", 0);
  v1::AdoptProfile* body = command.mutable_adopt_profile();
  body->mutable_profile()->set_profile_id(
      name.substr(std::string(kProfileTablePrefix).size()));
  const auto table = fixture.state().tables.find(name);
  if (table != fixture.state().tables.end()) {
    body->mutable_profile()->set_sha256(
        std::string(table->second.sha256.text()));
  }
  body->set_effective_from(day);
  body->set_legal_basis("浙江省数据知识产权登记办法修订");
  return command;
}

void AdvanceToDay(RegistryFixture& fixture, const char* day) {
  fixture.AdvanceTo(StartOfDayMs(*ParseDate(day)));
}

uint32_t NoticeDaysOf(RegistryFixture& fixture, const std::string& number) {
  return FindApplication(fixture.state(), number)
      ->notice_deadline()
      .working_days();
}

TEST(AdoptProfile, IsGivenByRoot) {
  RegistryFixture fixture = RegistryFixture::Ready();
  Load(fixture, kZhejiang, WithNotice(15));
  v1::Command command = Adopt(fixture, kZhejiang, "2024-08-01");
  EXPECT_THAT(fixture.Decide(command, {kExaminer}),
              Refuses(BAD_SIGNATURE, "SIGNER", "signatures"));
  command.set_actor(kExaminer);
  EXPECT_THAT(fixture.Decide(command, {kExaminer}),
              Refuses(NOT_ALLOWED, "ACTOR", "actor"));
}

TEST(AdoptProfile, NeedsTheLoadedTable) {
  RegistryFixture fixture = RegistryFixture::Ready();
  EXPECT_THAT(fixture.Decide(Adopt(fixture, kBeijing, "2024-08-01"), {"root"}),
              Refuses(INVALID_FIELD, "PROFILE", "adopt_profile.profile"));
  // A version that another one has taken the place of is not it either.
  const v1::Command first = Adopt(fixture, kZhejiang, "2024-08-01");
  Load(fixture, kZhejiang, WithNotice(15));
  EXPECT_THAT(fixture.Decide(first, {"root"}),
              Refuses(INVALID_FIELD, "PROFILE", "adopt_profile.profile"));
  v1::Command other = Adopt(fixture, kZhejiang, "2024-08-01");
  other.mutable_adopt_profile()->mutable_profile()->set_profile_id("BJ-2023");
  EXPECT_THAT(fixture.Decide(other, {"root"}),
              Refuses(INVALID_FIELD, "PROFILE", "adopt_profile.profile"));
  v1::Command version = Adopt(fixture, kZhejiang, "2024-08-01");
  version.set_version(1);
  EXPECT_THAT(fixture.Decide(version, {"root"}),
              Refuses(VERSION_CONFLICT, "VERSION", "version"));
}

TEST(AdoptProfile, LooksForwardOnly) {
  RegistryFixture fixture = RegistryFixture::Ready();
  Load(fixture, kZhejiang, WithNotice(15));
  for (const char* day : {"", "2024-06-19", "2024-06-20", "2024-6-21"}) {
    EXPECT_THAT(
        fixture.Decide(Adopt(fixture, kZhejiang, day), {"root"}),
        Refuses(INVALID_FIELD, "PROFILE", "adopt_profile.effective_from"))
        << day;
  }
  EXPECT_THAT(fixture.Decide(Adopt(fixture, kZhejiang, "2024-06-21"), {"root"}),
              Allows());
  fixture.Do(Adopt(fixture, kZhejiang, "2024-08-01"), {"root"});
  Load(fixture, kZhejiang, WithNotice(20));
  for (const char* day : {"2024-07-15", "2024-08-01"}) {
    EXPECT_THAT(
        fixture.Decide(Adopt(fixture, kZhejiang, day), {"root"}),
        Refuses(INVALID_FIELD, "PROFILE", "adopt_profile.effective_from"))
        << day;
  }
  EXPECT_THAT(fixture.Decide(Adopt(fixture, kZhejiang, "2024-08-02"), {"root"}),
              Allows());
}

TEST(AdoptProfile, NamesItsBasisAndChangesSomething) {
  RegistryFixture fixture = RegistryFixture::Ready();
  EXPECT_THAT(fixture.Decide(Adopt(fixture, kZhejiang, "2024-08-01"), {"root"}),
              Refuses(ALREADY_EXISTS, "PROFILE", "adopt_profile.profile"));
  Load(fixture, kZhejiang, WithNotice(15));
  v1::Command command = Adopt(fixture, kZhejiang, "2024-08-01");
  command.mutable_adopt_profile()->set_legal_basis("改");
  EXPECT_THAT(fixture.Decide(command, {"root"}),
              Refuses(INVALID_FIELD, "REASON", "adopt_profile.legal_basis"));
}

TEST(AdoptProfile, RulesNewCasesFromItsDay) {
  RegistryFixture fixture = RegistryFixture::Ready();
  const std::string first = fixture.state().adoptions.front().profile.sha256();
  const std::string before = fixture.Submit("R-1");
  Load(fixture, kZhejiang, WithNotice(15));
  // Loaded is not in force.
  EXPECT_EQ(ProfileOn(fixture.state(), CivilDate{2030, 1, 1}).sha256(), first);
  const std::string loaded = fixture.Submit("R-2");
  fixture.Do(Adopt(fixture, kZhejiang, "2024-08-01"), {"root"});
  EXPECT_EQ(ProfileOn(fixture.state(), CivilDate{2024, 7, 31}).sha256(), first);
  EXPECT_NE(ProfileOn(fixture.state(), CivilDate{2024, 8, 1}).sha256(), first);
  AdvanceToDay(fixture, "2024-07-31");
  const std::string eve = fixture.Submit("R-3");
  AdvanceToDay(fixture, "2024-08-01");
  const std::string after = fixture.Submit("R-4");
  for (const std::string& number : {before, loaded, eve, after}) {
    fixture.Do(fixture.NoticeCommand(number), {kExaminer, kApprover});
  }
  // Cases under way keep theirs, however late they are decided.
  EXPECT_EQ(NoticeDaysOf(fixture, before), 10u);
  EXPECT_EQ(NoticeDaysOf(fixture, loaded), 10u);
  EXPECT_EQ(NoticeDaysOf(fixture, eve), 10u);
  EXPECT_EQ(NoticeDaysOf(fixture, after), 15u);
}

TEST(AdoptProfile, TakesThatOfAnotherPlaceToo) {
  RegistryFixture fixture = RegistryFixture::Ready();
  // Zhejiang does not ask for the days covered, and goes on so for its case.
  v1::ApplicationForm without = fixture.GoodForm("R-0");
  without.clear_coverage_from();
  EXPECT_THAT(fixture.Decide(fixture.SubmitCommand(without), {"enterprise"}),
              Allows());
  Load(fixture, kBeijing, ReadSourceFile("deploy/tables/profile_BJ-2023.csv"));
  fixture.Do(Adopt(fixture, kBeijing, "2024-08-01"), {"root"});
  AdvanceToDay(fixture, "2024-08-01");
  const std::string number = fixture.Submit("R-1");
  EXPECT_EQ(FindApplication(fixture.state(), number)->profile().profile_id(),
            "BJ-2023");
  v1::ApplicationForm form = fixture.GoodForm("R-2");
  form.clear_coverage_from();
  EXPECT_THAT(fixture.Decide(fixture.SubmitCommand(form), {"enterprise"}),
              Refuses(INVALID_FIELD, "REQUIRED", "coverage_from"));
}

// The entry names one profile, which has decided all of it.
TEST(AdoptProfile, ABatchIsOfOneProfile) {
  RegistryFixture fixture = RegistryFixture::Ready();
  const std::string before = fixture.Submit("R-1");
  Load(fixture, kZhejiang, WithNotice(15));
  fixture.Do(Adopt(fixture, kZhejiang, "2024-06-21"), {"root"});
  AdvanceToDay(fixture, "2024-06-21");
  const std::string after = fixture.Submit("R-2");
  const auto batch = [&](const std::vector<std::string>& numbers) {
    v1::Command command = fixture.NewCommand(kExaminer, 0);
    v1::OpenNotices* body = command.mutable_open_notices();
    for (const std::string& number : numbers) {
      v1::BatchItem* item = body->add_items();
      item->set_application_no(number);
      item->set_version(FindApplication(fixture.state(), number)->version());
    }
    *body->mutable_checklist() =
        fixture.NoticeCommand(before).open_notice().checklist();
    return command;
  };
  EXPECT_THAT(fixture.Decide(batch({before, after}), {kExaminer, kApprover}),
              Refuses(INVALID_FIELD, "BATCH", "items[1].application_no"));
  // Not that of today.
  EXPECT_EQ(
      ProfileFor(fixture.state(), batch({before}), fixture.now_ms()).sha256(),
      FindApplication(fixture.state(), before)->profile().sha256());
  EXPECT_NE(
      ProfileFor(fixture.state(), batch({after}), fixture.now_ms()).sha256(),
      FindApplication(fixture.state(), before)->profile().sha256());
  fixture.Do(batch({before}), {kExaminer, kApprover});
  EXPECT_EQ(NoticeDaysOf(fixture, before), 10u);
  fixture.Do(batch({after}), {kExaminer, kApprover});
  EXPECT_EQ(NoticeDaysOf(fixture, after), 15u);
}

TEST(AdoptProfile, TheChecklistOfANoticeIsTheProfiles) {
  RegistryFixture fixture = RegistryFixture::Ready();
  std::string csv = ReadSourceFile("deploy/tables/profile_ZJ-2023.csv");
  const std::string items = "sample_checked;masking_checked;";
  csv.replace(csv.find(items), items.size(), "masking_checked;");
  Load(fixture, kZhejiang, csv);
  fixture.Do(Adopt(fixture, kZhejiang, "2024-06-21"), {"root"});
  AdvanceToDay(fixture, "2024-06-21");
  v1::Command command = fixture.NoticeCommand(fixture.Submit("R-1"));
  v1::Checklist* checklist = command.mutable_open_notice()->mutable_checklist();
  checklist->set_sample_checked(false);
  EXPECT_THAT(fixture.Decide(command, {kExaminer, kApprover}), Allows());
  checklist->set_masking_checked(false);
  EXPECT_THAT(fixture.Decide(command, {kExaminer, kApprover}),
              Refuses(INVALID_FIELD, "T7", "checklist.masking_checked"));
}

}  // namespace
}  // namespace dataip::registry
