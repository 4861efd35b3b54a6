// What a filing follows on (B20), and what IMPORTANT data wait for (B17).
#include "core/registry/application/filing.h"

#include <memory>
#include <string>
#include <string_view>

#include "absl/strings/str_replace.h"
#include "core/registry/decide.h"
#include "core/registry/tables/profile.h"
#include "core/registry/values/civil_date.h"
#include "gtest/gtest.h"
#include "tests/support/registry_fixture.h"
#include "tests/unit/core/registry/matchers.h"

namespace dataip::registry {
namespace {

using namespace ::dataip::rpc::v1;  // NOLINT: the reasons
using ::dataip::testing::Allows;
using ::dataip::testing::Digest32;
using ::dataip::testing::kApprover;
using ::dataip::testing::kExaminer;
using ::dataip::testing::ReadSourceFile;
using ::dataip::testing::Refuses;
using ::dataip::testing::RegistryFixture;

class Filings : public ::testing::Test {
 protected:
  void Withdraw(const std::string& number) {
    v1::Command command = fixture_.NewCommand(
        fixture_.enterprise,
        FindApplication(fixture_.state(), number)->version());
    command.mutable_withdraw_application()->set_application_no(number);
    fixture_.Do(command, {"enterprise"});
  }

  Decision FileAfter(const std::string& predecessor) {
    v1::ApplicationForm form = fixture_.GoodForm("R-9");
    form.set_predecessor_no(predecessor);
    return fixture_.Decide(fixture_.SubmitCommand(form), {"enterprise"});
  }

  v1::Command Opinion(const std::string& number, bool agrees) {
    v1::Command command = fixture_.NewCommand(
        kExaminer, FindApplication(fixture_.state(), number)->version());
    v1::RecordOpinion* body = command.mutable_record_opinion();
    body->set_application_no(number);
    v1::DataDepartmentOpinion* opinion = body->mutable_opinion();
    opinion->set_department("示例市数据局");
    opinion->set_document_no("示数函〔2024〕1号");
    opinion->mutable_document()->set_kind("opinion");
    opinion->mutable_document()->set_media_type("application/pdf");
    opinion->mutable_document()->set_byte_size(2048);
    opinion->mutable_document()->mutable_sha256()->set_digest(Digest32('o'));
    opinion->set_agrees(agrees);
    return command;
  }

  std::string SubmitImportant() {
    v1::ApplicationForm form = fixture_.GoodForm("R-1");
    form.mutable_fields(0)->set_classification(v1::IMPORTANT);
    const Events events =
        fixture_.Do(fixture_.SubmitCommand(form), {"enterprise"});
    return events.empty() ? ""
                          : events[0]
                                .application_submitted()
                                .application()
                                .application_no();
  }

  Decision OpenNotice(const std::string& number) {
    return fixture_.Decide(fixture_.NoticeCommand(number),
                           {kExaminer, kApprover});
  }

