#include "client/cli/labels.h"

#include <optional>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "client/cli/enum_words.h"
#include "client/cli/label_table.h"
#include "client/cli/output.h"
#include "core/registry/state/licence_term.h"
#include "core/registry/values/civil_date.h"

namespace dataip::client {

namespace v1 = registry::v1;

std::string LabelOf(v1::ApplicationState state) {
  return FindLabel<v1::ApplicationState>(state,
                                         {{v1::UNDER_REVIEW, "待审核"},
                                          {v1::CORRECTION_REQUIRED, "待补正"},
                                          {v1::PUBLICITY, "公示中"},
                                          {v1::WITHDRAWN, "主动撤回"},
                                          {v1::REFUSED, "不予登记"},
                                          {v1::REGISTERED, "登记成功"},
                                          {v1::DEEMED_WITHDRAWN, "视为撤回"},
                                          {v1::OBJECTION_PENDING, "异议处理中"},
                                          {v1::SUSPENDED, "中止"}});
}

std::string LabelOf(v1::CertificateState state) {
  return FindLabel<v1::CertificateState>(state, {{v1::VALID, "有效"},
                                                 {v1::EXPIRED, "到期失效"},
                                                 {v1::CANCELLED, "注销"},
                                                 {v1::REVOKED, "撤销"},
                                                 {v1::REPLACED, "已换证"}});
}

std::string LabelOf(v1::OverlayKind kind) {
  return FindLabel<v1::OverlayKind>(kind, {{v1::PLEDGE, "质押"},
                                           {v1::FREEZE, "冻结"},
                                           {v1::DISPUTE, "争议"},
                                           // Its last day is the licence's:
                                           // the overlay stays after it.
                                           {v1::LICENCE, "已许可"}});
}

std::string LabelOf(v1::LicenceKind kind) {
  return FindLabel<v1::LicenceKind>(kind, {{v1::ORDINARY, "普通许可"},
                                           {v1::EXCLUSIVE, "独占许可"},
                                           {v1::SOLE, "排他许可"}});
}

std::string LicenceTermText(const v1::Licence& licence) {
  return absl::StrCat(licence.valid_from(), " 至 ",
                      registry::LastDayOf(licence));
}

std::string LicenceStateText(const v1::Licence& licence,
                             absl::string_view today) {
  if (registry::LastDayOf(licence) < today) return "已终止";
  if (!licence.ended_on().empty()) return "将终止";
  return licence.confirmed_at_ms() == 0 ? "待确认" : "有效";
}

std::string LabelOf(v1::PartyKind kind) {
  return FindLabel<v1::PartyKind>(kind, {{v1::LEGAL_PERSON, "法人"},
                                         {v1::UNINCORPORATED, "非法人组织"},
                                         {v1::NATURAL_PERSON, "自然人"},
                                         {v1::PUBLIC_INSTITUTION, "事业单位"}});
}

std::string LabelOf(v1::OfficerRole role) {
  return FindLabel<v1::OfficerRole>(
      role, {{v1::EXAMINER, "审查员"}, {v1::APPROVER, "审批员"}});
}

std::string LabelOf(v1::UpdateFrequency frequency) {
  return FindLabel<v1::UpdateFrequency>(frequency, {{v1::REALTIME, "实时"},
                                                    {v1::HOURLY, "每小时"},
                                                    {v1::DAILY, "每日"},
                                                    {v1::WEEKLY, "每周"},
                                                    {v1::MONTHLY, "每月"},
                                                    {v1::QUARTERLY, "每季度"},
                                                    {v1::YEARLY, "每年"},
                                                    {v1::IRREGULAR, "不定期"},
                                                    {v1::STATIC, "静态"}});
}

std::string LabelOf(v1::SourceCategory category) {
  return FindLabel<v1::SourceCategory>(category, {{v1::PERSONAL, "个人数据"},
                                                  {v1::ENTERPRISE, "企业数据"},
                                                  {v1::PUBLIC, "公共数据"}});
}

std::string PriceText(const v1::LicencePrice& price) {
  if (price.has_fixed()) {
    return absl::StrCat("固定 ", FormatFen(price.fixed().fen()));
  }
  if (!price.has_per_unit()) return "未公开";
  return absl::StrCat(FormatFen(price.per_unit().fen()), " / ", price.unit());
}

std::string DeadlineText(const v1::Deadline& deadline) {
  if (deadline.due_date().empty()) return "";
  return absl::StrCat(deadline.due_date(), " (", deadline.working_days(),
                      " 个工作日", deadline.provisional() ? "，暂定" : "", ")");
}

absl::StatusOr<v1::ApplicationState> ParseApplicationState(
    absl::string_view word) {
  return ParseEnumWord<v1::ApplicationState>(word);
}
absl::StatusOr<v1::CertificateState> ParseCertificateState(
    absl::string_view word) {
  return ParseEnumWord<v1::CertificateState>(word);
}
absl::StatusOr<v1::LicenceKind> ParseLicenceKind(absl::string_view word) {
  return ParseEnumWord<v1::LicenceKind>(word);
}
absl::StatusOr<v1::PartyKind> ParsePartyKind(absl::string_view word) {
  return ParseEnumWord<v1::PartyKind>(word);
}
absl::StatusOr<v1::OfficerRole> ParseOfficerRole(absl::string_view word) {
  return ParseEnumWord<v1::OfficerRole>(word);
}

absl::StatusOr<int64_t> ParseInstant(absl::string_view text) {
  if (const auto day = registry::ParseDate(text)) {
    return registry::StartOfDayMs(*day);
  }
  absl::Time time;
  std::string error;
  const absl::TimeZone shanghai = absl::FixedTimeZone(8 * 60 * 60);
  for (const char* format :
       {"%Y-%m-%dT%H:%M:%E*S%Ez", "%Y-%m-%dT%H:%M%Ez", "%Y-%m-%dT%H:%M:%E*S",
        "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%E*S", "%Y-%m-%d %H:%M"}) {
    if (!absl::ParseTime(format, text, shanghai, &time, &error)) continue;
    const int64_t unix_ms = absl::ToUnixMillis(time);
    if (unix_ms >= 0) return unix_ms;
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "不是时间 (a time like 2024-07-05T09:00:00+08:00 or 2024-07-05; "
      "without an offset it is +08:00): ",
      text));
}

absl::StatusOr<int64_t> ParseAge(absl::string_view text) {
  constexpr int64_t kSecond_ms = 1'000;
  constexpr int64_t kDay_ms = 86'400 * kSecond_ms;
  constexpr int64_t kMost = 100'000;
  int64_t unit_ms = kDay_ms;
  absl::string_view digits = text;
  if (!text.empty()) {
    const char last = text.back();
    const std::optional<int64_t> named =
        last == 'd'   ? std::optional<int64_t>(kDay_ms)
        : last == 'h' ? std::optional<int64_t>(3'600 * kSecond_ms)
        : last == 'm' ? std::optional<int64_t>(60 * kSecond_ms)
        : last == 's' ? std::optional<int64_t>(kSecond_ms)
                      : std::nullopt;
    if (named.has_value()) {
      unit_ms = *named;
      digits.remove_suffix(1);
    }
  }
  int64_t count = 0;
  if (digits.find_first_not_of("0123456789") != absl::string_view::npos ||
      !absl::SimpleAtoi(digits, &count) || count > kMost * 1'000) {
    return absl::InvalidArgumentError(absl::StrCat(
        "不是时长 (a time span like 7d, 36h, 90m or 10s): ", text));
  }
  return count * unit_ms;
}

}  // namespace dataip::client
