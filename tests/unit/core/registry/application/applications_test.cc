// Filing, correcting, withdrawing.
#include <algorithm>

#include "core/registry/decide.h"
#include "core/registry/tables/calendar.h"
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
using ::dataip::testing::kTestStartMs;
using ::dataip::testing::Refuses;
using ::dataip::testing::RegistryFixture;

class Applications : public ::testing::Test {
 protected:
  const v1::Application& Get(const std::string& number) {
    return *FindApplication(fixture_.state(), number);
  }

  v1::Command Correct(const std::string& number, v1::ApplicationForm form) {
    v1::Command command =
        fixture_.NewCommand(fixture_.enterprise, Get(number).version());
    v1::CorrectApplication* body = command.mutable_correct_application();
    body->set_application_no(number);
    *body->mutable_form() = std::move(form);
    return command;
  }

  v1::Command Withdraw(const std::string& number) {
    v1::Command command =
        fixture_.NewCommand(fixture_.enterprise, Get(number).version());
    command.mutable_withdraw_application()->set_application_no(number);
    return command;
  }

  v1::Command Close(const std::string& number) {
    v1::Command command = fixture_.NewCommand("clock", Get(number).version());
    command.mutable_close_overdue_correction()->set_application_no(number);
    return command;
  }

  // In CORRECTION_REQUIRED for `field`.
  std::string InCorrection(const std::string& field) {
    std::string number = fixture_.Submit("R-1");
    fixture_.Do(fixture_.CorrectionCommand(number, field), {kExaminer});
    return number;
  }

  RegistryFixture fixture_ = RegistryFixture::Ready();
};

TEST_F(Applications, GetNumbersOfTheYear) {
  EXPECT_EQ(fixture_.Submit("R-1"), "20240000001");
  EXPECT_EQ(fixture_.Submit("R-2"), "20240000002");
  const v1::Application& application = Get("20240000001");
  EXPECT_EQ(application.state(), v1::UNDER_REVIEW);
  EXPECT_EQ(application.version(), 1u);
  EXPECT_EQ(application.submitted_at_ms(), kTestStartMs);
  // The year of Shanghai, the serial goes on.
  fixture_.AdvanceTo(StartOfDayMs({2025, 1, 1}));
  EXPECT_EQ(fixture_.Submit("R-3"), "20250000003");
}

TEST_F(Applications, AreRefusedWithEveryFault) {
  v1::ApplicationForm form = fixture_.GoodForm("R-1");
  form.set_record_count(1);
  form.set_region_code("999999");
  const Decision decision =
      fixture_.Decide(fixture_.SubmitCommand(form), {"enterprise"});
  EXPECT_THAT(decision, Refuses(INVALID_FIELD, "REGION", "region_code"));
  EXPECT_EQ(std::get<Refusal>(decision).violations.size(), 2u);
}

TEST_F(Applications, AreForRegisteredParties) {
  v1::ApplicationForm form = fixture_.GoodForm("R-1");
  form.add_applicants()->set_party_number("P0000099");
  // Nobody can sign for it.
  EXPECT_THAT(fixture_.Decide(fixture_.SubmitCommand(form), {"enterprise"}),
              Refuses(BAD_SIGNATURE, "B03", "applicants"));
}

TEST_F(Applications, AreSignedByEveryApplicant) {
  v1::ApplicationForm form = fixture_.GoodForm("R-1");
  form.add_applicants()->set_party_number(fixture_.person);
  const v1::Command command = fixture_.SubmitCommand(form);
  EXPECT_THAT(fixture_.Decide(command, {"enterprise"}),
              Refuses(BAD_SIGNATURE, "B03", "applicants"));
  EXPECT_THAT(fixture_.Decide(command, {"person"}),
              Refuses(BAD_SIGNATURE, "B03", "applicants"));
  EXPECT_THAT(fixture_.Decide(command, {"enterprise", "person"}), Allows());
}

TEST_F(Applications, AreFiledByThePrimaryApplicant) {
  v1::ApplicationForm form = fixture_.GoodForm("R-1");
  v1::Applicant* other = form.add_applicants();
  other->set_party_number(fixture_.person);
  other->set_primary(true);
  form.mutable_applicants(0)->set_primary(false);
  EXPECT_THAT(
      fixture_.Decide(fixture_.SubmitCommand(form), {"enterprise", "person"}),
      Refuses(NOT_ALLOWED, "ACTOR", "actor"));
}

