#include "core/registry/tables/calendar.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/registry/tables/tables.h"
#include "dataip/registry/v1/common.pb.h"

namespace dataip::registry {
namespace {

// Days off that the law fixes by date (全国年节及纪念日放假办法): they hold
// before the year's notice is published.
struct FixedDay {
  int month;
  int day;
  absl::string_view name;
};
constexpr FixedDay kFixedDays[] = {
    {1, 1, "元旦"},    {5, 1, "劳动节"},  {5, 2, "劳动节"},
    {10, 1, "国庆节"}, {10, 2, "国庆节"}, {10, 3, "国庆节"},
};

// A deadline is never searched further than this.
constexpr int64_t kLongestSearchDays = 40'000;

absl::string_view FixedDayName(const CivilDate& date) {
  for (const FixedDay& fixed : kFixedDays) {
    if (fixed.month == date.month && fixed.day == date.day) return fixed.name;
  }
  return {};
}

bool IsWeekend(const CivilDate& date) {
  const int weekday = Weekday(date);
  return weekday == 0 || weekday == 6;
}

// Consecutive days that are all counted, or all skipped for one reason.
struct Run {
  CivilDate first;
  CivilDate last;
  std::string reason;
  int days = 0;
  std::string make_up_days;
};

void Extend(std::vector<Run>& runs, const CivilDate& date,
            const std::string& reason) {
  const bool joins = !runs.empty() && runs.back().reason == reason &&
                     AddDays(runs.back().last, 1) == date;
  if (!joins) runs.push_back(Run{date, date, reason, 0, ""});
  runs.back().last = date;
  ++runs.back().days;
}

std::string Span(const Run& run) {
  if (run.first == run.last) return FormatDate(run.first);
  return absl::StrCat(FormatDate(run.first), "至", FormatDate(run.last));
}

std::string Counted(const std::vector<Run>& runs) {
  std::string text;
  for (const Run& run : runs) {
    absl::StrAppend(&text, text.empty() ? "" : "、", Span(run), "(", run.days,
                    "天");
    if (!run.make_up_days.empty()) {
      absl::StrAppend(&text, "，其中", run.make_up_days, "为调休上班日");
    }
    absl::StrAppend(&text, ")");
  }
  return text;
}

std::string Skipped(const std::vector<Run>& runs) {
  std::string text;
  for (const Run& run : runs) {
    absl::StrAppend(&text, text.empty() ? "" : "、", Span(run), "(", run.reason,
                    ")");
  }
  return text;
}

// `自…起算(当日不计入)，共…`: what both kinds of deadlines begin with.
std::string Began(const v1::Deadline& deadline, absl::string_view length) {
  return absl::StrCat("自", deadline.start_date(), "起算(当日不计入)，共",
                      length);
}

void AppendSkipped(const std::vector<Run>& skipped, std::string& text) {
  if (skipped.empty()) return;
  absl::StrAppend(&text, "；跳过", Skipped(skipped));
}

constexpr absl::string_view kNotShortened = "；原定期限较长，不予缩短";

std::string DaysCounted(const v1::Deadline& deadline, const CivilDate& start,
                        const CivilDate& due, const Calendar& calendar) {
  std::vector<Run> counted;
  std::vector<Run> skipped;
  uint32_t days = 0;
  CivilDate date = start;
  for (int64_t i = 0; i < kLongestSearchDays && date < due; ++i) {
    date = AddDays(date, 1);
    const std::string reason = calendar.ReasonOf(date);
    if (!calendar.IsWorkingDay(date)) {
      Extend(skipped, date, reason);
      continue;
    }
    ++days;
    Extend(counted, date, "");
    if (!reason.empty()) {
      std::string& made_up = counted.back().make_up_days;
      absl::StrAppend(&made_up, made_up.empty() ? "" : "、", FormatDate(date));
    }
  }
  std::string text = absl::StrCat(
      Began(deadline, absl::StrCat(deadline.working_days(), "个工作日")),
      "；计入", Counted(counted));
  AppendSkipped(skipped, text);
  if (days > deadline.working_days()) absl::StrAppend(&text, kNotShortened);
  return text;
}

std::string MonthsCounted(const v1::Deadline& deadline, const CivilDate& start,
                          const CivilDate& due, const Calendar& calendar) {
  const CivilDate same_day =
      AddMonths(start, static_cast<int>(deadline.months()));
  const CivilDate end = NextWorkingDay(same_day, calendar);
  std::vector<Run> skipped;
  for (CivilDate date = same_day; date < end; date = AddDays(date, 1)) {
    Extend(skipped, date, calendar.ReasonOf(date));
  }
  std::string text =
      absl::StrCat(Began(deadline, absl::StrCat(deadline.months(), "个月")),
                   "；对应日为", FormatDate(same_day));
  AppendSkipped(skipped, text);
  if (end < due) absl::StrAppend(&text, kNotShortened);
  return text;
}

}  // namespace

absl::StatusOr<Calendar> Calendar::Parse(absl::string_view csv) {
  ASSIGN_OR_RETURN(std::vector<CsvRow> rows,
                   ParseTable(csv, {"date", "kind", "name"}));
  Calendar calendar;
  size_t line = 1;
  for (CsvRow& row : rows) {
    ++line;
    const std::optional<CivilDate> date = ParseDate(row[0]);
    if (!date || (row[1] != "off" && row[1] != "work")) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", line, ": not a date, or not `off` or `work`"));
    }
    Day day{row[1] == "off", std::move(row[2])};
    if (!calendar.days_.emplace(*date, std::move(day)).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", line, ": a date stands twice"));
    }
  }
  return calendar;
}

