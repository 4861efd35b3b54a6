// Deadlines that follow the state of a case, and a calendar that comes late.
#include "core/registry/state/deadlines.h"

#include "absl/strings/str_cat.h"
#include "core/registry/decide.h"
#include "core/registry/tables/calendar.h"
#include "core/registry/values/civil_date.h"
#include "gtest/gtest.h"
#include "tests/support/registry_fixture.h"
#include "tests/unit/core/registry/matchers.h"

namespace dataip::registry {
namespace {

using ::dataip::testing::kApprover;
using ::dataip::testing::kExaminer;
using ::dataip::testing::ReadSourceFile;
using ::dataip::testing::RegistryFixture;

std::string CalendarWith(const std::string& rows) {
  return ReadSourceFile("deploy/tables/calendar_cn.csv") + rows;
}

Calendar Parsed(const std::string& csv) { return *Calendar::Parse(csv); }

Events LoadCalendar(RegistryFixture& fixture, const std::string& rows) {
  v1::Command command = fixture.NewCommand(
      "root", fixture.state().tables.find(kCalendarTable)->second.version);
  command.mutable_load_table()->set_name(kCalendarTable);
  command.mutable_load_table()->set_content(CalendarWith(rows));
  return fixture.Do(command, {"root"});
}

void AdvanceToDay(RegistryFixture& fixture, const char* day) {
  fixture.AdvanceTo(StartOfDayMs(*ParseDate(day)) + 3'600'000);
}

const v1::Application& Find(const RegistryFixture& fixture,
                            const std::string& number) {
  return *FindApplication(fixture.state(), number);
}

TEST(MakeMonthsDeadline, GoesToTheCorrespondingDay) {
  const Calendar calendar = Parsed(CalendarWith(""));
  struct Case {
    const char* start;
    uint32_t months;
    const char* due;
    bool provisional;
  };
  for (const Case& c : {Case{"2024-01-15", 1, "2024-02-18", false},
                        Case{"2024-01-31", 3, "2024-04-30", false},
                        Case{"2024-07-01", 3, "2024-10-08", false},
                        Case{"2025-11-30", 3, "2026-02-28", false},
                        Case{"2026-08-31", 6, "2027-03-01", true},
                        Case{"2026-12-20", 0, "2026-12-21", false}}) {
    const v1::Deadline deadline = MakeMonthsDeadline(
        "review.total", *ParseDate(c.start), c.months, calendar);
    EXPECT_EQ(deadline.due_date(), c.due) << c.start;
    EXPECT_EQ(deadline.provisional(), c.provisional) << c.start;
    EXPECT_EQ(deadline.months(), c.months);
    EXPECT_EQ(deadline.working_days(), 0u);
  }
}

TEST(MakeMonthsDeadline, ExplainsItself) {
  const Calendar calendar = Parsed(CalendarWith(""));
  EXPECT_EQ(
      ExplainDeadline(MakeMonthsDeadline("review.total",
                                         *ParseDate("2024-07-01"), 3, calendar),
                      calendar),
      "自2024-07-01起算(当日不计入)，共3个月；对应日为2024-10-01；"
      "跳过2024-10-01至2024-10-07(国庆节)；"
      "截止日为2024-10-08，至当日23:59:59(北京时间)届满。");
}

// The trap: 2026-12-25 and five working days reach 2027, whose 1 January is a
// holiday though no calendar says so yet.
TEST(Recomputed, IsNeverEarlier) {
  const Calendar none = Parsed(CalendarWith(""));
  const v1::Deadline before =
      MakeDeadline(kPublicity, *ParseDate("2026-12-25"), 5, none);
  EXPECT_EQ(before.due_date(), "2027-01-04");
  EXPECT_TRUE(before.provisional());
  struct Case {
    const char* rows;
    const char* due;
  };
  for (const Case& c :
       {// As expected.
        Case{"2027-01-01,off,元旦\n", "2027-01-04"},
        // More days off: later.
        Case{"2027-01-01,off,元旦\n2027-01-04,off,元旦\n", "2027-01-05"},
        // A Sunday is made up: would be earlier, and is not.
        Case{"2027-01-01,off,元旦\n2027-01-03,work,元旦\n", "2027-01-04"},
        // Earlier, and the old due day is off: on to the next working day.
        Case{"2027-01-01,off,元旦\n2027-01-02,work,元旦\n"
             "2027-01-04,off,元旦\n",
             "2027-01-05"}}) {
    const Calendar calendar = Parsed(CalendarWith(c.rows));
    const v1::Deadline after = Recomputed(before, calendar);
    EXPECT_EQ(after.due_date(), c.due) << c.rows;
    EXPECT_FALSE(after.provisional()) << c.rows;
    EXPECT_EQ(after.start_date(), before.start_date());
    EXPECT_EQ(after.working_days(), 5u);
  }
  const Calendar made_up =
      Parsed(CalendarWith("2027-01-01,off,元旦\n2027-01-03,work,元旦\n"));
  EXPECT_NE(ExplainDeadline(Recomputed(before, made_up), made_up)
                .find("；原定期限较长，不予缩短"),
            std::string::npos);
}

v1::Command Renamed(RegistryFixture& fixture, const std::string& number,
                    const std::string& name) {
  v1::Command command =
      fixture.NewCommand(fixture.enterprise, Find(fixture, number).version());
  v1::CorrectApplication* body = command.mutable_correct_application();
  body->set_application_no(number);
  *body->mutable_form() = Find(fixture, number).form();
  body->mutable_form()->set_name(name);
  return command;
}

// The whole is the whole: two rounds of corrections do not make it longer.
TEST(ReviewDeadline, RunsOnAfterEachCorrection) {
  RegistryFixture fixture = RegistryFixture::Ready();
  const std::string number = fixture.Submit("R-1");
  const auto review = [&]() -> const v1::Deadline& {
    return Find(fixture, number).review_deadline();
  };
  // Twenty working days from 20 June end on 18 July; four are used, 21, 24,
  // 25 and 26 June.
  AdvanceToDay(fixture, "2024-06-26");
  fixture.Do(fixture.CorrectionCommand(number, "name"), {kExaminer});
  EXPECT_EQ(review().working_days(), 16u);
  EXPECT_EQ(review().due_date(), "");
  AdvanceToDay(fixture, "2024-07-08");
  fixture.Do(
      Renamed(fixture, number, "供热调度用2018年1月智能热量表用能数据集"),
      {"enterprise"});
  EXPECT_EQ(review().start_date(), "2024-07-08");
  EXPECT_EQ(review().working_days(), 16u);
  EXPECT_EQ(review().due_date(), "2024-07-30");
  // Who takes it up changes nothing.
  v1::Command claim =
      fixture.NewCommand(kExaminer, Find(fixture, number).version());
  claim.mutable_claim_application()->set_application_no(number);
  fixture.Do(claim, {kExaminer});
  EXPECT_EQ(review().due_date(), "2024-07-30");
  AdvanceToDay(fixture, "2024-07-10");
  fixture.Do(fixture.CorrectionCommand(number, "name"), {kExaminer});
  EXPECT_EQ(review().working_days(), 14u);
  AdvanceToDay(fixture, "2024-07-11");
  fixture.Do(
      Renamed(fixture, number, "供热调度用2018年2月智能热量表用能数据集"),
      {"enterprise"});
  EXPECT_EQ(review().due_date(), "2024-07-31");
  // One who asks when the time is over has a day left, not twenty.
  AdvanceToDay(fixture, "2024-08-05");
  fixture.Do(fixture.CorrectionCommand(number, "name"), {kExaminer});
  AdvanceToDay(fixture, "2024-08-06");
  fixture.Do(
      Renamed(fixture, number, "供热调度用2018年3月智能热量表用能数据集"),
      {"enterprise"});
  EXPECT_EQ(review().due_date(), "2024-08-07");
}

TEST(ReviewDeadline, FollowsTheCase) {
  RegistryFixture fixture = RegistryFixture::Ready();
  const std::string number = fixture.Submit("R-1");
  EXPECT_EQ(Find(fixture, number).review_deadline().rule(), kAcceptCheck);
  EXPECT_EQ(Find(fixture, number).review_deadline().due_date(), "2024-06-27");
  fixture.Do(fixture.CorrectionCommand(number, "name"), {kExaminer});
  // Days, and no day.
  EXPECT_EQ(Find(fixture, number).review_deadline().rule(), kReviewTotal);
  EXPECT_EQ(Find(fixture, number).review_deadline().due_date(), "");
  EXPECT_EQ(Find(fixture, number).review_deadline().working_days(), 20u);
  AdvanceToDay(fixture, "2024-06-24");
  v1::Command corrected =
      fixture.NewCommand(fixture.enterprise, Find(fixture, number).version());
  v1::CorrectApplication* body = corrected.mutable_correct_application();
  body->set_application_no(number);
  *body->mutable_form() = Find(fixture, number).form();
  body->mutable_form()->set_name("供热调度用2018年1月智能热量表用能数据集");
  fixture.Do(corrected, {"enterprise"});
  EXPECT_EQ(Find(fixture, number).review_deadline().rule(), kReviewTotal);
  EXPECT_EQ(Find(fixture, number).review_deadline().start_date(), "2024-06-24");
  EXPECT_EQ(Find(fixture, number).review_deadline().working_days(), 20u);
  EXPECT_FALSE(Find(fixture, number).has_issue_deadline());
  fixture.Do(fixture.NoticeCommand(number), {kExaminer, kApprover});
  const v1::Application& open = Find(fixture, number);
  EXPECT_FALSE(open.has_review_deadline());
  EXPECT_EQ(open.issue_deadline().rule(), kIssueAfterPublicity);
  EXPECT_EQ(open.issue_deadline().start_date(),
            open.notice_deadline().due_date());
  fixture.AdvancePastNotice(number);
  fixture.Do(fixture.RegisterCommand(number), {kExaminer, kApprover});
  EXPECT_FALSE(Find(fixture, number).has_issue_deadline());
}

TEST(DeadlinesRecomputed, StandsBesideTheCalendarOnly) {
  RegistryFixture fixture = RegistryFixture::Ready();
  fixture.Submit("R-1");
  EXPECT_TRUE(fixture.state().provisional.empty());
  EXPECT_EQ(LoadCalendar(fixture, "2027-01-01,off,元旦\n").size(), 1u);
}

TEST(DeadlinesRecomputed, MovesCorrectionsAndWhatTheClockOwes) {
  RegistryFixture fixture = RegistryFixture::Ready();
  AdvanceToDay(fixture, "2026-12-25");
  const std::string number = fixture.Submit("R-1");
  fixture.Do(fixture.CorrectionCommand(number, "name"), {kExaminer});
  EXPECT_EQ(Find(fixture, number).correction_deadline().due_date(),
            "2027-01-11");
  EXPECT_EQ(fixture.state().provisional.count(number), 1u);
  const uint64_t version = Find(fixture, number).version();

  const Events events =
      LoadCalendar(fixture, "2027-01-01,off,元旦\n2027-01-04,off,元旦\n");
  ASSERT_EQ(events.size(), 2u);
  const auto& deadlines = events[1].deadlines_recomputed().deadlines();
  ASSERT_EQ(deadlines.size(), 1);
  EXPECT_EQ(deadlines[0].object(), number);
  const v1::Deadline& after = Find(fixture, number).correction_deadline();
  EXPECT_EQ(after.due_date(), "2027-01-12");
  EXPECT_FALSE(after.provisional());
  EXPECT_EQ(fixture.state().due.count(
                {DueInstantMs(after), DueKind::kCorrection, number}),
            1u);
  EXPECT_EQ(fixture.state().due.size(), 1u);
  EXPECT_TRUE(fixture.state().provisional.empty());
  // A correction that was signed before can still be filed.
  EXPECT_EQ(Find(fixture, number).version(), version);
}

TEST(DeadlinesRecomputed, MovesTheNoticeAndTheRegistrationAfterIt) {
  RegistryFixture fixture = RegistryFixture::Ready();
  AdvanceToDay(fixture, "2026-12-25");
  const std::string number = fixture.Submit("R-1");
  fixture.Do(fixture.NoticeCommand(number), {kExaminer, kApprover});
  EXPECT_EQ(Find(fixture, number).notice_deadline().due_date(), "2027-01-11");
  EXPECT_EQ(Find(fixture, number).issue_deadline().due_date(), "2027-01-18");
  const Events events =
      LoadCalendar(fixture, "2027-01-01,off,元旦\n2027-01-04,off,元旦\n");
  ASSERT_EQ(events.size(), 2u);
  const auto& deadlines = events[1].deadlines_recomputed().deadlines();
  ASSERT_EQ(deadlines.size(), 2);
  EXPECT_EQ(deadlines[0].deadline().rule(), kIssueAfterPublicity);
  EXPECT_EQ(deadlines[1].deadline().rule(), kPublicity);
  EXPECT_EQ(Find(fixture, number).notice_deadline().due_date(), "2027-01-12");
  EXPECT_EQ(Find(fixture, number).issue_deadline().start_date(), "2027-01-12");
  EXPECT_EQ(Find(fixture, number).issue_deadline().due_date(), "2027-01-19");
  EXPECT_TRUE(fixture.state().provisional.empty());
}

TEST(DeadlinesRecomputed, MovesTheRegistrationBehindTheTimeForProceedings) {
  RegistryFixture fixture = RegistryFixture::Ready();
  AdvanceToDay(fixture, "2026-12-25");
  const std::string number = fixture.Submit("R-1");
  fixture.Do(fixture.NoticeCommand(number), {kExaminer, kApprover});
  State& state = fixture.state();
  v1::Objection& objection = state.objections["O20260000001"];
  objection.set_objection_no("O20260000001");
  objection.set_application_no(number);
  objection.set_state(v1::OBJECTION_DISMISSED);
  *objection.mutable_proceedings_deadline() = MakeDeadline(
      "objection.proceedings", CivilDate{2026, 12, 28}, 10, *state.calendar);
  state.dismissed_objections[number] = {"O20260000001"};
  state.provisional.insert("O20260000001");
  EXPECT_EQ(
      IssueStart(state, Find(fixture, number), "2027-01-11", *state.calendar),
      "2027-01-12");
  EXPECT_EQ(
      IssueStart(state, Find(fixture, number), "2027-01-20", *state.calendar),
      "2027-01-20");
  LoadCalendar(fixture, "2027-01-01,off,元旦\n2027-01-04,off,元旦\n");
  EXPECT_EQ(objection.proceedings_deadline().due_date(), "2027-01-13");
  EXPECT_EQ(Find(fixture, number).notice_deadline().due_date(), "2027-01-12");
  EXPECT_EQ(Find(fixture, number).issue_deadline().start_date(), "2027-01-13");
  EXPECT_EQ(Find(fixture, number).issue_deadline().due_date(), "2027-01-20");
  EXPECT_TRUE(state.provisional.empty());
}

TEST(DeadlinesRecomputed, MovesRepliesAndHearings) {
  RegistryFixture fixture = RegistryFixture::Ready();
  AdvanceToDay(fixture, "2026-12-25");
  const std::string number = fixture.Submit("R-1");
  State& state = fixture.state();
  state.applications[number].set_state(v1::OBJECTION_PENDING);
  v1::Objection& objection = state.objections["O20260000001"];
  objection.set_objection_no("O20260000001");
  objection.set_application_no(number);
  objection.set_state(v1::OBJECTION_FORWARDED);
  const v1::Deadline before = MakeDeadline(
      "objection.reply", CivilDate{2026, 12, 25}, 5, *state.calendar);
  *objection.mutable_reply_deadline() = before;
  state.due.insert({DueInstantMs(before), DueKind::kReply, "O20260000001"});
  v1::Revocation& revocation = state.revocations["V20260000001"];
  revocation.set_revocation_no("V20260000001");
  revocation.set_state(v1::REVOCATION_HEARING);
  *revocation.mutable_hearing_deadline() = before;
  revocation.mutable_hearing_deadline()->set_rule("revocation.hearing");
  state.provisional = {"O20260000001", "V20260000001"};

  const Events events =
      LoadCalendar(fixture, "2027-01-01,off,元旦\n2027-01-04,off,元旦\n");
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[1].deadlines_recomputed().deadlines_size(), 2);
  const v1::Deadline& reply = objection.reply_deadline();
  EXPECT_EQ(reply.due_date(), "2027-01-05");
  EXPECT_EQ(revocation.hearing_deadline().due_date(), "2027-01-05");
  ASSERT_EQ(state.due.size(), 1u);
  EXPECT_EQ(state.due.begin()->at_ms, DueInstantMs(reply));
  EXPECT_TRUE(state.provisional.empty());
}

// Suspended: nothing runs, nothing moves.
TEST(DeadlinesRecomputed, LeavesWhatStandsStill) {
  RegistryFixture fixture = RegistryFixture::Ready();
  AdvanceToDay(fixture, "2026-12-25");
  const std::string number = fixture.Submit("R-1");
  fixture.Do(fixture.NoticeCommand(number), {kExaminer, kApprover});
  fixture.state().applications[number].set_state(v1::SUSPENDED);
  EXPECT_EQ(LoadCalendar(fixture, "2027-01-01,off,元旦\n").size(), 1u);
}

}  // namespace
}  // namespace dataip::registry
