#include "client/cli/deadline_view.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;
using registry::AddDays;
using registry::Calendar;
using registry::CivilDate;
using registry::FormatDate;

void Extend(std::vector<DaySpan>& spans, const CivilDate& day,
            const std::string& reason) {
  const bool joins = !spans.empty() && spans.back().reason == reason &&
                     AddDays(spans.back().last, 1) == day;
  if (!joins) spans.push_back({day, day, reason});
  spans.back().last = day;
}

// Of a deadline of months the days from its corresponding day on.
CountedDays DaysOf(const v1::Deadline& deadline, const Calendar& calendar) {
  const auto start = registry::ParseDate(deadline.start_date());
  const auto due = registry::ParseDate(deadline.due_date());
  if (!start || !due) return {};
  const CivilDate after =
      deadline.months() == 0
          ? *start
          : AddDays(registry::AddMonths(*start,
                                        static_cast<int>(deadline.months())),
                    -1);
  return CountDays(after, *due, calendar);
}

std::string Lines(const std::vector<DaySpan>& spans) {
  return absl::StrJoin(spans, "\n", [](std::string* out, const DaySpan& span) {
    absl::StrAppend(out, span.Text(), span.reason.empty() ? "" : "  ",
                    span.reason);
  });
}

std::string OnOneLine(const std::vector<DaySpan>& spans) {
  return absl::StrJoin(spans, ", ", [](std::string* out, const DaySpan& span) {
    absl::StrAppend(out, span.Text());
  });
}

std::string ExplainInEnglish(const v1::Deadline& deadline,
                             const CountedDays& days) {
  const bool months = deadline.months() > 0;
  std::string text =
      absl::StrCat("start ", deadline.start_date(), ", ",
                   months ? deadline.months() : deadline.working_days(),
                   months ? " months" : " working days");
  if (!days.skipped.empty()) {
    absl::StrAppend(&text, ", skipped ", OnOneLine(days.skipped));
  }
  if (!days.counted.empty() && !months) {
    absl::StrAppend(&text, ", counted ", OnOneLine(days.counted));
  }
  if (!days.make_up.empty()) {
    absl::StrAppend(&text, ", of them made up for ", OnOneLine(days.make_up));
  }
  absl::StrAppend(&text, " -> ", deadline.due_date());
  if (deadline.provisional()) {
    absl::StrAppend(&text,
                    ", provisional: a year without a calendar; it is never "
                    "shortened later");
  }
  return text;
}

std::string SpansJson(const std::vector<DaySpan>& spans) {
  std::vector<std::string> items;
  for (const DaySpan& span : spans) {
    items.push_back(
        absl::StrCat("{\"first\":", JsonString(FormatDate(span.first)),
                     ",\"last\":", JsonString(FormatDate(span.last)),
                     ",\"reason\":", JsonString(span.reason), "}"));
  }
  return JsonArray(items);
}

void Add(const std::string& name, const std::string& value, Record& record) {
  if (!value.empty()) record.push_back({name, value});
}

}  // namespace

std::string DaySpan::Text() const {
  return first == last ? FormatDate(first)
                       : absl::StrCat(FormatDate(first), "…", FormatDate(last));
}

CountedDays CountDays(const CivilDate& after, const CivilDate& last,
                      const Calendar& calendar) {
  CountedDays days;
  for (CivilDate day = AddDays(after, 1); !(last < day);
       day = AddDays(day, 1)) {
    const std::string reason = calendar.ReasonOf(day);
    if (!calendar.IsWorkingDay(day)) {
      Extend(days.skipped, day, reason);
      continue;
    }
    Extend(days.counted, day, "");
    if (!reason.empty()) Extend(days.make_up, day, reason);
  }
  return days;
}

Record DeadlineRecord(const v1::Deadline& deadline, const Calendar& calendar) {
  const CountedDays days = DaysOf(deadline, calendar);
  const bool months = deadline.months() > 0;
  Record record = {{"起算日", deadline.start_date()},
                   {"长度", absl::StrCat(months ? deadline.months()
                                                : deadline.working_days(),
                                         months ? " 个月" : " 个工作日")}};
  if (!months) Add("计入", Lines(days.counted), record);
  Add("跳过", Lines(days.skipped), record);
  Add("调休上班", OnOneLine(days.make_up), record);
  record.push_back({"截止日", deadline.due_date()});
  record.push_back({"是否暂定", deadline.provisional() ? "暂定" : "否"});
  record.push_back({"说明", registry::ExplainDeadline(deadline, calendar)});
  record.push_back({"explanation", ExplainInEnglish(deadline, days)});
  return record;
}

std::string DeadlineJson(const v1::Deadline& deadline,
                         const Calendar& calendar) {
  const CountedDays days = DaysOf(deadline, calendar);
  return absl::StrCat(
      "{\"deadline\":", ToJson(deadline),
      ",\"counted\":", SpansJson(days.counted),
      ",\"skipped\":", SpansJson(days.skipped),
      ",\"make_up\":", SpansJson(days.make_up), ",\"explanation_zh\":",
      JsonString(registry::ExplainDeadline(deadline, calendar)),
      ",\"explanation_en\":", JsonString(ExplainInEnglish(deadline, days)),
      "}");
}

}  // namespace dataip::client
