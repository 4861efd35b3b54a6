#include "client/cli/deadline_view.h"

#include "gmock/gmock.h"
#include "tests/support/process.h"

namespace dataip::client {
namespace {

using registry::Calendar;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

Calendar Whole() {
  return *Calendar::Parse(
      test::ReadFile(DATAIP_SOURCE_DIR "/deploy/tables/calendar_cn.csv"));
}

std::string Spans(const std::vector<DaySpan>& spans) {
  std::string text;
  for (const DaySpan& span : spans) text += span.Text() + " ";
  return text;
}

TEST(CountDays, PartsWhatIsCountedSkippedAndMadeUp) {
  const CountedDays days = CountDays({2026, 2, 6}, {2026, 2, 27}, Whole());
  EXPECT_EQ(Spans(days.counted),
            "2026-02-09…2026-02-14 2026-02-24…2026-02-27 ");
  EXPECT_EQ(Spans(days.skipped),
            "2026-02-07…2026-02-08 2026-02-15…2026-02-23 ");
  EXPECT_EQ(Spans(days.make_up), "2026-02-14 ");
  EXPECT_EQ(days.make_up[0].reason, "调休上班");
}

TEST(CountDays, OfNoDaysIsEmpty) {
  const CountedDays days = CountDays({2026, 2, 6}, {2026, 2, 6}, Whole());
  EXPECT_TRUE(days.counted.empty());
  EXPECT_TRUE(days.skipped.empty());
}

TEST(DeadlineJson, ExplainsTheDayInBothLanguages) {
  const Calendar calendar = Whole();
  const auto deadline =
      registry::MakeDeadline("correction.window", {2026, 2, 6}, 10, calendar);
  EXPECT_THAT(
      DeadlineJson(deadline, calendar),
      AllOf(HasSubstr("\"due_date\":\"2026-02-27\""),
            HasSubstr("start 2026-02-06, 10 working days, skipped "
                      "2026-02-07…2026-02-08, 2026-02-15…2026-02-23, counted "
                      "2026-02-09…2026-02-14, 2026-02-24…2026-02-27, of them "
                      "made up for 2026-02-14 -> 2026-02-27"),
            HasSubstr("春节"), Not(HasSubstr("provisional:"))));
}

TEST(DeadlineJson, SaysThatAYearIsNotLoaded) {
  const Calendar calendar = Whole();
  const auto deadline = registry::MakeDeadline("", {2027, 12, 27}, 5, calendar);
  EXPECT_THAT(DeadlineJson(deadline, calendar),
              AllOf(HasSubstr("provisional: a year without a calendar"),
                    HasSubstr("暂定")));
}

TEST(DeadlineRecord, OfMonthsShowsTheCorrespondingDay) {
  const Calendar calendar = Whole();
  const auto deadline =
      registry::MakeMonthsDeadline("accept", {2026, 8, 25}, 1, calendar);
  const std::string text = FormatRecord(DeadlineRecord(deadline, calendar));
  // 25 September is a day off, 26 and 27 too.
  EXPECT_THAT(text, AllOf(HasSubstr("1 个月"), HasSubstr("2026-09-28"),
                          HasSubstr("2026-09-25…2026-09-27")));
}

}  // namespace
}  // namespace dataip::client