TEST_F(Applications, HaveAReferenceOfTheirOwnForEver) {
  const std::string number = fixture_.Submit("R-1");
  fixture_.Do(Withdraw(number), {"enterprise"});
  EXPECT_THAT(fixture_.Decide(fixture_.SubmitCommand(fixture_.GoodForm("R-1")),
                              {"enterprise"}),
              Refuses(ALREADY_EXISTS, "REFERENCE", "client_reference"));
}

TEST_F(Applications, ThatDoNotExistAreNotFound) {
  fixture_.Submit("R-1");
  v1::Command command = fixture_.CorrectionCommand("20240000001", "name");
  command.mutable_request_correction()->set_application_no("20240000009");
  EXPECT_THAT(fixture_.Decide(command, {kExaminer}),
              Refuses(NOT_FOUND, "EXISTS", "application_no"));
}

TEST_F(Applications, AreCorrectedAtTheExaminersRequest) {
  const std::string number = fixture_.Submit("R-1");
  const v1::Command good = fixture_.CorrectionCommand(number, "name");
  EXPECT_THAT(fixture_.Decide(good, {kApprover}),
              Refuses(BAD_SIGNATURE, "SIGNER", "signatures"));
  EXPECT_THAT(fixture_.Decide(good, {kExaminer, kApprover}),
              Refuses(BAD_SIGNATURE, "SIGNER", "signatures"));
  v1::Command by_approver = good;
  by_approver.set_actor(kApprover);
  EXPECT_THAT(fixture_.Decide(by_approver, {kApprover}),
              Refuses(NOT_ALLOWED, "ROLE", "actor"));
  fixture_.Do(good, {kExaminer});
  const v1::Application& application = Get(number);
  EXPECT_EQ(application.state(), v1::CORRECTION_REQUIRED);
  EXPECT_EQ(application.version(), 2u);
  EXPECT_EQ(application.correction_deadline().due_date(), "2024-07-04");
  EXPECT_EQ(application.correction_deadline().rule(), "correction.window");
  EXPECT_EQ(application.defects_size(), 1);
  EXPECT_THAT(
      fixture_.Decide(fixture_.CorrectionCommand(number, "name"), {kExaminer}),
      Refuses(RULE_REFUSES, "T3", "application_no"));
}

TEST_F(Applications, DefectsNameFieldsOfTheForm) {
  const std::string number = fixture_.Submit("R-1");
  for (const char* field :
       {"", "nonsense", "fields[3].name", "fields[0].nonsense", "name.x",
        "name[0]", "fields[-1]", "fields[x].name", "fields[0", "fields.name",
        "client_reference", "applicants[0].share_bp", "fields[00].name"}) {
    EXPECT_THAT(
        fixture_.Decide(fixture_.CorrectionCommand(number, field), {kExaminer}),
        Refuses(INVALID_FIELD, "T3", "defects[0].field"))
        << field;
  }
  for (const char* field :
       {"name", "fields", "fields[2].name", "scenario.scope",
        "sources[0].contract", "evidence[0].time", "sample.columns[1]"}) {
    EXPECT_THAT(
        fixture_.Decide(fixture_.CorrectionCommand(number, field), {kExaminer}),
        Allows())
        << field;
  }
}

TEST_F(Applications, DefectsAreOneToAHundredWithReasons) {
  const std::string number = fixture_.Submit("R-1");
  v1::Command command = fixture_.CorrectionCommand(number, "name");
  command.mutable_request_correction()->mutable_defects(0)->set_reason("x");
  EXPECT_THAT(fixture_.Decide(command, {kExaminer}),
              Refuses(INVALID_FIELD, "REASON", "defects[0].reason"));
  command.mutable_request_correction()->clear_defects();
  EXPECT_THAT(fixture_.Decide(command, {kExaminer}),
              Refuses(INVALID_FIELD, "T3", "defects"));
}

