// Objections: T9 to T13.
#include "core/registry/objection/objections.h"

#include <memory>
#include <string>
#include <utility>

#include "core/base/limits.h"
#include "core/registry/decide.h"
#include "core/registry/queue/queue.h"
#include "core/registry/state/time_spent.h"
#include "core/registry/tables/profile.h"
#include "gtest/gtest.h"
#include "tests/unit/core/registry/matchers.h"
#include "tests/unit/core/registry/objection/objection_fixture.h"

namespace dataip::registry {
namespace {

using namespace ::dataip::rpc::v1;  // NOLINT: the reasons
using ::dataip::testing::Allows;
using ::dataip::testing::kApprover;
using ::dataip::testing::kExaminer;
using ::dataip::testing::kTestStartMs;
using ::dataip::testing::ReadSourceFile;
using ::dataip::testing::Refuses;
using ::dataip::testing::SetEvidence;

class Objections : public ::dataip::testing::ObjectionTest {
 protected:
  void RefusesFiling(const v1::Command& command, const std::string& rule,
                     const std::string& field) {
    EXPECT_THAT(fixture_.Decide(command, {"licensee"}),
                Refuses(INVALID_FIELD, rule, field));
  }
};

TEST_F(Objections, AreFiledByPartiesThatAreNoApplicants) {
  EXPECT_THAT(fixture_.Decide(FileCommand(fixture_.enterprise), {"enterprise"}),
              Refuses(NOT_ALLOWED, "T9", "actor"));
  EXPECT_THAT(fixture_.Decide(FileCommand(kExaminer), {kExaminer}),
              Refuses(NOT_ALLOWED, "ACTOR", "actor"));
  v1::Command command = FileCommand(fixture_.licensee);
  command.set_version(1);
  EXPECT_THAT(fixture_.Decide(command, {"licensee"}),
              Refuses(VERSION_CONFLICT, "VERSION", "version"));
  command = FileCommand(fixture_.licensee);
  command.mutable_file_objection()->set_application_no("20240000099");
  EXPECT_THAT(fixture_.Decide(command, {"licensee"}),
              Refuses(NOT_FOUND, "EXISTS", "application_no"));
  EXPECT_THAT(fixture_.Decide(FileCommand(fixture_.person), {"person"}),
              Allows());
}

TEST_F(Objections, NameRightFieldsReasonAndEvidence) {
  const v1::Command good = FileCommand(fixture_.licensee);
  v1::Command command = good;
  auto* claim = command.mutable_file_objection()->mutable_claim();
  claim->clear_right();
  RefusesFiling(command, "T9", "claim.right");
  command = good;
  claim = command.mutable_file_objection()->mutable_claim();
  claim->clear_fields();
  RefusesFiling(command, "T9", "claim.fields");
  claim->add_fields("contact");
  RefusesFiling(command, "T9", "claim.fields[0]");
  claim->set_fields(0, "sources");
  claim->add_fields("name");
  RefusesFiling(command, "T9", "claim.fields[1]");
  command = good;
  claim = command.mutable_file_objection()->mutable_claim();
  claim->set_statement("太短");
  RefusesFiling(command, "REASON", "claim.statement");
  claim->set_statement(good.file_objection().claim().statement() +
                       "\xe2\x80\xae");
  RefusesFiling(command, "REASON", "claim.statement");
  command = good;
  claim = command.mutable_file_objection()->mutable_claim();
  claim->set_interest("短");
  RefusesFiling(command, "REASON", "claim.interest");
  command = good;
  claim = command.mutable_file_objection()->mutable_claim();
  claim->clear_evidence();
  RefusesFiling(command, "T9", "claim.evidence");
  for (int i = 0; i <= limits::kFilesPerObjection; ++i) {
    SetEvidence(claim->add_evidence(), 'e');
  }
  RefusesFiling(command, "T9", "claim.evidence");
}

TEST_F(Objections, TakeAnInterestWhereTheProfileAsksForOne) {
  std::string csv = ReadSourceFile("deploy/tables/profile_ZJ-2023.csv");
  const std::string anyone = "objection.standing,ANYONE";
  ASSERT_NE(csv.find(anyone), std::string::npos);
  csv.replace(csv.find(anyone), anyone.size(), "objection.standing,INTERESTED");
  auto profile = Profile::Parse(csv);
  ASSERT_TRUE(profile.ok()) << profile.status();
  fixture_.state().profiles[Application().profile().sha256()] =
      std::make_shared<const Profile>(*std::move(profile));
  v1::Command command = FileCommand(fixture_.licensee);
  RefusesFiling(command, "REASON", "claim.interest");
  command.mutable_file_objection()->mutable_claim()->set_interest(
      "该热量表由本单位安装并运营");
  EXPECT_THAT(fixture_.Decide(command, {"licensee"}), Allows());
}

TEST_F(Objections, AreFiledInTheNoticeOnly) {
  GoTo("2024-07-04");
  EXPECT_THAT(fixture_.Decide(FileCommand(fixture_.licensee), {"licensee"}),
              Allows());
  fixture_.AdvancePastNotice(application_no_);
  EXPECT_THAT(fixture_.Decide(FileCommand(fixture_.licensee), {"licensee"}),
              Refuses(RULE_REFUSES, "T9", "application_no"));
}

TEST_F(Objections, AreNotFiledBeforeTheNotice) {
  v1::Command command = FileCommand(fixture_.licensee);
  command.mutable_file_objection()->set_application_no(fixture_.Submit("R-2"));
  EXPECT_THAT(fixture_.Decide(command, {"licensee"}),
              Refuses(RULE_REFUSES, "T9", "application_no"));
}

TEST_F(Objections, OfOnePartyOnOneRightAreFiledOnce) {
  const std::string number = File(fixture_.licensee, "licensee");
  EXPECT_EQ(number, "O20240000001");
  v1::Command again = FileCommand(fixture_.licensee);
  EXPECT_THAT(fixture_.Decide(again, {"licensee"}),
              Refuses(ALREADY_EXISTS, "T9", "claim.right"));
  again.mutable_file_objection()->mutable_claim()->set_right(
      v1::RIGHT_TRADE_SECRET);
  EXPECT_THAT(fixture_.Decide(again, {"licensee"}), Allows());
  EXPECT_THAT(fixture_.Decide(FileCommand(fixture_.person), {"person"}),
              Allows());
}

TEST_F(Objections, FiledInTimeForbidRegistrationUntilTheyEnd) {
  const std::string number = File(fixture_.licensee, "licensee");
  EXPECT_EQ(Get(number).state(), v1::OBJECTION_FILED);
  EXPECT_EQ(Application().state(), v1::PUBLICITY);
  fixture_.AdvancePastNotice(application_no_);
  EXPECT_THAT(fixture_.Decide(fixture_.RegisterCommand(application_no_),
                              {kExaminer, kApprover}),
              Refuses(RULE_REFUSES, "T14", "application_no"));
  // The notice never stood still, so it is not resumed.
  EXPECT_THAT(fixture_.Decide(Reject(number), {kExaminer}),
              Refuses(NOT_ALLOWED, "TWO_OFFICERS", "actor"));
  EXPECT_EQ(fixture_.Do(Reject(number), {kExaminer, kApprover}).size(), 1u);
  EXPECT_EQ(Get(number).state(), v1::OBJECTION_REJECTED);
  EXPECT_THAT(fixture_.Decide(fixture_.RegisterCommand(application_no_),
                              {kExaminer, kApprover}),
              Allows());
}

TEST_F(Objections, AreRejectedWithAReason) {
  const std::string number = File(fixture_.licensee, "licensee");
  v1::Command command = Reject(number);
  command.mutable_reject_objection()->clear_reason();
  EXPECT_THAT(fixture_.Decide(command, {kExaminer, kApprover}),
              Refuses(INVALID_FIELD, "REASON", "reason"));
}

TEST_F(Objections, AcceptedStopTheNoticeAndDismissedLetItRunOn) {
  GoTo("2024-07-01");
  const std::string number = Accepted(fixture_.licensee, "licensee");
  // 2, 3 and 4 July.
  EXPECT_EQ(Application().state(), v1::OBJECTION_PENDING);
  EXPECT_EQ(Application().remaining_notice_days(), 3u);
  EXPECT_EQ(Get(number).forward_deadline().due_date(), "2024-07-04");
  EXPECT_TRUE(fixture_.state().due.empty());
  fixture_.Do(Forward(number), {kExaminer});
  EXPECT_EQ(Get(number).reply_deadline().due_date(), "2024-07-15");
  EXPECT_EQ(fixture_.state().due.size(), 1u);
  GoTo("2024-07-12");
  fixture_.Do(Answer(number), {"enterprise"});
  EXPECT_TRUE(fixture_.state().due.empty());
  EXPECT_EQ(Get(number).state(), v1::OBJECTION_ANSWERED);
  const Events events = fixture_.Do(Dismiss(number), {kExaminer, kApprover});
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].objection_dismissed().proceedings_deadline().due_date(),
            "2024-07-26");
  EXPECT_EQ(events[1].notice_resumed().deadline().due_date(), "2024-07-17");
  EXPECT_EQ(Application().state(), v1::PUBLICITY);
  EXPECT_EQ(Application().remaining_notice_days(), 0u);
  EXPECT_EQ(Application().open_objections_size(), 0);
  EXPECT_THAT(fixture_.Decide(fixture_.RegisterCommand(application_no_),
                              {kExaminer, kApprover}),
              Refuses(RULE_REFUSES, "T14", "application_no"));
}

