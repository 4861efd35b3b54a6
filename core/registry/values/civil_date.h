// Days and instants: civil dates of the Gregorian calendar and their place on
// the time line in Asia/Shanghai, which here is a fixed +08:00. Own
// arithmetic, no time zone data, so that a rule decides the same everywhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>

#include "absl/strings/string_view.h"

namespace google::protobuf {
class Timestamp;
}  // namespace google::protobuf

namespace dataip::registry {

// A day of the years 1 to 9999. Orders by time.
struct CivilDate {
  int year = 1;
  int month = 1;
  int day = 1;

  friend bool operator==(const CivilDate&, const CivilDate&) = default;
  friend bool operator<(const CivilDate& a, const CivilDate& b) {
    return std::tie(a.year, a.month, a.day) < std::tie(b.year, b.month, b.day);
  }
};

// `YYYY-MM-DD` of a day that exists; nothing for any other text.
std::optional<CivilDate> ParseDate(absl::string_view text);
std::string FormatDate(const CivilDate& date);

// Days since 1970-01-01. Sums that leave the years 1 to 9999 stop at the first
// or last day of them.
int64_t DayNumber(const CivilDate& date);
CivilDate DateOfDayNumber(int64_t days);

CivilDate AddDays(const CivilDate& date, int64_t days);
// The corresponding day; 29 February becomes 28 February in a common year.
CivilDate AddYears(const CivilDate& date, int years);
// The corresponding day, else the last one of its month; back when negative.
CivilDate AddMonths(const CivilDate& date, int months);

// 0 = Sunday .. 6 = Saturday.
int Weekday(const CivilDate& date);

// The Shanghai day that holds the instant.
CivilDate ShanghaiDate(int64_t unix_ms);
// 00:00:00.000 and 23:59:59.999 of the day in Shanghai.
int64_t StartOfDayMs(const CivilDate& date);
int64_t EndOfDayMs(const CivilDate& date);

// Unix milliseconds, rounded down. Nothing for a time before 1970 or after
// the year 9999, or with nanoseconds outside a second.
std::optional<int64_t> ToUnixMs(const google::protobuf::Timestamp& time);
google::protobuf::Timestamp FromUnixMs(int64_t unix_ms);

}  // namespace dataip::registry
