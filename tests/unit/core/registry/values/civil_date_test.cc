#include "core/registry/values/civil_date.h"

#include "google/protobuf/timestamp.pb.h"
#include "gtest/gtest.h"

namespace dataip::registry {
namespace {

TEST(ParseDate, RefusesWhatIsNoDay) {
  for (const char* text :
       {"", "2024-6-20", "2024-06-20 ", "2024/06/20", "2024-13-01",
        "2024-00-10", "2024-06-31", "2023-02-29", "1900-02-29", "0000-01-01",
        "2024-06-0a", "20240620", "+024-06-20"}) {
    EXPECT_EQ(ParseDate(text), std::nullopt) << text;
  }
}

TEST(ParseDate, TakesLeapDays) {
  EXPECT_EQ(ParseDate("2024-02-29"), (CivilDate{2024, 2, 29}));
  EXPECT_EQ(ParseDate("2000-02-29"), (CivilDate{2000, 2, 29}));
}

TEST(DayNumber, GoesThereAndBackOverFourCenturies) {
  EXPECT_EQ(DayNumber({1970, 1, 1}), 0);
  EXPECT_EQ(DayNumber({2000, 3, 1}), 11017);
  CivilDate date{1899, 12, 31};
  for (int64_t i = DayNumber(date); i < DayNumber({2301, 1, 2}); ++i) {
    ASSERT_EQ(DayNumber(date), i);
    ASSERT_EQ(DateOfDayNumber(i), date) << i;
    ASSERT_EQ(ParseDate(FormatDate(date)), date);
    date = AddDays(date, 1);
  }
}

TEST(AddYears, MakesTheLeapDayThe28th) {
  EXPECT_EQ(AddYears({2024, 2, 29}, 3), (CivilDate{2027, 2, 28}));
  EXPECT_EQ(AddYears({2024, 2, 29}, 4), (CivilDate{2028, 2, 29}));
  EXPECT_EQ(AddYears({2024, 6, 20}, 3), (CivilDate{2027, 6, 20}));
}

TEST(AddYears, StopsAtTheLastYear) {
  EXPECT_EQ(AddYears({9998, 5, 1}, 100).year, 9999);
  EXPECT_EQ(FormatDate(AddDays({9999, 12, 31}, 10)), "9999-12-31");
}

TEST(Weekday, KnowsTheFirstDayOf1970AndOf2026) {
  EXPECT_EQ(Weekday({1970, 1, 1}), 4);
  EXPECT_EQ(Weekday({2026, 1, 4}), 0);
  EXPECT_EQ(Weekday({1969, 12, 31}), 3);
}

TEST(ShanghaiDate, TurnsAtSixteenHundredUtc) {
  // 2024-12-31T15:59:59.999Z and one millisecond later.
  EXPECT_EQ(FormatDate(ShanghaiDate(1'735'660'799'999)), "2024-12-31");
  EXPECT_EQ(FormatDate(ShanghaiDate(1'735'660'800'000)), "2025-01-01");
  EXPECT_EQ(StartOfDayMs({2025, 1, 1}), 1'735'660'800'000);
  EXPECT_EQ(EndOfDayMs({2024, 12, 31}), 1'735'660'799'999);
}

TEST(ToUnixMs, RefusesTimesOutOfRange) {
  google::protobuf::Timestamp time;
  time.set_seconds(-1);
  EXPECT_EQ(ToUnixMs(time), std::nullopt);
  time.set_seconds(253'402'300'800);
  EXPECT_EQ(ToUnixMs(time), std::nullopt);
  time.set_seconds(1);
  time.set_nanos(1'000'000'000);
  EXPECT_EQ(ToUnixMs(time), std::nullopt);
  time.set_nanos(1'999'999);
  EXPECT_EQ(ToUnixMs(time), 1'001);
  EXPECT_EQ(ToUnixMs(FromUnixMs(1'718'845'200'123)), 1'718'845'200'123);
}

}  // namespace
}  // namespace dataip::registry
