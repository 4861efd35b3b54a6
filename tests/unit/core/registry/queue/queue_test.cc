// Queues, lights, certificates that end soon, and whose time a case takes.
#include "core/registry/queue/queue.h"

#include <string>

#include "core/registry/state/time_spent.h"
#include "core/registry/tables/calendar.h"
#include "core/registry/values/civil_date.h"
#include "gtest/gtest.h"
#include "tests/support/registry_fixture.h"

namespace dataip::registry {
namespace {

using ::dataip::testing::kApprover;
using ::dataip::testing::kExaminer;
using ::dataip::testing::kTestStartMs;
using ::dataip::testing::RegistryFixture;

constexpr int64_t kHourMs = 3'600'000;

class Queues : public ::testing::Test {
 protected:
  const v1::Application& Get(const std::string& number) {
    return *FindApplication(fixture_.state(), number);
  }

  void SetReviewDue(const std::string& number, const std::string& due_date) {
    fixture_.state()
        .applications.at(number)
        .mutable_review_deadline()
        ->set_due_date(due_date);
  }

  std::vector<QueueLine> Officers(const CivilDate& day) {
    return OfficerQueue(fixture_.state(), StartOfDayMs(day) + 9 * kHourMs);
  }

  v1::Command Withdrawal(const std::string& number) {
    v1::Command command =
        fixture_.NewCommand(fixture_.enterprise, Get(number).version());
    command.mutable_withdraw_application()->set_application_no(number);
    return command;
  }

  RegistryFixture fixture_ = RegistryFixture::Ready();
};

TEST_F(Queues, CountWorkingDaysBothWays) {
  const Calendar& calendar = *fixture_.state().calendar;
  EXPECT_EQ(WorkingDaysLeft({2024, 6, 20}, {2024, 6, 20}, calendar), 0);
  EXPECT_EQ(WorkingDaysLeft({2024, 6, 20}, {2024, 7, 4}, calendar), 10);
  EXPECT_EQ(WorkingDaysLeft({2024, 7, 4}, {2024, 6, 20}, calendar), -10);
  // Over the National Day with its make-up days.
  EXPECT_EQ(WorkingDaysLeft({2024, 9, 27}, {2024, 10, 16}, calendar), 10);
  EXPECT_EQ(WorkingDaysLeft({2024, 6, 21}, {2024, 6, 23}, calendar), 0);
}

TEST_F(Queues, OfOfficersLeaveOutWhatWaitsForOthers) {
  const std::string corrected = fixture_.Submit("R-1");
  fixture_.Do(fixture_.CorrectionCommand(corrected, "name"), {kExaminer});
  const std::string noticed = fixture_.Submit("R-2");
  fixture_.Do(fixture_.NoticeCommand(noticed), {kExaminer, kApprover});
  const std::string withdrawn = fixture_.Submit("R-3");
  fixture_.Do(Withdrawal(withdrawn), {"enterprise"});
  EXPECT_TRUE(Officers({2024, 6, 20}).empty());
  const auto lines = Officers({2024, 7, 5});
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].case_no, noticed);
  EXPECT_EQ(lines[0].step, Step::kRegister);
}

TEST_F(Queues, OfOfficersShowTheDeadlineInColours) {
  const std::string number = fixture_.Submit("R-1");
  SetReviewDue(number, "2024-07-04");
  struct Seen {
    CivilDate day;
    int left;
    Light light;
  };
  for (const Seen& seen : {Seen{{2024, 6, 28}, 4, Light::kGreen},
                           Seen{{2024, 6, 30}, 4, Light::kGreen},
                           Seen{{2024, 7, 1}, 3, Light::kYellow},
                           Seen{{2024, 7, 4}, 0, Light::kYellow},
                           Seen{{2024, 7, 5}, -1, Light::kRed}}) {
    const auto lines = Officers(seen.day);
    ASSERT_EQ(lines.size(), 1u);
    EXPECT_EQ(lines[0].until.due_date, "2024-07-04");
    EXPECT_EQ(lines[0].until.working_days_left, seen.left);
    EXPECT_EQ(lines[0].until.light, seen.light) << FormatDate(seen.day);
  }
}