TEST_F(Applications, ChangeOnlyFlaggedFieldsInACorrection) {
  const std::string number = InCorrection("fields[1].meaning");
  v1::ApplicationForm form = Get(number).form();
  form.mutable_fields(1)->set_meaning("整点时刻(UTC)");
  EXPECT_THAT(fixture_.Decide(Correct(number, form), {"enterprise"}), Allows());

  form.set_region_code("330300");
  v1::Command command = Correct(number, form);
  EXPECT_THAT(fixture_.Decide(command, {"enterprise"}),
              Refuses(INVALID_FIELD, "T4", "region_code"));
  v1::ChangeReason* reason =
      command.mutable_correct_application()->add_reasons();
  reason->set_field("region_code");
  reason->set_reason("登记地变更");
  EXPECT_THAT(fixture_.Decide(command, {"enterprise"}), Allows());
  reason->set_reason("x");
  EXPECT_THAT(fixture_.Decide(command, {"enterprise"}),
              Refuses(INVALID_FIELD, "REASON", "reasons[0].reason"));
  reason->set_reason("登记地变更");
  reason->set_field("name");
  EXPECT_THAT(fixture_.Decide(command, {"enterprise"}),
              Refuses(INVALID_FIELD, "T4", "reasons[0].field"));
}

TEST_F(Applications, KeepReferenceAndApplicantsInACorrection) {
  const std::string number = InCorrection("name");
  v1::ApplicationForm form = Get(number).form();
  form.set_client_reference("R-9");
  v1::Command command = Correct(number, form);
  v1::ChangeReason* reason =
      command.mutable_correct_application()->add_reasons();
  reason->set_field("client_reference");
  reason->set_reason("换一个编号");
  EXPECT_THAT(fixture_.Decide(command, {"enterprise"}),
              Refuses(INVALID_FIELD, "T4", "client_reference"));
  form = Get(number).form();
  form.add_applicants()->set_party_number(fixture_.person);
  EXPECT_THAT(fixture_.Decide(Correct(number, form), {"enterprise"}),
              Refuses(INVALID_FIELD, "T4", "applicants"));
}

TEST_F(Applications, AreCorrectedByAGoodFormThatChangesSomething) {
  const std::string number = InCorrection("record_count");
  v1::ApplicationForm form = Get(number).form();
  EXPECT_THAT(fixture_.Decide(Correct(number, form), {"enterprise"}),
              Refuses(INVALID_FIELD, "T4", "form"));
  form.set_record_count(1);
  EXPECT_THAT(fixture_.Decide(Correct(number, form), {"enterprise"}),
              Refuses(INVALID_FIELD, "B11", "record_count"));
  v1::Command by_other = Correct(number, form);
  by_other.set_actor(fixture_.licensee);
  EXPECT_THAT(fixture_.Decide(by_other, {"licensee"}),
              Refuses(NOT_ALLOWED, "T4", "actor"));
}

TEST_F(Applications, ANewDepositHasTheTimeOfTheCorrection) {
  const std::string number = InCorrection("deposit");
  fixture_.AdvanceTo(kTestStartMs + 3'600'000);
  v1::ApplicationForm form = Get(number).form();
  form.mutable_deposit()->set_root(Digest32('R'));
  EXPECT_THAT(fixture_.Decide(Correct(number, form), {"enterprise"}),
              Refuses(INVALID_FIELD, "B12", "evidence[0].time"));
}

TEST_F(Applications, GoBackToReviewWhenCorrected) {
  const std::string number = InCorrection("name");
  EXPECT_EQ(fixture_.state().due.size(), 1u);
  fixture_.AdvanceTo(kTestStartMs + 3'600'000);
  v1::ApplicationForm form = Get(number).form();
  form.set_name("供热调度用小时级用能数据集");
  fixture_.Do(Correct(number, form), {"enterprise"});
  const v1::Application& application = Get(number);
  EXPECT_EQ(application.state(), v1::UNDER_REVIEW);
  EXPECT_EQ(application.version(), 3u);
  EXPECT_EQ(application.form().name(), "供热调度用小时级用能数据集");
  EXPECT_EQ(application.applicant_time_ms(), 3'600'000);
  EXPECT_EQ(application.defects_size(), 0);
  EXPECT_FALSE(application.has_correction_deadline());
  EXPECT_TRUE(fixture_.state().due.empty());
  EXPECT_THAT(fixture_.Decide(Correct(number, form), {"enterprise"}),
              Refuses(RULE_REFUSES, "T4", "application_no"));
}

