// `dataip calendar`: which days are worked on, and deadlines that explain
// themselves.
#include "core/registry/tables/calendar.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/commands.h"
#include "client/cli/deadline_view.h"
#include "client/cli/input_files.h"
#include "client/cli/table_loading.h"
#include "client/registry_client.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "core/registry/state/deadlines.h"
#include "core/registry/tables/profile.h"
#include "core/registry/values/civil_date.h"
#include "dataip/registry/v1/registry_service.pb.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;
using registry::Calendar;
using registry::CivilDate;
using registry::Profile;

// No notice is older, none is written so far ahead.
constexpr int kFirstYear = 2000;
constexpr int kLastYear = 2099;
constexpr uint64_t kMostWorkingDays = 1'000;

FlagRule CalendarFile() {
  return {.name = "--file",
          .value = "FILE.csv",
          .help = "this calendar instead of the registry's; no server then"};
}

absl::StatusOr<std::string> ContentOf(Invocation& invocation,
                                      absl::string_view flag,
                                      const std::string& table) {
  if (invocation.Has(flag)) {
    return ReadInputFile(invocation.Text(flag), limits::kTableBytes);
  }
  ASSIGN_OR_RETURN(const auto response, ReadTable(invocation, table, ""));
  return response.content();
}

absl::StatusOr<Calendar> ReadCalendar(Invocation& invocation) {
  ASSIGN_OR_RETURN(const std::string content,
                   ContentOf(invocation, "--file", kCalendarTable));
  auto calendar = Calendar::Parse(content);
  if (calendar.ok()) return calendar;
  return absl::InvalidArgumentError(absl::StrCat(
      "日历表有误 (the calendar is wrong): ", calendar.status().message()));
}

// Days of one year that are not what their weekday says.
struct Year {
  int year = 0;
  CountedDays days;
  uint32_t working_days = 0;
};

Year YearOf(int year, const Calendar& calendar) {
  const CivilDate before{year - 1, 12, 31};
  const CivilDate last{year, 12, 31};
  return {year, CountDays(before, last, calendar),
          registry::WorkingDaysBetween(before, last, calendar)};
}

std::string Spans(const std::vector<DaySpan>& spans, bool weekends) {
  std::vector<std::string> texts;
  for (const DaySpan& span : spans) {
    if (!weekends && span.reason == "周末") continue;
    texts.push_back(
        absl::StrCat(span.Text(), span.reason.empty() ? "" : " ", span.reason));
  }
  return absl::StrJoin(texts, "\n");
}

std::string SpansJson(const std::vector<DaySpan>& spans) {
  std::vector<std::string> items;
  for (const DaySpan& span : spans) {
    if (span.reason == "周末") continue;
    items.push_back(absl::StrCat(
        "{\"first\":", JsonString(registry::FormatDate(span.first)),
        ",\"last\":", JsonString(registry::FormatDate(span.last)),
        ",\"reason\":", JsonString(span.reason), "}"));
  }
  return JsonArray(items);
}

std::string YearJson(const Year& year, bool loaded) {
  return absl::StrCat("{\"year\":", year.year,
                      ",\"loaded\":", loaded ? "true" : "false",
                      ",\"working_days\":", year.working_days,
                      ",\"off\":", SpansJson(year.days.skipped),
                      ",\"make_up\":", SpansJson(year.days.make_up), "}");
}

absl::StatusOr<int> ShowYears(Invocation& invocation,
                              const Calendar& calendar) {
  Table table{{"年", "工作日", "放假", "调休上班"}, {}};
  std::vector<std::string> items;
  for (int number = kFirstYear; number <= kLastYear; ++number) {
    if (!calendar.Covers(number)) continue;
    const Year year = YearOf(number, calendar);
    size_t off = 0;
    size_t make_up = 0;
    for (const DaySpan& span : year.days.skipped) {
      if (span.reason != "周末") ++off;
    }
    for (const DaySpan& span : year.days.make_up) {
      make_up += static_cast<size_t>(registry::DayNumber(span.last) -
                                     registry::DayNumber(span.first) + 1);
    }
    table.rows.push_back({absl::StrCat(number), absl::StrCat(year.working_days),
                          absl::StrCat(off, " 段"),
                          absl::StrCat(make_up, " 天")});
    items.push_back(YearJson(year, true));
  }
  if (invocation.json()) {
    invocation.Print(JsonArray(items) + "\n");
  } else {
    invocation.Print(FormatTable(table));
  }
  return kExitOk;
}