TEST_F(Queues, OfOfficersGoByDueDay) {
  const std::string late = fixture_.Submit("R-1");
  const std::string none = fixture_.Submit("R-2");
  const std::string soon = fixture_.Submit("R-3");
  SetReviewDue(late, "2024-07-10");
  SetReviewDue(none, "");
  SetReviewDue(soon, "2024-07-01");
  const auto lines = Officers({2024, 6, 20});
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0].case_no, soon);
  EXPECT_EQ(lines[1].case_no, late);
  EXPECT_EQ(lines[2].case_no, none);
  EXPECT_EQ(lines[2].until.light, Light::kNone);
}

TEST_F(Queues, OfOfficersSayWhoHasTakenItUp) {
  const std::string number = fixture_.Submit("R-1");
  v1::Command claim = fixture_.NewCommand(kApprover, Get(number).version());
  claim.mutable_claim_application()->set_application_no(number);
  fixture_.Do(claim, {kApprover});
  EXPECT_EQ(Officers({2024, 6, 20})[0].claimed_by, kApprover);
}

TEST_F(Queues, OfApplicantsSayWhatIsExpectedOfWhom) {
  const std::string reviewed = fixture_.Submit("R-1");
  const std::string corrected = fixture_.Submit("R-2");
  fixture_.Do(fixture_.CorrectionCommand(corrected, "name"), {kExaminer});
  const auto lines =
      ExpectedOf(fixture_.state(), fixture_.enterprise, kTestStartMs);
  ASSERT_EQ(lines.size(), 2u);
  for (const QueueLine& line : lines) {
    const bool mine = line.case_no == corrected;
    EXPECT_EQ(line.step, mine ? Step::kCorrect : Step::kReview);
    EXPECT_EQ(AwaitedFor(line.step),
              mine ? Awaited::kParties : Awaited::kRegistry);
    EXPECT_EQ(line.parties.size(), mine ? 1u : 0u);
    if (mine) {
      EXPECT_EQ(line.until.due_date, "2024-07-04");
    }
  }
  EXPECT_TRUE(
      ExpectedOf(fixture_.state(), fixture_.licensee, kTestStartMs).empty());
}

TEST_F(Queues, OfCertificatesBeginWithTheWindow) {
  const std::string number = fixture_.Register("R-1");
  const State& state = fixture_.state();
  ASSERT_EQ(FindCertificate(state, number)->content().valid_to(), "2027-07-04");
  EXPECT_TRUE(ExpiringCertificates(state, "", {2027, 1, 3}).empty());
  const auto lines = ExpiringCertificates(state, "", {2027, 1, 4});
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].number, number);
  EXPECT_EQ(lines[0].renewable_from, (CivilDate{2027, 1, 4}));
  EXPECT_EQ(lines[0].days_left, 181);
  EXPECT_EQ(ExpiringCertificates(state, fixture_.enterprise, {2027, 7, 4})[0]
                .days_left,
            0);
  EXPECT_TRUE(
      ExpiringCertificates(state, fixture_.licensee, {2027, 7, 4}).empty());
  EXPECT_TRUE(ExpiringCertificates(state, "", {2027, 7, 5}).empty());
}

