// Proceedings elsewhere: T13b.
#include <memory>
#include <string>
#include <utility>

#include "core/registry/decide.h"
#include "core/registry/state/due.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/core/registry/matchers.h"
#include "tests/unit/core/registry/objection/objection_fixture.h"

namespace dataip::registry {
namespace {

using namespace ::dataip::rpc::v1;  // NOLINT: the reasons
using ::dataip::testing::Allows;
using ::dataip::testing::kApprover;
using ::dataip::testing::kExaminer;
using ::dataip::testing::ReadSourceFile;
using ::dataip::testing::Refuses;

class Suspension : public ::dataip::testing::ObjectionTest {
 protected:
  const ::dataip::testing::RegistryFixture::Signers officers_ = {kExaminer,
                                                                 kApprover};
};

TEST_F(Suspension, TakesTwoOfficersAndProof) {
  EXPECT_THAT(fixture_.Decide(Suspend(), {kExaminer}),
              Refuses(NOT_ALLOWED, "TWO_OFFICERS", "actor"));
  const auto refused = [&](void (*spoil)(v1::Proceedings&),
                           const std::string& rule, const std::string& field) {
    v1::Command command = Suspend();
    spoil(*command.mutable_suspend_application()->mutable_proceedings());
    EXPECT_THAT(fixture_.Decide(command, officers_),
                Refuses(INVALID_FIELD, rule, field));
  };
  refused([](v1::Proceedings& p) { p.clear_kind(); }, "T13B",
          "proceedings.kind");
  refused([](v1::Proceedings& p) { p.set_authority("院"); }, "T13B",
          "proceedings.authority");
  refused([](v1::Proceedings& p) { p.clear_case_number(); }, "T13B",
          "proceedings.case_number");
  refused([](v1::Proceedings& p) { p.set_date("2024-06-21"); }, "T13B",
          "proceedings.date");
  refused([](v1::Proceedings& p) { p.set_date("20240620"); }, "T13B",
          "proceedings.date");
  v1::Command command = Suspend();
  command.mutable_suspend_application()
      ->mutable_proceedings()
      ->clear_document();
  EXPECT_THAT(fixture_.Decide(command, officers_), ::testing::Not(Allows()));
  EXPECT_THAT(fixture_.Decide(Suspend(), officers_), Allows());
}

TEST_F(Suspension, ActsInItsStatesOnly) {
  v1::Application& application = fixture_.state().applications[application_no_];
  for (const auto state :
       {v1::UNDER_REVIEW, v1::CORRECTION_REQUIRED, v1::PUBLICITY, v1::WITHDRAWN,
        v1::REFUSED, v1::REGISTERED, v1::DEEMED_WITHDRAWN,
        v1::OBJECTION_PENDING, v1::SUSPENDED}) {
    application.set_state(state);
    const Decision suspended = fixture_.Decide(Suspend(), officers_);
    if (state == v1::PUBLICITY || state == v1::OBJECTION_PENDING) {
      EXPECT_THAT(suspended, Allows());
    } else {
      EXPECT_THAT(suspended, Refuses(RULE_REFUSES, "T13B", "application_no"));
    }
    const Decision resumed = fixture_.Decide(Resume(), officers_);
    if (state == v1::SUSPENDED) {
      EXPECT_THAT(resumed, Allows());
    } else {
      EXPECT_THAT(resumed, Refuses(RULE_REFUSES, "T13B", "application_no"));
    }
  }
}

TEST_F(Suspension, StopsTheNoticeThatThenRunsOn) {
  GoTo("2024-07-01");
  fixture_.Do(Suspend(), officers_);
  EXPECT_EQ(Application().state(), v1::SUSPENDED);
  EXPECT_EQ(Application().remaining_notice_days(), 3u);
  EXPECT_EQ(Application().proceedings().authority(), "温州市中级人民法院");
  GoTo("2024-08-01");
  EXPECT_THAT(fixture_.Decide(FileCommand(fixture_.licensee), {"licensee"}),
              Refuses(RULE_REFUSES, "T9", "application_no"));
  EXPECT_THAT(
      fixture_.Decide(fixture_.RegisterCommand(application_no_), officers_),
      Refuses(RULE_REFUSES, "T14", "application_no"));
  EXPECT_THAT(fixture_.Decide(Resume(), {kExaminer}),
              Refuses(NOT_ALLOWED, "TWO_OFFICERS", "actor"));
  v1::Command command = Resume();
  command.mutable_resume_application()->clear_reason();
  EXPECT_THAT(fixture_.Decide(command, officers_),
              Refuses(INVALID_FIELD, "REASON", "reason"));
  fixture_.Do(Resume(), officers_);
  EXPECT_EQ(Application().state(), v1::PUBLICITY);
  EXPECT_EQ(Application().notice_deadline().due_date(), "2024-08-06");
  EXPECT_FALSE(Application().has_proceedings());
  EXPECT_THAT(fixture_.Decide(FileCommand(fixture_.licensee), {"licensee"}),
              Allows());
}

TEST_F(Suspension, StopsTheAnswersClockToo) {
  const std::string number = Forwarded(fixture_.licensee, "licensee");
  EXPECT_EQ(Get(number).reply_deadline().due_date(), "2024-07-04");
  GoTo("2024-07-02");
  fixture_.Do(Suspend(), officers_);
  EXPECT_TRUE(fixture_.state().due.empty());
  GoTo("2024-08-01");
  EXPECT_THAT(fixture_.Decide(Answer(number), {"enterprise"}),
              Refuses(RULE_REFUSES, "T13B", "objection_no"));
  fixture_.Do(Resume(), officers_);
  EXPECT_EQ(Application().state(), v1::OBJECTION_PENDING);
  EXPECT_EQ(Application().remaining_notice_days(), 10u);
  EXPECT_EQ(Get(number).reply_deadline().due_date(), "2024-08-05");
  EXPECT_EQ(fixture_.state().due.size(), 1u);
  EXPECT_THAT(fixture_.Decide(Answer(number), {"enterprise"}), Allows());
}

TEST_F(Suspension, WithoutObjectionAtItsEndTheNoticeRunsOn) {
  const std::string number = Forwarded(fixture_.licensee, "licensee");
  fixture_.Do(Suspend(), officers_);
  EXPECT_EQ(
      fixture_.Do(Withdraw(number, fixture_.licensee), {"licensee"}).size(),
      1u);
  EXPECT_EQ(Application().state(), v1::SUSPENDED);
  GoTo("2024-06-24");
  fixture_.Do(Resume(), officers_);
  EXPECT_EQ(Application().state(), v1::PUBLICITY);
  EXPECT_EQ(Application().notice_deadline().due_date(), "2024-07-08");
  EXPECT_TRUE(fixture_.state().due.empty());
}

// The calendar with these days off too.
std::shared_ptr<const Calendar> WithDaysOff(const std::string& first,
                                            const std::string& last) {
  std::string csv = ReadSourceFile("deploy/tables/calendar_cn.csv");
  for (CivilDate day = *ParseDate(first); !(*ParseDate(last) < day);
       day = AddDays(day, 1)) {
    csv += FormatDate(day) + ",off,extra\n";
  }
  auto calendar = Calendar::Parse(csv);
  EXPECT_OK(calendar);
  return calendar.ok() ? std::make_shared<const Calendar>(*std::move(calendar))
                       : nullptr;
}

TEST_F(Suspension, ACalendarOfBetweenTakesNoDayOfTheAnswer) {
  const std::string number = Forwarded(fixture_.licensee, "licensee");
  EXPECT_EQ(Get(number).reply_deadline().due_date(), "2024-07-04");
  const auto loaded = fixture_.state().calendar;
  fixture_.state().calendar = WithDaysOff("2024-06-21", "2024-07-04");
  ASSERT_NE(fixture_.state().calendar, nullptr);
  fixture_.Do(Suspend(), officers_);
  EXPECT_EQ(Get(number).reply_deadline().working_days(), 10u);
  fixture_.state().calendar = loaded;
  fixture_.Do(Resume(), officers_);
  EXPECT_EQ(Get(number).reply_deadline().working_days(), 10u);
  EXPECT_EQ(Get(number).reply_deadline().due_date(), "2024-07-04");
}

TEST_F(Suspension, ACalendarOfBetweenTakesNoDayOfTheNotice) {
  const auto loaded = fixture_.state().calendar;
  fixture_.state().calendar = WithDaysOff("2024-06-21", "2024-07-04");
  ASSERT_NE(fixture_.state().calendar, nullptr);
  const std::string number = Accepted(fixture_.licensee, "licensee");
  EXPECT_EQ(Application().remaining_notice_days(), 10u);
  fixture_.state().calendar = loaded;
  GoTo("2024-07-04");
  fixture_.Do(Withdraw(number, fixture_.licensee), {"licensee"});
  EXPECT_EQ(Application().state(), v1::PUBLICITY);
  EXPECT_EQ(Application().notice_deadline().due_date(), "2024-07-18");
}

std::shared_ptr<const Calendar> WithWeekendsWorked() {
  auto calendar =
      Calendar::Parse(ReadSourceFile("deploy/tables/calendar_cn.csv") +
                      "2024-06-22,work,extra\n2024-06-23,work,extra\n"
                      "2024-06-29,work,extra\n2024-06-30,work,extra\n");
  EXPECT_OK(calendar);
  return calendar.ok() ? std::make_shared<const Calendar>(*std::move(calendar))
                       : nullptr;
}

TEST_F(Suspension, AnAnswerIsNeverDueSoonerAfterIt) {
  const std::string number = Forwarded(fixture_.licensee, "licensee");
  EXPECT_EQ(Get(number).reply_deadline().due_date(), "2024-07-04");
  fixture_.Do(Suspend(), officers_);
  fixture_.state().calendar = WithWeekendsWorked();
  ASSERT_NE(fixture_.state().calendar, nullptr);
  fixture_.Do(Resume(), officers_);
  EXPECT_EQ(Get(number).reply_deadline().due_date(), "2024-07-04");
}

// Days that were worked at first and off later, and the other way round.
TEST_F(Suspension, ANoticeThatRunsOnNeverEndsBeforeItsOldDay) {
  GoTo("2024-06-24");
  const std::string number = Accepted(fixture_.licensee, "licensee");
  EXPECT_EQ(Application().remaining_notice_days(), 8u);
  fixture_.state().calendar = WithWeekendsWorked();
  ASSERT_NE(fixture_.state().calendar, nullptr);
  fixture_.Do(Withdraw(number, fixture_.licensee), {"licensee"});
  const v1::Deadline& deadline = Application().notice_deadline();
  EXPECT_EQ(deadline.due_date(), "2024-07-04");
  EXPECT_EQ(deadline.start_date(), "2024-06-24");
  EXPECT_EQ(deadline.working_days(), 8u);
}

TEST_F(Suspension, EndsWithTheApplication) {
  fixture_.Do(Suspend(), officers_);
  fixture_.Do(WithdrawApplication(), {"enterprise"});
  EXPECT_EQ(Application().state(), v1::WITHDRAWN);
  EXPECT_FALSE(Application().has_proceedings());
  EXPECT_EQ(Application().remaining_notice_days(), 0u);
}

}  // namespace
}  // namespace dataip::registry
