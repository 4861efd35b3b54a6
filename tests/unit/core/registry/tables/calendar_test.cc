#include "core/registry/tables/calendar.h"

#include "dataip/registry/v1/common.pb.h"
#include "gtest/gtest.h"
#include "tests/support/registry_fixture.h"
#include "tests/support/status_matchers.h"

namespace dataip::registry {
namespace {

using ::dataip::testing::ReadSourceFile;
using ::dataip::testing::StatusIs;

Calendar Loaded() {
  auto calendar =
      Calendar::Parse(ReadSourceFile("deploy/tables/calendar_cn.csv"));
  EXPECT_OK(calendar);
  return *std::move(calendar);
}

v1::Deadline Due(const std::string& start, uint32_t days) {
  return MakeDeadline("publicity", *ParseDate(start), days, Loaded());
}

TEST(CalendarParse, RefusesBadRows) {
  for (const char* csv :
       {"", "date,kind\n2024-01-01,off\n", "date,kind,name\n",
        "date,kind,name\n2024-02-30,off,x\n",
        "date,kind,name\n2024-01-01,free,x\n",
        "date,kind,name\n2024-01-01,off,x\n2024-01-01,work,x\n"}) {
    EXPECT_THAT(Calendar::Parse(csv),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << csv;
  }
}

// Check values of the field, computed from the State Council notices.
TEST(MakeDeadline, GivesTheCheckValues) {
  struct Case {
    const char* start;
    uint32_t days;
    const char* due;
  };
  for (const Case& c : {Case{"2024-06-20", 10, "2024-07-04"},
                        Case{"2024-09-27", 10, "2024-10-16"},
                        Case{"2025-01-20", 10, "2025-02-08"},
                        Case{"2025-09-26", 5, "2025-10-10"},
                        Case{"2026-02-06", 10, "2026-02-27"},
                        Case{"2026-02-13", 5, "2026-02-27"},
                        Case{"2026-09-18", 10, "2026-10-09"},
                        Case{"2026-09-30", 5, "2026-10-13"}}) {
    const v1::Deadline deadline = Due(c.start, c.days);
    EXPECT_EQ(deadline.due_date(), c.due) << c.start;
    EXPECT_FALSE(deadline.provisional()) << c.start;
    EXPECT_EQ(deadline.start_date(), c.start);
    EXPECT_EQ(deadline.working_days(), c.days);
    EXPECT_EQ(deadline.rule(), "publicity");
  }
}

TEST(WorkingDaysBetween, IsWhatMakesTheDeadline) {
  const auto between = [](const char* after, const char* last) {
    return WorkingDaysBetween(*ParseDate(after), *ParseDate(last), Loaded());
  };
  EXPECT_EQ(between("2024-06-20", "2024-07-04"), 10u);
  EXPECT_EQ(between("2024-09-27", "2024-10-16"), 10u);
  EXPECT_EQ(between("2026-02-06", "2026-02-27"), 10u);
  EXPECT_EQ(between("2024-07-04", "2024-07-04"), 0u);
  EXPECT_EQ(between("2024-07-05", "2024-07-04"), 0u);
  // A make-up Saturday.
  EXPECT_EQ(between("2024-10-11", "2024-10-12"), 1u);
}

TEST(MakeDeadline, IsProvisionalInAYearWithoutCalendar) {
  const v1::Deadline deadline = Due("2026-12-25", 5);
  EXPECT_TRUE(deadline.provisional());
  // 1 January is off by law, 2 and 3 are a weekend.
  EXPECT_EQ(deadline.due_date(), "2027-01-04");
  EXPECT_FALSE(Due("2026-12-25", 4).provisional());
}

TEST(MakeDeadline, KnowsTheFixedDaysOfAnyYear) {
  EXPECT_EQ(Due("2027-04-30", 1).due_date(), "2027-05-03");
  EXPECT_EQ(Due("2027-09-30", 1).due_date(), "2027-10-04");
}

TEST(IsWorkingDay, CountsTheDaysOfEachYear) {
  const Calendar calendar = Loaded();
  const std::pair<int, int> kYears[] = {
      {2023, 249}, {2024, 251}, {2025, 248}, {2026, 248}};
  for (const auto& [year, expected] : kYears) {
    int days = 0;
    for (CivilDate date{year, 1, 1}; date.year == year;
         date = AddDays(date, 1)) {
      days += calendar.IsWorkingDay(date) ? 1 : 0;
    }
    EXPECT_EQ(days, expected) << year;
    EXPECT_TRUE(calendar.Covers(year));
  }
  EXPECT_FALSE(calendar.Covers(2022));
  EXPECT_FALSE(calendar.Covers(2027));
}

TEST(DueInstantMs, IsTheLastMillisecondInShanghai) {
  EXPECT_EQ(DueInstantMs(Due("2024-06-20", 10)), 1'720'108'799'999);
}

TEST(DueInstantMs, IsZeroWithoutADate) {
  EXPECT_EQ(DueInstantMs(v1::Deadline()), 0);
}

TEST(ExplainDeadline, SaysNothingOfNoDeadline) {
  EXPECT_EQ(ExplainDeadline(v1::Deadline(), Loaded()), "");
}

TEST(ExplainDeadline, NationalDay2024) {
  EXPECT_EQ(ExplainDeadline(Due("2024-09-27", 10), Loaded()),
            "自2024-09-27起算(当日不计入)，共10个工作日；"
            "计入2024-09-29至2024-09-30(2天，其中2024-09-29为调休上班日)、"
            "2024-10-08至2024-10-12(5天，其中2024-10-12为调休上班日)、"
            "2024-10-14至2024-10-16(3天)；"
            "跳过2024-09-28(周末)、2024-10-01至2024-10-07(国庆节)、"
            "2024-10-13(周末)；"
            "截止日为2024-10-16，至当日23:59:59(北京时间)届满。");
}

TEST(ExplainDeadline, SpringFestival2025) {
  EXPECT_EQ(ExplainDeadline(Due("2025-01-20", 10), Loaded()),
            "自2025-01-20起算(当日不计入)，共10个工作日；"
            "计入2025-01-21至2025-01-24(4天)、"
            "2025-01-26至2025-01-27(2天，其中2025-01-26为调休上班日)、"
            "2025-02-05至2025-02-08(4天，其中2025-02-08为调休上班日)；"
            "跳过2025-01-25(周末)、2025-01-28至2025-02-04(春节)；"
            "截止日为2025-02-08，至当日23:59:59(北京时间)届满。");
}

TEST(ExplainDeadline, SpringFestival2026) {
  EXPECT_EQ(ExplainDeadline(Due("2026-02-06", 10), Loaded()),
            "自2026-02-06起算(当日不计入)，共10个工作日；"
            "计入2026-02-09至2026-02-14(6天，其中2026-02-14为调休上班日)、"
            "2026-02-24至2026-02-27(4天)；"
            "跳过2026-02-07至2026-02-08(周末)、2026-02-15至2026-02-23(春节)；"
            "截止日为2026-02-27，至当日23:59:59(北京时间)届满。");
}

TEST(ExplainDeadline, SaysThatItIsProvisional) {
  const std::string text = ExplainDeadline(Due("2026-12-25", 5), Loaded());
  EXPECT_NE(text.find("2027-01-01(元旦)"), std::string::npos) << text;
  EXPECT_NE(text.find("2027年放假安排尚未载入，本期限为暂定；载入后不会缩短。"),
            std::string::npos)
      << text;
}

}  // namespace
}  // namespace dataip::registry