TEST_F(Queues, LookAtOpenCasesOnly) {
  const State& state = fixture_.state();
  const std::string number = fixture_.Register("R-1");
  EXPECT_TRUE(state.open_applications.empty());
  EXPECT_TRUE(state.open_applications_of.empty());
  const std::string withdrawn = fixture_.Submit("R-2");
  EXPECT_EQ(state.open_applications.count(withdrawn), 1u);
  v1::Command command = fixture_.NewCommand(fixture_.enterprise, 1);
  command.mutable_withdraw_application()->set_application_no(withdrawn);
  fixture_.Do(command, {"enterprise"});
  EXPECT_TRUE(state.open_applications.empty());
  EXPECT_TRUE(state.open_applications_of.empty());
  EXPECT_EQ(state.withdrawn_at_ms.count(withdrawn), 1u);
  fixture_.AdvanceTo(StartOfDayMs({2027, 2, 1}));
  command = fixture_.NewCommand(
      fixture_.enterprise, FindCertificate(state, number)->status().version());
  command.mutable_file_request()->set_certificate_number(number);
  command.mutable_file_request()
      ->mutable_body()
      ->mutable_renewal()
      ->set_statement_of_use("三年间持续用于供热调度并对外许可使用");
  const Events events = fixture_.Do(command, {"enterprise"});
  ASSERT_FALSE(events.empty());
  EXPECT_EQ(state.open_requests.size(), 1u);
  // Its expiry waits, but it is still one that ends soon.
  EXPECT_EQ(ExpiringCertificates(state, "", {2027, 2, 1}).size(), 1u);
  // Past its end too, as long as the renewal keeps it.
  const auto waiting = ExpiringCertificates(state, "", {2027, 7, 14});
  ASSERT_EQ(waiting.size(), 1u);
  EXPECT_EQ(waiting[0].days_left, -10);
  EXPECT_EQ(ExpectedOf(state, fixture_.enterprise, fixture_.now_ms()).size(),
            1u);
  command = fixture_.NewCommand(fixture_.enterprise, 1);
  command.mutable_withdraw_request()->set_request_no(
      events[0].request_filed().request().request_no());
  fixture_.Do(command, {"enterprise"});
  EXPECT_TRUE(state.open_requests.empty());
}

TEST_F(Queues, EveryStepHasNames) {
  for (int i = 0; i <= static_cast<int>(Step::kConfirmLicence); ++i) {
    const Step step = static_cast<Step>(i);
    EXPECT_STRNE(NameZh(step), "");
    EXPECT_STRNE(NameEn(step), "");
  }
}

class TimeOfACase : public Queues {};

TEST_F(TimeOfACase, WaitsOnlyUntilTheNoticeIsOver) {
  const std::string number = fixture_.Submit("R-1");
  fixture_.AdvanceTo(kTestStartMs + kHourMs);
  fixture_.Do(fixture_.NoticeCommand(number), {kExaminer, kApprover});
  const int64_t over_ms = DueInstantMs(Get(number).notice_deadline());
  const int64_t waited_ms = over_ms - (kTestStartMs + kHourMs);
  TimeSpent spent = TimeSpentOn(fixture_.state(), Get(number), over_ms - 5);
  EXPECT_EQ(spent.waiting_ms, waited_ms - 5);
  EXPECT_EQ(spent.staff_ms, kHourMs);
  fixture_.AdvanceTo(over_ms + 2 * kHourMs);
  fixture_.Do(fixture_.RegisterCommand(number), {kExaminer, kApprover});
  EXPECT_EQ(Get(number).waiting_time_ms(), waited_ms);
  EXPECT_EQ(Get(number).applicant_time_ms(), 0);
  EXPECT_TRUE(fixture_.state().stretches.empty());
  // Later it is the same.
  spent = TimeSpentOn(fixture_.state(), Get(number), over_ms + 90 * kHourMs);
  EXPECT_EQ(spent.staff_ms, 3 * kHourMs);
  EXPECT_EQ(spent.waiting_ms, waited_ms);
}

TEST_F(TimeOfACase, OfACorrectionIsTheApplicants) {
  const std::string number = fixture_.Submit("R-1");
  fixture_.AdvanceTo(kTestStartMs + kHourMs);
  fixture_.Do(fixture_.CorrectionCommand(number, "name"), {kExaminer});
  TimeSpent spent =
      TimeSpentOn(fixture_.state(), Get(number), kTestStartMs + 4 * kHourMs);
  EXPECT_EQ(spent.staff_ms, kHourMs);
  EXPECT_EQ(spent.applicant_ms, 3 * kHourMs);
  fixture_.AdvanceTo(kTestStartMs + 5 * kHourMs);
  fixture_.Do(Withdrawal(number), {"enterprise"});
  spent = TimeSpentOn(fixture_.state(), Get(number), kTestStartMs);
  EXPECT_EQ(spent.staff_ms, kHourMs);
  EXPECT_EQ(spent.applicant_ms, 4 * kHourMs);
  EXPECT_EQ(spent.waiting_ms, 0);
}