absl::StatusOr<int> RunShow(Invocation& invocation) {
  int number = 0;
  if (!invocation.words().empty() &&
      (!absl::SimpleAtoi(invocation.words().front(), &number) ||
       number < kFirstYear || number > kLastYear)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "年份应为 ", kFirstYear, " 至 ", kLastYear,
        " (the year is one of them): ", invocation.words().front()));
  }
  ASSIGN_OR_RETURN(const Calendar calendar, ReadCalendar(invocation));
  if (number == 0) return ShowYears(invocation, calendar);
  const Year year = YearOf(number, calendar);
  const bool loaded = calendar.Covers(number);
  if (invocation.json()) {
    invocation.Print(YearJson(year, loaded) + "\n");
    return kExitOk;
  }
  invocation.Print(FormatRecord(
      {{"年", absl::StrCat(number)},
       {"放假安排", loaded ? "已载入" : "未载入，只计法律定日的假日（暂定）"},
       {"工作日", absl::StrCat(year.working_days)},
       {"放假", Spans(year.days.skipped, false)},
       {"调休上班", Spans(year.days.make_up, false)}}));
  return kExitOk;
}

// The calendar that holds now; none before the first was loaded.
absl::StatusOr<std::optional<Calendar>> LoadedCalendar(Invocation& invocation) {
  const auto response = ReadTable(invocation, kCalendarTable, "");
  if (absl::IsNotFound(response.status())) return std::nullopt;
  RETURN_IF_ERROR(response.status());
  auto calendar = Calendar::Parse(response->content());
  if (!calendar.ok()) return std::nullopt;
  return std::optional<Calendar>(*std::move(calendar));
}

// A calendar is that of all years: what the loaded one has and the new one has
// not is a clerk's mistake, unless said otherwise.
absl::Status CheckKeeps(const Calendar& before, const Calendar& after) {
  std::vector<std::string> lost;
  for (int year = kFirstYear; year <= kLastYear; ++year) {
    if (!before.Covers(year)) continue;
    if (!after.Covers(year)) {
      lost.push_back(absl::StrCat(year, " 年"));
      continue;
    }
    const CivilDate last{year, 12, 31};
    for (CivilDate day{year, 1, 1};
         registry::DayNumber(day) <= registry::DayNumber(last);
         day = registry::AddDays(day, 1)) {
      if (before.IsWorkingDay(day) == after.IsWorkingDay(day)) continue;
      lost.push_back(registry::FormatDate(day));
    }
  }
  if (lost.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "日历须含所有年份；与现行日历相比，下列年份将失去、下列日期的上班或放假"
      "将改变，确需如此请加 --replace (years that would be lost and days that "
      "would change against the calendar in force; if so intended give "
      "--replace): ",
      absl::StrJoin(lost, ", ")));
}

absl::Status CheckNewCalendar(Invocation& invocation) {
  ASSIGN_OR_RETURN(
      const std::string content,
      ReadInputFile(invocation.words().front(), limits::kTableBytes));
  const auto after = Calendar::Parse(content);
  if (!after.ok()) return absl::OkStatus();  // the registry says why
  ASSIGN_OR_RETURN(const auto before, LoadedCalendar(invocation));
  return before.has_value() ? CheckKeeps(*before, *after) : absl::OkStatus();
}

absl::StatusOr<int> RunLoad(Invocation& invocation) {
  if (!invocation.Switch("--replace")) {
    RETURN_IF_ERROR(CheckNewCalendar(invocation));
  }
  ASSIGN_OR_RETURN(
      const auto response,
      LoadTable(invocation, {kCalendarTable, invocation.words().front()},
                std::nullopt));
  invocation.PrintMessage(response, LoadedRecord(kCalendarTable, response));
  return kExitOk;
}

// The profile in force for new cases, unless --profile names one.
absl::StatusOr<std::string> ProfileId(Invocation& invocation) {
  if (invocation.Has("--profile-id")) return invocation.Text("--profile-id");
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  ASSIGN_OR_RETURN(const auto profiles, registry->GetProfiles());
  for (const v1::ProfileInForce& line : profiles.in_force()) {
    if (line.current()) return line.profile().profile_id();
  }
  return absl::NotFoundError(
      "没有生效的规则，请先载入 (no profile is in force; load one first)");
}