TEST_F(Objections, DismissedLeaveTimeToProveProceedings) {
  GoTo("2024-07-01");
  const std::string number = Answered(fixture_.licensee, "licensee");
  fixture_.Do(Dismiss(number), {kExaminer, kApprover});
  ASSERT_EQ(Application().notice_deadline().due_date(), "2024-07-04");
  ASSERT_EQ(Get(number).proceedings_deadline().due_date(), "2024-07-15");
  // The registry's own time begins when it may register.
  EXPECT_EQ(Application().issue_deadline().start_date(), "2024-07-15");
  EXPECT_EQ(Application().issue_deadline().due_date(), "2024-07-22");
  fixture_.AdvancePastNotice(application_no_);
  const v1::Command early = fixture_.RegisterCommand(application_no_);
  EXPECT_THAT(fixture_.Decide(early, {kExaminer, kApprover}),
              Refuses(RULE_REFUSES, "T14", "application_no"));
  EXPECT_TRUE(OfficerQueue(fixture_.state(), fixture_.now_ms()).empty());
  const auto waiting =
      ExpectedOf(fixture_.state(), fixture_.enterprise, fixture_.now_ms());
  ASSERT_EQ(waiting.size(), 1u);
  EXPECT_EQ(waiting[0].step, Step::kProceedings);
  EXPECT_EQ(waiting[0].until.due_date, "2024-07-15");
  GoTo("2024-07-15");
  EXPECT_THAT(fixture_.Decide(fixture_.RegisterCommand(application_no_),
                              {kExaminer, kApprover}),
              Refuses(RULE_REFUSES, "T14", "application_no"));
  GoTo("2024-07-16");
  const auto queue = OfficerQueue(fixture_.state(), fixture_.now_ms());
  ASSERT_EQ(queue.size(), 1u);
  EXPECT_EQ(queue[0].step, Step::kRegister);
  EXPECT_EQ(queue[0].until.due_date, "2024-07-22");
  // What the law makes wait is not the registry's time.
  EXPECT_EQ(TimeSpentOn(fixture_.state(), Application(), fixture_.now_ms())
                .waiting_ms,
            EndOfDayMs({2024, 7, 15}) - kTestStartMs);
  EXPECT_THAT(fixture_.Decide(fixture_.RegisterCommand(application_no_),
                              {kExaminer, kApprover}),
              Allows());
}

