// What the registry says of a form beside its decision.
#include "core/registry/precheck/findings.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/registry_fixture.h"

namespace dataip::registry {
namespace {

using ::dataip::testing::kApprover;
using ::dataip::testing::kExaminer;
using ::dataip::testing::RegistryFixture;

class Findings : public ::testing::Test {
 protected:
  // `WARNS B18 duplicate_explanation` a line.
  static std::string Text(const std::vector<v1::Finding>& findings) {
    std::string text;
    for (const v1::Finding& finding : findings) {
      absl::StrAppend(&text,
                      v1::FindingSeverity_Name(finding.severity()).substr(8),
                      " ", finding.rule(), " ", finding.field(), "\n");
      EXPECT_FALSE(finding.reason_zh().empty()) << finding.rule();
      EXPECT_FALSE(finding.reason_en().empty()) << finding.rule();
      EXPECT_FALSE(finding.remedy_zh().empty()) << finding.rule();
      EXPECT_FALSE(finding.remedy_en().empty()) << finding.rule();
    }
    return text;
  }

  std::string Of(const v1::Command& command, const std::string& key,
                 const std::string& application_no = "") {
    return Text(FindingsOf(
        fixture_.state(),
        {command, {fixture_.KeyId(key)}, fixture_.now_ms(), application_no}));
  }

  // Files the same data again, which resembles.
  v1::Command Again(const std::string& reference) {
    return fixture_.SubmitCommand(fixture_.GoodForm(reference));
  }

  v1::ApplicationForm JointForm() {
    v1::ApplicationForm form = fixture_.GoodForm("R-2");
    form.add_applicants()->set_party_number(fixture_.person);
    return form;
  }