bool Calendar::Covers(int year) const {
  return days_.find(CivilDate{year, 1, 1}) != days_.end();
}

bool Calendar::IsWorkingDay(const CivilDate& date) const {
  const auto found = days_.find(date);
  if (found != days_.end()) return !found->second.off;
  if (!Covers(date.year) && !FixedDayName(date).empty()) return false;
  return !IsWeekend(date);
}

std::string Calendar::ReasonOf(const CivilDate& date) const {
  const auto found = days_.find(date);
  if (found != days_.end()) {
    return found->second.off ? found->second.name : "调休上班";
  }
  if (!Covers(date.year) && !FixedDayName(date).empty()) {
    return std::string(FixedDayName(date));
  }
  return IsWeekend(date) ? "周末" : "";
}

v1::Deadline MakeDeadline(absl::string_view rule, const CivilDate& start,
                          uint32_t working_days, const Calendar& calendar) {
  CivilDate due = start;
  bool provisional = false;
  uint32_t counted = 0;
  for (int64_t i = 0; i < kLongestSearchDays && counted < working_days; ++i) {
    due = AddDays(due, 1);
    provisional = provisional || !calendar.Covers(due.year);
    if (calendar.IsWorkingDay(due)) ++counted;
  }
  v1::Deadline deadline;
  deadline.set_rule(std::string(rule));
  deadline.set_start_date(FormatDate(start));
  deadline.set_working_days(working_days);
  deadline.set_due_date(FormatDate(due));
  deadline.set_provisional(provisional);
  return deadline;
}

CivilDate NextWorkingDay(const CivilDate& date, const Calendar& calendar) {
  CivilDate day = date;
  for (int64_t i = 0; i < kLongestSearchDays && !calendar.IsWorkingDay(day);
       ++i) {
    day = AddDays(day, 1);
  }
  return day;
}

v1::Deadline MakeMonthsDeadline(absl::string_view rule, const CivilDate& start,
                                uint32_t months, const Calendar& calendar) {
  const CivilDate same_day = AddMonths(start, static_cast<int>(months));
  const CivilDate due = NextWorkingDay(same_day, calendar);
  v1::Deadline deadline;
  deadline.set_rule(std::string(rule));
  deadline.set_start_date(FormatDate(start));
  deadline.set_months(months);
  deadline.set_due_date(FormatDate(due));
  deadline.set_provisional(!calendar.Covers(same_day.year) ||
                           !calendar.Covers(due.year));
  return deadline;
}

uint32_t WorkingDaysBetween(const CivilDate& after, const CivilDate& last,
                            const Calendar& calendar) {
  uint32_t days = 0;
  CivilDate date = after;
  for (int64_t i = 0; i < kLongestSearchDays && date < last; ++i) {
    date = AddDays(date, 1);
    if (calendar.IsWorkingDay(date)) ++days;
  }
  return days;
}

uint32_t WorkingDaysLeft(const v1::Deadline& deadline, const CivilDate& today,
                         const Calendar& calendar) {
  const std::optional<CivilDate> start = ParseDate(deadline.start_date());
  const std::optional<CivilDate> due = ParseDate(deadline.due_date());
  const uint32_t ahead = due ? WorkingDaysBetween(today, *due, calendar) : 0;
  const uint32_t run = start ? WorkingDaysBetween(*start, today, calendar) : 0;
  const uint32_t length = deadline.working_days();
  return std::max(ahead, length - std::min(length, run));
}

int64_t DueInstantMs(const v1::Deadline& deadline) {
  const std::optional<CivilDate> due = ParseDate(deadline.due_date());
  return due ? EndOfDayMs(*due) : 0;
}

std::string ExplainDeadline(const v1::Deadline& deadline,
                            const Calendar& calendar) {
  const std::optional<CivilDate> start = ParseDate(deadline.start_date());
  const std::optional<CivilDate> due = ParseDate(deadline.due_date());
  if (!start || !due) return "";
  std::string text = deadline.months() > 0
                         ? MonthsCounted(deadline, *start, *due, calendar)
                         : DaysCounted(deadline, *start, *due, calendar);
  absl::StrAppend(&text, "；截止日为", deadline.due_date(),
                  "，至当日23:59:59(北京时间)届满。");
  if (deadline.provisional()) {
    absl::StrAppend(&text, due->year,
                    "年放假安排尚未载入，本期限为暂定；载入后不会缩短。");
  }
  return text;
}

}  // namespace dataip::registry
