#include "core/registry/values/civil_date.h"

#include <algorithm>
#include <array>

#include "google/protobuf/timestamp.pb.h"

namespace dataip::registry {
namespace {

constexpr int64_t kMsPerDay = 86'400'000;
constexpr int64_t kShanghaiOffsetMs = 8 * 3'600'000;
constexpr int64_t kFirstDay = -719'162;           // 0001-01-01
constexpr int64_t kLastDay = 2'932'896;           // 9999-12-31
constexpr int64_t kLastSecond = 253'402'300'799;  // 9999-12-31T23:59:59Z

bool IsLeap(int year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int DaysInMonth(int year, int month) {
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30,
                                         31, 31, 30, 31, 30, 31};
  return month == 2 && IsLeap(year) ? 29 : kDays[month - 1];
}

int64_t FloorDivide(int64_t a, int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

// Nothing unless all of `text` is digits.
std::optional<int> Digits(absl::string_view text) {
  int value = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

void AppendPadded(std::string& out, int value, int width) {
  std::string digits = std::to_string(value);
  out.append(width - digits.size(), '0');
  out += digits;
}

}  // namespace

std::optional<CivilDate> ParseDate(absl::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
    return std::nullopt;
  }
  const auto year = Digits(text.substr(0, 4));
  const auto month = Digits(text.substr(5, 2));
  const auto day = Digits(text.substr(8, 2));
  if (!year || !month || !day || *year < 1 || *month < 1 || *month > 12 ||
      *day < 1 || *day > DaysInMonth(*year, *month)) {
    return std::nullopt;
  }
  return CivilDate{*year, *month, *day};
}

std::string FormatDate(const CivilDate& date) {
  std::string text;
  AppendPadded(text, date.year, 4);
  text += '-';
  AppendPadded(text, date.month, 2);
  text += '-';
  AppendPadded(text, date.day, 2);
  return text;
}

// Counts in eras of 400 years that begin on 1 March, so that the leap day is
// the last of its year.
int64_t DayNumber(const CivilDate& date) {
  const int64_t year = date.year - (date.month <= 2 ? 1 : 0);
  const int64_t era = FloorDivide(year, 400);
  const int64_t year_of_era = year - era * 400;
  const int64_t month = date.month + (date.month > 2 ? -3 : 9);
  const int64_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
  const int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

CivilDate DateOfDayNumber(int64_t days) {
  days = std::clamp(days, kFirstDay, kLastDay) + 719'468;
  const int64_t era = FloorDivide(days, 146'097);
  const int64_t day_of_era = days - era * 146'097;
  const int64_t year_of_era = (day_of_era - day_of_era / 1'460 +
                               day_of_era / 36'524 - day_of_era / 146'096) /
                              365;
  const int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t month = (5 * day_of_year + 2) / 153;
  CivilDate date;
  date.day = static_cast<int>(day_of_year - (153 * month + 2) / 5 + 1);
  date.month = static_cast<int>(month < 10 ? month + 3 : month - 9);
  date.year =
      static_cast<int>(year_of_era + era * 400 + (date.month <= 2 ? 1 : 0));
  return date;
}

CivilDate AddDays(const CivilDate& date, int64_t days) {
  return DateOfDayNumber(DayNumber(date) + days);
}

CivilDate AddYears(const CivilDate& date, int years) {
  CivilDate result = date;
  result.year = std::clamp(date.year + years, 1, 9999);
  if (result.month == 2 && result.day == 29 && !IsLeap(result.year)) {
    result.day = 28;
  }
  return result;
}

CivilDate AddMonths(const CivilDate& date, int months) {
  const int64_t count = int64_t{date.year} * 12 + date.month - 1 + months;
  if (count < 12) return {1, 1, 1};
  if (count >= int64_t{10'000} * 12) return {9999, 12, 31};
  CivilDate first;
  first.year = static_cast<int>(count / 12);
  first.month = static_cast<int>(count % 12) + 1;
  first.day = 1;
  CivilDate next = first;
  next.month = first.month % 12 + 1;
  next.year += first.month == 12 ? 1 : 0;
  const int64_t days =
      next.year > 9999 ? 31 : DayNumber(next) - DayNumber(first);
  first.day = static_cast<int>(std::min<int64_t>(date.day, days));
  return first;
}

int Weekday(const CivilDate& date) {
  const int64_t days = DayNumber(date) + 4;  // 1970-01-01 was a Thursday
  return static_cast<int>(days - FloorDivide(days, 7) * 7);
}

CivilDate ShanghaiDate(int64_t unix_ms) {
  return DateOfDayNumber(FloorDivide(unix_ms + kShanghaiOffsetMs, kMsPerDay));
}

int64_t StartOfDayMs(const CivilDate& date) {
  return DayNumber(date) * kMsPerDay - kShanghaiOffsetMs;
}

int64_t EndOfDayMs(const CivilDate& date) {
  return StartOfDayMs(date) + kMsPerDay - 1;
}

std::optional<int64_t> ToUnixMs(const google::protobuf::Timestamp& time) {
  if (time.seconds() < 0 || time.seconds() > kLastSecond || time.nanos() < 0 ||
      time.nanos() > 999'999'999) {
    return std::nullopt;
  }
  return time.seconds() * 1'000 + time.nanos() / 1'000'000;
}

google::protobuf::Timestamp FromUnixMs(int64_t unix_ms) {
  google::protobuf::Timestamp time;
  const int64_t seconds = FloorDivide(unix_ms, 1'000);
  time.set_seconds(seconds);
  time.set_nanos(static_cast<int32_t>((unix_ms - seconds * 1'000) * 1'000'000));
  return time;
}

}  // namespace dataip::registry