  RegistryFixture fixture_ = RegistryFixture::Ready();
};

TEST_F(Filings, FollowOnApplicationsThatEnded) {
  EXPECT_THAT(FileAfter("20240000001"),
              Refuses(INVALID_FIELD, "B20", "predecessor_no"));
  const std::string number = fixture_.Submit("R-1");
  EXPECT_THAT(FileAfter(number),
              Refuses(INVALID_FIELD, "B20", "predecessor_no"));
  Withdraw(number);
  EXPECT_THAT(FileAfter(number), Allows());
}

TEST_F(Filings, FollowOnApplicationsOfTheSamePrimaryApplicant) {
  const std::string number = fixture_.Submit("R-1");
  Withdraw(number);
  v1::ApplicationForm form = fixture_.GoodForm("R-1");
  form.mutable_applicants(0)->set_party_number(fixture_.licensee);
  form.set_predecessor_no(number);
  v1::Command command = fixture_.SubmitCommand(form);
  command.set_actor(fixture_.licensee);
  EXPECT_THAT(fixture_.Decide(command, {"licensee"}),
              Refuses(INVALID_FIELD, "B20", "predecessor_no"));
}

TEST_F(Filings, FollowOnRefusedApplications) {
  const std::string number = fixture_.Submit("R-1");
  v1::Command command = fixture_.NewCommand(kExaminer, 1);
  command.mutable_refuse_application()->set_application_no(number);
  command.mutable_refuse_application()->add_grounds("R03");
  command.mutable_refuse_application()->set_reason("不属于登记对象");
  fixture_.Do(command, {kExaminer, kApprover});
  EXPECT_THAT(FileAfter(number), Allows());
}

TEST_F(Filings, KeepAGoodPredecessorInACorrection) {
  const std::string number = fixture_.Submit("R-1");
  fixture_.Do(fixture_.CorrectionCommand(number, "predecessor_no"),
              {kExaminer});
  v1::Command command = fixture_.NewCommand(fixture_.enterprise, 2);
  v1::CorrectApplication* body = command.mutable_correct_application();
  body->set_application_no(number);
  *body->mutable_form() = FindApplication(fixture_.state(), number)->form();
  body->mutable_form()->set_predecessor_no(number);
  EXPECT_THAT(fixture_.Decide(command, {"enterprise"}),
              Refuses(INVALID_FIELD, "B20", "predecessor_no"));
}

// A province that has such a rule; Zhejiang's value is 0.
TEST_F(Filings, WaitAfterAWithdrawalAsTheProfileSays) {
  const std::string number = fixture_.Submit("R-1");
  Withdraw(number);
  const std::string csv =
      absl::StrReplaceAll(ReadSourceFile("deploy/tables/profile_ZJ-2023.csv"),
                          {{"withdraw.cooloff,0,", "withdraw.cooloff,2,"}});
  const auto profile = Profile::Parse(csv);
  ASSERT_TRUE(profile.ok()) << profile.status();
  for (auto& [sha256, known] : fixture_.state().profiles) {
    known = std::make_shared<const Profile>(*profile);
  }
  EXPECT_THAT(FileAfter(number),
              Refuses(RULE_REFUSES, "R09", "predecessor_no"));
  // Nor does it help to leave the link out.
  EXPECT_THAT(FileAfter(""), Refuses(RULE_REFUSES, "R09", "predecessor_no"));
  fixture_.AdvanceTo(EndOfDayMs({2024, 8, 19}));
  EXPECT_THAT(FileAfter(number),
              Refuses(RULE_REFUSES, "R09", "predecessor_no"));
  // Nor to file something else and to correct it to the same data.
  v1::ApplicationForm form = fixture_.GoodForm("R-10");
  const v1::Deposit withdrawn = form.deposit();
  form.mutable_deposit()->set_file_sha256(Digest32('q'));
  fixture_.Do(fixture_.SubmitCommand(form), {"enterprise"});
  const std::string other = fixture_.state().applications.rbegin()->first;
  fixture_.Do(fixture_.CorrectionCommand(other, "deposit"), {kExaminer});
  v1::Command command = fixture_.NewCommand(fixture_.enterprise, 2);
  command.mutable_correct_application()->set_application_no(other);
  v1::ApplicationForm* corrected =
      command.mutable_correct_application()->mutable_form();
  *corrected = form;
  *corrected->mutable_deposit() = withdrawn;
  *corrected->mutable_evidence(0)->mutable_time() = command.issued_at();
  EXPECT_THAT(fixture_.Decide(command, {"enterprise"}),
              Refuses(RULE_REFUSES, "R09", "predecessor_no"));
  // What is done to the case later does not lengthen the time.
  fixture_.state().applications[number].set_updated_at_ms(fixture_.now_ms());
  fixture_.AdvanceTo(StartOfDayMs({2024, 8, 20}));
  EXPECT_THAT(FileAfter(number), Allows());
}

TEST_F(Filings, OfImportantDataWaitForTheDataDepartment) {
  const std::string number = SubmitImportant();
  EXPECT_THAT(OpenNotice(number),
              Refuses(RULE_REFUSES, "B17", "application_no"));
  fixture_.Do(Opinion(number, false), {kExaminer});
  EXPECT_THAT(OpenNotice(number),
              Refuses(RULE_REFUSES, "B17", "application_no"));
  fixture_.Do(Opinion(number, true), {kExaminer});
  EXPECT_EQ(FindApplication(fixture_.state(), number)->version(), 3u);
  EXPECT_THAT(OpenNotice(number), Allows());
}

TEST_F(Filings, OpinionsAreOnImportantDataUnderReview) {
  const std::string number = fixture_.Submit("R-2");
  EXPECT_THAT(fixture_.Decide(Opinion(number, true), {kExaminer}),
              Refuses(RULE_REFUSES, "B17", "application_no"));
  const std::string important = SubmitImportant();
  v1::Command by_approver = Opinion(important, true);
  by_approver.set_actor(kApprover);
  EXPECT_THAT(fixture_.Decide(by_approver, {kApprover}),
              Refuses(NOT_ALLOWED, "ROLE", "actor"));
  v1::Command command = Opinion(important, true);
  v1::DataDepartmentOpinion* opinion =
      command.mutable_record_opinion()->mutable_opinion();
  opinion->clear_document();
  EXPECT_THAT(fixture_.Decide(command, {kExaminer}),
              Refuses(INVALID_FIELD, "FILE", "opinion.document"));
  opinion->clear_document_no();
  EXPECT_THAT(fixture_.Decide(command, {kExaminer}),
              Refuses(INVALID_FIELD, "B17", "opinion.document_no"));
  opinion->clear_department();
  EXPECT_THAT(fixture_.Decide(command, {kExaminer}),
              Refuses(INVALID_FIELD, "B17", "opinion.department"));
  Withdraw(important);
  EXPECT_THAT(fixture_.Decide(Opinion(important, true), {kExaminer}),
              Refuses(RULE_REFUSES, "B17", "application_no"));
}

// The department did not see the new fields.
TEST_F(Filings, OpinionsEndWithTheFieldsThatTheyAreOn) {
  const std::string number = SubmitImportant();
  fixture_.Do(Opinion(number, true), {kExaminer});
  fixture_.Do(fixture_.CorrectionCommand(number, "fields[1].meaning"),
              {kExaminer});
  v1::Command command = fixture_.NewCommand(fixture_.enterprise, 3);
  v1::CorrectApplication* body = command.mutable_correct_application();
  body->set_application_no(number);
  *body->mutable_form() = FindApplication(fixture_.state(), number)->form();
  body->mutable_form()->mutable_fields(1)->set_meaning("整点时刻(UTC)");
  fixture_.Do(command, {"enterprise"});
  EXPECT_FALSE(
      FindApplication(fixture_.state(), number)->has_data_department());
  EXPECT_THAT(OpenNotice(number),
              Refuses(RULE_REFUSES, "B17", "application_no"));
}

}  // namespace
}  // namespace dataip::registry