TEST_F(Objections, WithdrawnLeaveNoTimeForProceedings) {
  GoTo("2024-07-01");
  const std::string number = Answered(fixture_.licensee, "licensee");
  fixture_.Do(Withdraw(number, fixture_.licensee), {"licensee"});
  EXPECT_EQ(Application().issue_deadline().start_date(),
            Application().notice_deadline().due_date());
  fixture_.AdvancePastNotice(application_no_);
  EXPECT_THAT(fixture_.Decide(fixture_.RegisterCommand(application_no_),
                              {kExaminer, kApprover}),
              Allows());
}

TEST_F(Objections, AcceptedOnTheLastDayLeaveOneDay) {
  GoTo("2024-07-04");
  const std::string number = Accepted(fixture_.licensee, "licensee");
  EXPECT_EQ(Application().remaining_notice_days(), 1u);
  fixture_.Do(Withdraw(number, fixture_.licensee), {"licensee"});
  EXPECT_EQ(Application().notice_deadline().due_date(), "2024-07-05");
}

TEST_F(Objections, AcceptedAfterTheNoticeLeaveItOver) {
  const std::string number = File(fixture_.licensee, "licensee");
  fixture_.AdvancePastNotice(application_no_);
  fixture_.Do(Accept(number), {kExaminer});
  EXPECT_EQ(Application().state(), v1::OBJECTION_PENDING);
  EXPECT_EQ(Application().remaining_notice_days(), 0u);
  EXPECT_THAT(fixture_.Decide(FileCommand(fixture_.person), {"person"}),
              Refuses(RULE_REFUSES, "T9", "application_no"));
  fixture_.Do(Withdraw(number, fixture_.licensee), {"licensee"});
  EXPECT_EQ(Application().notice_deadline().due_date(), "2024-07-04");
  EXPECT_THAT(fixture_.Decide(fixture_.RegisterCommand(application_no_),
                              {kExaminer, kApprover}),
              Allows());
}

