#include "client/cli/case_labels.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "client/cli/enum_words.h"
#include "client/cli/label_table.h"
#include "client/cli/labels.h"
#include "core/registry/state/state.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

// Of the name in a table; the number says which it is.
constexpr size_t kNameColumns = 18;

// "-2 红".
std::string DaysLeft(const v1::QueueLine& line) {
  if (line.due_date().empty()) return "";
  const std::string light = LabelOf(line.light());
  return absl::StrCat(line.working_days_left(), light.empty() ? "" : " ",
                      light);
}

// An application is its own case.
std::string CaseOf(const v1::QueueLine& line) {
  return line.case_no() == line.object_no() ? "" : line.case_no();
}

// Proceedings have a party in the line of an objection that was dismissed: its
// objector may still prove them.
std::string StepOf(const v1::QueueLine& line) {
  const bool dismissed =
      line.step() == v1::STEP_PROCEEDINGS && line.parties_size() > 0;
  return dismissed ? "可证明诉讼等程序" : LabelOf(line.step());
}

std::string OfficerOf(const v1::QueueLine& line) {
  return std::string(
      absl::StripPrefix(line.claimed_by(), registry::kOfficerPrefix));
}

}  // namespace

std::string LabelOf(v1::ObjectionState state) {
  return FindLabel<v1::ObjectionState>(
      state, {{v1::OBJECTION_FILED, "已提出"},
              {v1::OBJECTION_ACCEPTED, "已受理"},
              {v1::OBJECTION_FORWARDED, "待答复"},
              {v1::OBJECTION_ANSWERED, "已答复"},
              {v1::OBJECTION_REJECTED, "不予受理"},
              {v1::OBJECTION_UPHELD, "异议成立"},
              {v1::OBJECTION_DISMISSED, "异议不成立"},
              {v1::OBJECTION_WITHDRAWN, "已撤回"},
              {v1::OBJECTION_MOOT, "因申请终结而终止"}});
}

std::string LabelOf(v1::ObjectionRight right) {
  return FindLabel<v1::ObjectionRight>(
      right, {{v1::RIGHT_OWNERSHIP, "数据来源或者权属"},
              {v1::RIGHT_PERSONAL_INFORMATION, "个人信息、隐私"},
              {v1::RIGHT_INTELLECTUAL_PROPERTY, "其他知识产权"},
              {v1::RIGHT_TRADE_SECRET, "商业秘密"},
              {v1::RIGHT_NOT_REGISTRABLE, "不符合登记条件"},
              {v1::RIGHT_PUBLIC_INTEREST, "公共利益"}});
}

std::string LabelOf(v1::ProceedingsKind kind) {
  return FindLabel<v1::ProceedingsKind>(
      kind, {{v1::SUIT, "诉讼"},
             {v1::ARBITRATION, "仲裁"},
             {v1::COMPLAINT, "行政投诉、行政裁决"}});
}

std::string LabelOf(v1::AttorneyAct act) {
  return FindLabel<v1::AttorneyAct>(
      act, {{v1::ACT_FILE, "提交、确认申请"},
            {v1::ACT_CORRECT, "补正"},
            {v1::ACT_WITHDRAW, "撤回"},
            {v1::ACT_ANSWER, "答复异议、听证陈述"},
            {v1::ACT_OBJECT, "提出异议"},
            {v1::ACT_CERTIFICATE, "证书变更、转移、续展、注销等请求"},
            {v1::ACT_LICENCE, "许可备案与用量"}});
}

std::string LabelOf(v1::DisclosureTier tier) {
  return FindLabel<v1::DisclosureTier>(tier,
                                       {{v1::TIER_PUBLIC, "公开"},
                                        {v1::TIER_EXAMINER, "仅审查员与当事人"},
                                        {v1::TIER_SEALED, "封存"}});
}

std::string LabelOf(v1::QueueStep step) {
  return FindLabel<v1::QueueStep>(
      step, {{v1::STEP_COSIGN, "待共同申请人确认"},
             {v1::STEP_REVIEW, "待审核"},
             {v1::STEP_CORRECT, "待补正"},
             {v1::STEP_NOTICE, "公示中"},
             {v1::STEP_REGISTER, "待登记"},
             {v1::STEP_CHECK_OBJECTION, "异议待受理"},
             {v1::STEP_FORWARD_OBJECTION, "异议待转送"},
             {v1::STEP_ANSWER_OBJECTION, "异议待答复"},
             {v1::STEP_DECIDE_OBJECTION, "异议待决定"},
             {v1::STEP_PROCEEDINGS, "等候诉讼、仲裁等程序"},
             {v1::STEP_CONSENT, "请求待各方同意"},
             {v1::STEP_DECIDE_REQUEST, "请求待决定"},
             {v1::STEP_BE_HEARD, "撤销待陈述申辩"},
             {v1::STEP_DECIDE_REVOCATION, "撤销待决定"},
             {v1::STEP_CONFIRM_LICENCE, "许可待确认"}});
}

std::string LabelOf(v1::DueLight light) {
  if (light == v1::DUE_LIGHT_UNSPECIFIED) return "";
  return FindLabel<v1::DueLight>(
      light,
      {{v1::DUE_GREEN, "绿"}, {v1::DUE_YELLOW, "黄"}, {v1::DUE_RED, "红"}});
}

absl::StatusOr<v1::ObjectionState> ParseObjectionState(absl::string_view word) {
  return ParseEnumWord<v1::ObjectionState>(word, "OBJECTION_");
}
absl::StatusOr<v1::ObjectionRight> ParseObjectionRight(absl::string_view word) {
  return ParseEnumWord<v1::ObjectionRight>(word, "RIGHT_");
}
absl::StatusOr<v1::ProceedingsKind> ParseProceedingsKind(
    absl::string_view word) {
  return ParseEnumWord<v1::ProceedingsKind>(word);
}
absl::StatusOr<v1::AttorneyAct> ParseAttorneyAct(absl::string_view word) {
  return ParseEnumWord<v1::AttorneyAct>(word, "ACT_");
}
absl::StatusOr<v1::DisclosureTier> ParseDisclosureTier(absl::string_view word) {
  return ParseEnumWord<v1::DisclosureTier>(word, "TIER_");
}

std::string SpanText(int64_t span_ms) {
  constexpr int64_t kHourMs = 3'600'000;
  constexpr int64_t kHoursPerDay = 24;
  const int64_t hours = span_ms / kHourMs;
  if (hours < 1) return "不足 1 小时";
  const std::string rest = absl::StrCat(hours % kHoursPerDay, " 小时");
  if (hours < kHoursPerDay) return rest;
  return absl::StrCat(hours / kHoursPerDay, " 天 ", rest);
}

Table QueueTable(const std::vector<v1::QueueLine>& lines) {
  Table table{{"对象", "名称", "等候", "期限", "剩余", "案件", "主体", "经办"},
              {}};
  for (const v1::QueueLine& line : lines) {
    table.rows.push_back(
        {line.object_no(), ShortText(line.name(), kNameColumns), StepOf(line),
         line.due_date(), DaysLeft(line), CaseOf(line),
         absl::StrJoin(line.parties(), "、"), OfficerOf(line)});
  }
  return WithoutEmptyColumns(std::move(table));
}

}  // namespace dataip::client