TEST_F(TimeOfACase, WithdrawnInItsNoticeKeepsWhatItWaited) {
  const std::string number = fixture_.Submit("R-1");
  fixture_.Do(fixture_.NoticeCommand(number), {kExaminer, kApprover});
  fixture_.AdvanceTo(kTestStartMs + 2 * kHourMs);
  fixture_.Do(Withdrawal(number), {"enterprise"});
  EXPECT_EQ(Get(number).waiting_time_ms(), 2 * kHourMs);
  EXPECT_TRUE(fixture_.state().stretches.empty());
}

TEST_F(Queues, OfAgentsHaveTheCasesOfTheirPrincipalsWithinTheirPowers) {
  const std::string first = fixture_.Submit("R-1");
  const std::string second = fixture_.Submit("R-2");
  const auto numbers = [&](int64_t now_ms) {
    std::vector<std::string> found;
    for (const QueueLine& line :
         ExpectedOf(fixture_.state(), fixture_.licensee, now_ms)) {
      found.push_back(line.object_no);
    }
    return found;
  };
  const auto empower = [&](v1::AttorneyAct act, const std::string& object) {
    v1::Command command = fixture_.NewCommand(fixture_.enterprise, 0);
    v1::GrantAttorney& body = *command.mutable_grant_attorney();
    body.set_agent(fixture_.licensee);
    body.add_acts(act);
    body.set_valid_from("2024-06-20");
    body.set_valid_to("2024-07-19");
    if (!object.empty()) body.add_objects(object);
    fixture_.Do(command, {"enterprise"});
  };
  empower(v1::ACT_CERTIFICATE, "");
  EXPECT_TRUE(numbers(kTestStartMs).empty()) << "a power for other things";
  empower(v1::ACT_CORRECT, second);
  EXPECT_EQ(numbers(kTestStartMs), std::vector<std::string>{second});
  empower(v1::ACT_ANSWER, "");
  EXPECT_EQ(numbers(kTestStartMs), (std::vector<std::string>{first, second}));
  EXPECT_EQ(numbers(EndOfDayMs({2024, 7, 19})).size(), 2u);
  EXPECT_TRUE(numbers(StartOfDayMs({2024, 7, 20})).empty());
  EXPECT_EQ(
      ExpectedOf(fixture_.state(), fixture_.enterprise, kTestStartMs).size(),
      2u);
}

TEST_F(Queues, OfADraftNameThoseWhoAreToSignNext) {
  v1::ApplicationForm form = fixture_.GoodForm("R-1");
  form.add_applicants()->set_party_number(fixture_.person);
  v1::Command command = fixture_.NewCommand(fixture_.enterprise, 0);
  *command.mutable_prepare_application()->mutable_form() = form;
  const auto events = fixture_.Do(command, {"enterprise"});
  ASSERT_FALSE(events.empty());
  const v1::Draft& draft = events[0].application_prepared().draft();
  const auto awaited = [&] {
    return ExpectedOf(fixture_.state(), fixture_.enterprise, fixture_.now_ms())
        .front()
        .parties;
  };
  EXPECT_EQ(awaited(), std::vector<std::string>{fixture_.person});
  v1::Command sign = fixture_.NewCommand(fixture_.person, draft.version());
  sign.mutable_cosign_application()->set_draft_no(draft.draft_no());
  sign.mutable_cosign_application()->set_form_sha256(draft.form_sha256());
  fixture_.Do(sign, {"person"});
  EXPECT_EQ(awaited(), std::vector<std::string>{fixture_.enterprise});
}

}  // namespace
}  // namespace dataip::registry