TEST_F(Objections, RunOnAfterTheLastOfSeveral) {
  GoTo("2024-07-01");
  const std::string first = Answered(fixture_.licensee, "licensee");
  GoTo("2024-07-02");
  const std::string second = Answered(fixture_.person, "person");
  EXPECT_EQ(Application().remaining_notice_days(), 3u);
  EXPECT_EQ(Application().open_objections_size(), 2);
  EXPECT_EQ(fixture_.Do(Dismiss(first), {kExaminer, kApprover}).size(), 1u);
  EXPECT_EQ(Application().state(), v1::OBJECTION_PENDING);
  GoTo("2024-07-08");
  EXPECT_EQ(fixture_.Do(Dismiss(second), {kExaminer, kApprover}).size(), 2u);
  EXPECT_EQ(Application().notice_deadline().due_date(), "2024-07-11");
}

TEST_F(Objections, AreAnsweredByTheApplicantInTime) {
  const std::string number = Forwarded(fixture_.licensee, "licensee");
  v1::Command command = Answer(number);
  command.set_actor(fixture_.person);
  EXPECT_THAT(fixture_.Decide(command, {"person"}),
              Refuses(NOT_ALLOWED, "T11", "actor"));
  command = Answer(number);
  command.mutable_answer_objection()->set_answer("无");
  EXPECT_THAT(fixture_.Decide(command, {"enterprise"}),
              Refuses(INVALID_FIELD, "REASON", "answer"));
  command = Answer(number);
  for (int i = 0; i <= limits::kFilesPerObjection; ++i) {
    SetEvidence(command.mutable_answer_objection()->add_files(), 'f');
  }
  EXPECT_THAT(fixture_.Decide(command, {"enterprise"}),
              Refuses(INVALID_FIELD, "T11", "files"));
  fixture_.AdvanceTo(DueInstantMs(Get(number).reply_deadline()));
  EXPECT_THAT(fixture_.Decide(Answer(number), {"enterprise"}), Allows());
  fixture_.AdvanceTo(DueInstantMs(Get(number).reply_deadline()) + 1);
  EXPECT_THAT(fixture_.Decide(Answer(number), {"enterprise"}),
              Refuses(RULE_REFUSES, "T11", "objection_no"));
}

TEST_F(Objections, AreWithdrawnByTheObjectorOnly) {
  const std::string number = Forwarded(fixture_.licensee, "licensee");
  EXPECT_THAT(
      fixture_.Decide(Withdraw(number, fixture_.enterprise), {"enterprise"}),
      Refuses(NOT_ALLOWED, "T13", "actor"));
  // Not even whose it is, or that it was changed.
  v1::Command strange = Withdraw(number, fixture_.enterprise);
  const Decision plain = fixture_.Decide(strange, {"enterprise"});
  strange.set_version(99);
  const Decision late = fixture_.Decide(strange, {"enterprise"});
  EXPECT_EQ(std::get<Refusal>(plain).message_en,
            std::get<Refusal>(late).message_en);
  EXPECT_THAT(std::get<Refusal>(plain).message_en,
              ::testing::Not(::testing::HasSubstr(fixture_.licensee)));
  v1::Command command = Withdraw(number, fixture_.licensee);
  command.mutable_withdraw_objection()->set_reason("\x01");
  EXPECT_THAT(fixture_.Decide(command, {"licensee"}),
              Refuses(INVALID_FIELD, "REASON", "reason"));
  EXPECT_EQ(
      fixture_.Do(Withdraw(number, fixture_.licensee), {"licensee"}).size(),
      2u);
  EXPECT_EQ(Get(number).state(), v1::OBJECTION_WITHDRAWN);
  EXPECT_EQ(Application().state(), v1::PUBLICITY);
  EXPECT_TRUE(fixture_.state().due.empty());
}

TEST_F(Objections, AreMootWhenTheApplicationIsWithdrawn) {
  const std::string first = File(fixture_.person, "person");
  const std::string second = Forwarded(fixture_.licensee, "licensee");
  fixture_.Do(WithdrawApplication(), {"enterprise"});
  EXPECT_EQ(Application().state(), v1::WITHDRAWN);
  EXPECT_EQ(Application().open_objections_size(), 0);
  EXPECT_EQ(Get(first).state(), v1::OBJECTION_MOOT);
  EXPECT_EQ(Get(second).state(), v1::OBJECTION_MOOT);
  EXPECT_TRUE(fixture_.state().due.empty());
}

TEST_F(Objections, NameThemAndTheirVersion) {
  const std::string number = File(fixture_.licensee, "licensee");
  v1::Command command = Accept(number);
  command.set_version(7);
  EXPECT_THAT(fixture_.Decide(command, {kExaminer}),
              Refuses(VERSION_CONFLICT, "VERSION", "version"));
  EXPECT_THAT(fixture_.Decide(Accept("O20240000099"), {kExaminer}),
              Refuses(NOT_FOUND, "EXISTS", "objection_no"));
}

}  // namespace
}  // namespace dataip::registry