  RegistryFixture fixture_ = RegistryFixture::Ready();
};

TEST_F(Findings, AreMessagesWithEverythingThatTheyHad) {
  const Finding finding{.field = "name",
                        .rule = "B01",
                        .clause = "一(一)",
                        .reason_zh = "甲",
                        .reason_en = "a",
                        .remedy_zh = "乙",
                        .remedy_en = "b",
                        .severity = Severity::kWarns};
  const v1::Finding message = MessageOf(finding);
  EXPECT_EQ(message.field(), "name");
  EXPECT_EQ(message.rule(), "B01");
  EXPECT_EQ(message.clause(), "一(一)");
  EXPECT_EQ(message.reason_zh(), "甲");
  EXPECT_EQ(message.reason_en(), "a");
  EXPECT_EQ(message.remedy_zh(), "乙");
  EXPECT_EQ(message.remedy_en(), "b");
  EXPECT_EQ(message.severity(), v1::FINDING_WARNS);
  Finding other = finding;
  other.severity = Severity::kBlocks;
  EXPECT_EQ(MessageOf(other).severity(), v1::FINDING_BLOCKS);
  other.severity = Severity::kTells;
  EXPECT_EQ(MessageOf(other).severity(), v1::FINDING_TELLS);
}

TEST_F(Findings, OfAGoodFilingAreNone) {
  EXPECT_EQ(Of(Again("R-1"), "enterprise"), "");
}

TEST_F(Findings, OfOtherCommandsAreNone) {
  const std::string number = fixture_.Submit("R-1");
  EXPECT_EQ(Of(fixture_.NoticeCommand(number), kExaminer), "");
  EXPECT_EQ(Of(v1::Command(), "enterprise"), "");
}

TEST_F(Findings, TellOfWhatResembles) {
  fixture_.Submit("R-1");
  EXPECT_EQ(Of(Again("R-2"), "enterprise"),
            "WARNS B18 duplicate_explanation\n");
}

// A case of somebody else is named when everybody may know of it.
TEST_F(Findings, NameNoCaseOfOthersBeforeItsNotice) {
  const std::string number = fixture_.Submit("R-1");
  v1::Command command = Again("R-2");
  command.set_actor(fixture_.licensee);
  auto* form = command.mutable_submit_application()->mutable_form();
  form->mutable_applicants(0)->set_party_number(fixture_.licensee);
  const auto reason = [&] {
    const auto findings = FindingsOf(
        fixture_.state(),
        {command, {fixture_.KeyId("licensee")}, fixture_.now_ms(), ""});
    for (const v1::Finding& finding : findings) {
      if (finding.rule() == "B18") return finding.reason_en();
    }
    return std::string();
  };
  EXPECT_EQ(reason(), "alike an application of which no notice is public yet");
  fixture_.Do(fixture_.NoticeCommand(number), {kExaminer, kApprover});
  EXPECT_THAT(reason(), ::testing::HasSubstr(number));
}

TEST_F(Findings, OfAnAcceptedFilingAreThoseOfBefore) {
  fixture_.Submit("R-1");
  const v1::Command command = Again("R-2");
  const std::string before = Of(command, "enterprise");
  const auto events = fixture_.Do(command, {"enterprise"});
  ASSERT_FALSE(events.empty());
  EXPECT_EQ(
      Of(command, "enterprise",
         events[0].application_submitted().application().application_no()),
      before);
}

TEST_F(Findings, LeaveOutWhatIsRefusedAnyway) {
  v1::ApplicationForm form = fixture_.GoodForm("R-1");
  form.set_record_count(1);
  EXPECT_EQ(Of(fixture_.SubmitCommand(form), "enterprise"), "");
}

TEST_F(Findings, OfADraftTellWhoIsToSign) {
  v1::Command command = fixture_.NewCommand(fixture_.enterprise, 0);
  *command.mutable_prepare_application()->mutable_form() = JointForm();
  EXPECT_EQ(Of(command, "enterprise"), "TELLS B03 applicants\n");
  const auto events = fixture_.Do(command, {"enterprise"});
  ASSERT_FALSE(events.empty());
  v1::Command filing = fixture_.NewCommand(fixture_.enterprise, 1);
  filing.mutable_submit_application()->set_draft_no(
      events[0].application_prepared().draft().draft_no());
  EXPECT_EQ(Of(filing, "enterprise"), "");
  filing.mutable_submit_application()->set_draft_no("D20240000099");
  EXPECT_EQ(Of(filing, "enterprise"), "");
}

TEST_F(Findings, OfACorrectionDoNotFindTheApplicationItself) {
  const std::string number = fixture_.Submit("R-1");
  fixture_.Do(fixture_.CorrectionCommand(number, "coverage_to"), {kExaminer});
  v1::Command command =
      fixture_.NewCommand(fixture_.enterprise,
                          FindApplication(fixture_.state(), number)->version());
  v1::CorrectApplication* body = command.mutable_correct_application();
  body->set_application_no(number);
  *body->mutable_form() = FindApplication(fixture_.state(), number)->form();
  EXPECT_EQ(Of(command, "enterprise"), "");
}

TEST_F(Findings, OfTheChecklistAreThoseOfTheCase) {
  const std::string first = fixture_.Submit("R-1");
  EXPECT_EQ(Text(ChecklistOf(fixture_.state(),
                             *FindApplication(fixture_.state(), first))),
            "");
  const std::string second = fixture_.Submit("R-2");
  for (const std::string& number : {first, second}) {
    EXPECT_EQ(Text(ChecklistOf(fixture_.state(),
                               *FindApplication(fixture_.state(), number))),
              "WARNS B18 duplicate_explanation\n");
  }
}

TEST_F(Findings, OfTheChecklistNameWhatBlocksToo) {
  const std::string number = fixture_.Submit("R-1");
  v1::Application application = *FindApplication(fixture_.state(), number);
  application.mutable_form()->set_record_count(1);
  EXPECT_EQ(Text(ChecklistOf(fixture_.state(), application)).substr(0, 10),
            "BLOCKS B11");
}

// Cases keep the profile that they began with.
TEST_F(Findings, OfTheChecklistGoByTheProfileOfTheCase) {
  const std::string number = fixture_.Submit("R-1");
  v1::Application application = *FindApplication(fixture_.state(), number);
  application.mutable_form()->set_object_kind(v1::DATA_PRODUCT);
  EXPECT_EQ(Text(ChecklistOf(fixture_.state(), application)).substr(0, 10),
            "BLOCKS B24");
  application.mutable_profile()->set_sha256("unknown");
  EXPECT_EQ(Text(ChecklistOf(fixture_.state(), application)).find("B24"),
            std::string::npos);
}

}  // namespace
}  // namespace dataip::registry