absl::StatusOr<Profile> ReadRules(Invocation& invocation) {
  std::string name;
  if (!invocation.Has("--rules-file")) {
    ASSIGN_OR_RETURN(name, ProfileId(invocation));
  }
  ASSIGN_OR_RETURN(const std::string content,
                   ContentOf(invocation, "--rules-file",
                             absl::StrCat(kProfileTables, name)));
  auto profile = Profile::Parse(content);
  if (profile.ok()) return profile;
  return absl::InvalidArgumentError(absl::StrCat(
      "规则表有误 (the profile is wrong): ", profile.status().message()));
}

absl::StatusOr<v1::Deadline> ByRule(Invocation& invocation,
                                    const CivilDate& start,
                                    const Calendar& calendar) {
  const std::string rule = invocation.Text("--rule");
  ASSIGN_OR_RETURN(const Profile profile, ReadRules(invocation));
  if (profile.WorkingDays(rule).ok() || profile.Months(rule).ok()) {
    return registry::DeadlineBy(profile, rule, start, calendar);
  }
  std::vector<std::string> known;
  for (const auto& [key, value] : profile.values()) {
    if (value.unit == "working_days" || value.unit == "months") {
      known.push_back(key);
    }
  }
  return absl::InvalidArgumentError(
      absl::StrCat("规则中没有这个期限 (no deadline of the profile; one of ",
                   absl::StrJoin(known, ", "), "): ", rule));
}

absl::StatusOr<int> RunDue(Invocation& invocation) {
  const auto start = registry::ParseDate(invocation.words().front());
  if (!start) {
    return absl::InvalidArgumentError(
        absl::StrCat("日期应为 YYYY-MM-DD (the day is YYYY-MM-DD): ",
                     invocation.words().front()));
  }
  if (invocation.Has("--working-days") == invocation.Has("--rule")) {
    return absl::InvalidArgumentError(
        "请给出 --working-days 或 --rule 之一 (give one of the two)");
  }
  v1::Deadline deadline;
  ASSIGN_OR_RETURN(const Calendar calendar, ReadCalendar(invocation));
  if (invocation.Has("--rule")) {
    ASSIGN_OR_RETURN(deadline, ByRule(invocation, *start, calendar));
  } else {
    ASSIGN_OR_RETURN(const uint64_t days, invocation.Number("--working-days"));
    if (days > kMostWorkingDays) {
      return absl::InvalidArgumentError(
          absl::StrCat("--working-days 至多 ", kMostWorkingDays, " (at most)"));
    }
    deadline = registry::MakeDeadline("", *start, static_cast<uint32_t>(days),
                                      calendar);
  }
  invocation.Print(invocation.json()
                       ? DeadlineJson(deadline, calendar) + "\n"
                       : FormatRecord(DeadlineRecord(deadline, calendar)));
  return kExitOk;
}

CommandSpec DueSpec() {
  return {.group = "calendar",
          .name = "due",
          .words = "DAY",
          .word_count = {1, 1},
          .summary =
              "推算期限 Computes a due day and says which days were "
              "counted, skipped and why",
          .flags = {{.name = "--working-days",
                     .value = "N",
                     .help = "so many working days after DAY"},
                    {.name = "--rule",
                     .value = "KEY",
                     .help = "a deadline of the profile, e.g. "
                             "correction.window"},
                    {.name = "--profile-id",
                     .value = "ID",
                     .help = "instead of the profile for new cases"},
                    {.name = "--rules-file",
                     .value = "FILE.csv",
                     .help = "this profile instead of the registry's"},
                    CalendarFile()},
          .examples = {"dataip calendar due 2026-02-06 --working-days 10 "
                       "--file deploy/tables/calendar_cn.csv",
                       "dataip calendar due 2026-02-06 --rule "
                       "correction.window"},
          .run = RunDue};
}

}  // namespace

std::vector<CommandSpec> CalendarCommands() {
  return {{.group = "calendar",
           .name = "show",
           .words = "[YEAR]",
           .word_count = {0, 1},
           .summary = "查看日历 Shows days off and make-up days of a year, or "
                      "the years that are loaded",
           .flags = {CalendarFile()},
           .examples = {"dataip calendar show 2026",
                        "dataip calendar show --file "
                        "deploy/tables/calendar_cn.csv"},
           .run = RunShow},
          {.group = "calendar",
           .name = "load",
           .words = "FILE.csv",
           .word_count = {1, 1},
           .summary = "载入日历 Loads the calendar of all years, signed by "
                      "root; says which deadlines were made anew",
           .flags = {{.name = "--replace",
                      .help = "even if years of the calendar in force are "
                              "lost or days of them change"}},
           .examples = {"dataip calendar load calendar_cn.csv --key root.pem"},
           .run = RunLoad},
          DueSpec()};
}

}  // namespace dataip::client