TEST_F(Applications, AreCorrectedUntilTheLastMillisecondOfTheDueDay) {
  const std::string number = InCorrection("name");
  const int64_t due_ms = EndOfDayMs({2024, 7, 4});
  EXPECT_THAT(fixture_.Decide(Close(number), {"clock"}),
              Refuses(RULE_REFUSES, "T5", "application_no"));
  fixture_.AdvanceTo(due_ms);
  v1::ApplicationForm form = Get(number).form();
  form.set_name("供热调度用小时级用能数据集");
  EXPECT_THAT(fixture_.Decide(Correct(number, form), {"enterprise"}), Allows());
  EXPECT_THAT(fixture_.Decide(Close(number), {"clock"}),
              Refuses(RULE_REFUSES, "T5", "application_no"));
  EXPECT_EQ(NextDue(fixture_.state(), due_ms), std::nullopt);
  fixture_.AdvanceTo(due_ms + 1);
  EXPECT_EQ(NextDue(fixture_.state(), due_ms + 1)->key, number);
  EXPECT_THAT(fixture_.Decide(Correct(number, form), {"enterprise"}),
              Refuses(RULE_REFUSES, "T4", "application_no"));
  EXPECT_THAT(fixture_.Decide(Close(number), {"root"}),
              Refuses(BAD_SIGNATURE, "SIGNER", "signatures"));
}

// Whoever acts first after the due instant, it is the clock.
TEST_F(Applications, ThatAreOverdueAreClosedBeforeAnythingElse) {
  const std::string other = fixture_.Submit("R-2");
  const std::string number = InCorrection("name");
  fixture_.AdvanceTo(EndOfDayMs({2024, 7, 4}) + 1);
  EXPECT_THAT(fixture_.Decide(Withdraw(number), {"enterprise"}),
              Refuses(RULE_REFUSES, "CLOCK", "actor"));
  EXPECT_THAT(
      fixture_.Decide(fixture_.NoticeCommand(other), {kExaminer, kApprover}),
      Refuses(RULE_REFUSES, "CLOCK", "actor"));
  fixture_.Do(Close(number), {"clock"});
  EXPECT_THAT(
      fixture_.Decide(fixture_.NoticeCommand(other), {kExaminer, kApprover}),
      Allows());
}

TEST_F(Applications, AreDeemedWithdrawnFromTheDueInstant) {
  const std::string number = InCorrection("name");
  fixture_.AdvanceTo(EndOfDayMs({2024, 8, 1}));
  const Events events = fixture_.Do(Close(number), {"clock"});
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(ToUnixMs(events[0].deemed_withdrawn().effective_at()),
            EndOfDayMs({2024, 7, 4}));
  EXPECT_EQ(Get(number).state(), v1::DEEMED_WITHDRAWN);
  EXPECT_EQ(Get(number).applicant_time_ms(),
            EndOfDayMs({2024, 7, 4}) - kTestStartMs);
  EXPECT_TRUE(fixture_.state().due.empty());
}

TEST_F(Applications, AreWithdrawnInAnyStateThatIsNotFinal) {
  const std::string number = InCorrection("name");
  v1::Command by_other = Withdraw(number);
  by_other.set_actor(fixture_.licensee);
  EXPECT_THAT(fixture_.Decide(by_other, {"licensee"}),
              Refuses(NOT_ALLOWED, "T8", "actor"));
  v1::Command talkative = Withdraw(number);
  talkative.mutable_withdraw_application()->set_reason(std::string(501, 'x'));
  EXPECT_THAT(fixture_.Decide(talkative, {"enterprise"}),
              Refuses(INVALID_FIELD, "REASON", "withdraw_application.reason"));
  fixture_.Do(Withdraw(number), {"enterprise"});
  EXPECT_EQ(Get(number).state(), v1::WITHDRAWN);
  EXPECT_TRUE(fixture_.state().due.empty());
  EXPECT_THAT(fixture_.Decide(Withdraw(number), {"enterprise"}),
              Refuses(RULE_REFUSES, "T8", "application_no"));

  const std::string in_notice = fixture_.Submit("R-2");
  fixture_.Do(fixture_.NoticeCommand(in_notice), {kExaminer, kApprover});
  EXPECT_THAT(fixture_.Decide(Withdraw(in_notice), {"enterprise"}), Allows());
}

}  // namespace
}  // namespace dataip::registry
