// Working days (rules: 民法典 201 to 203; 行政许可法 82): statutory days off,
// make-up working days, and deadlines that explain themselves.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/registry/values/civil_date.h"

namespace dataip::registry::v1 {
class Deadline;
}  // namespace dataip::registry::v1

namespace dataip::registry {

// A parsed table `calendars/cn`: `date,kind,name` with kind `off` or `work`.
class Calendar {
 public:
  // Fails with INVALID_ARGUMENT on a bad header, date, kind or repeated date.
  static absl::StatusOr<Calendar> Parse(absl::string_view csv);

  // Whether the year's notice is in the table: its 1 January is.
  bool Covers(int year) const;

  // A make-up day is, a day off is not, else Monday to Friday is. In a year
  // that is not covered the days that the law fixes by date are off: 1
  // January, 1 and 2 May, 1 to 3 October.
  bool IsWorkingDay(const CivilDate& date) const;

  // Why a day is off or on, in Chinese: `春节`, `周末`, `调休上班`; empty for
  // an ordinary working day.
  std::string ReasonOf(const CivilDate& date) const;

  size_t rows() const { return days_.size(); }

 private:
  struct Day {
    bool off = false;
    std::string name;
  };
  std::map<CivilDate, Day> days_;
};

// The due day of `working_days` working days after the day of the fact, which
// is not counted. Provisional when any day looked at lies in a year that the
// calendar does not cover.
v1::Deadline MakeDeadline(absl::string_view rule, const CivilDate& start,
                          uint32_t working_days, const Calendar& calendar);

// The same day `months` later, else the last one of its month (民法典 202),
// then on to the next working day (203). Provisional when a day looked at lies
// in a year that the calendar does not cover.
v1::Deadline MakeMonthsDeadline(absl::string_view rule, const CivilDate& start,
                                uint32_t months, const Calendar& calendar);

// The day itself when it is one.
CivilDate NextWorkingDay(const CivilDate& date, const Calendar& calendar);

// Working days after the first day, up to and with the last one; 0 when the
// last is not after the first.
uint32_t WorkingDaysBetween(const CivilDate& after, const CivilDate& last,
                            const Calendar& calendar);

// Working days of the deadline that are still to run after `today`: those up to
// its due day or, when that is more, those of its length that have not run
// since its start. So a day off that a calendar adds or takes back takes none
// away. One without a due day has the second only; one in months the first.
uint32_t WorkingDaysLeft(const v1::Deadline& deadline, const CivilDate& today,
                         const Calendar& calendar);

// Last millisecond of the due day in Shanghai. The deadline must be one that
// MakeDeadline or MakeMonthsDeadline made (its due_date is a date); else 0.
int64_t DueInstantMs(const v1::Deadline& deadline);

// In Chinese: start, days counted (or the corresponding day), days skipped and
// why, due day, and whether an earlier due day stands because it was later.
// Days are counted anew with `calendar`; the due day shown is the deadline's
// own.
std::string ExplainDeadline(const v1::Deadline& deadline,
                            const Calendar& calendar);

}  // namespace dataip::registry
