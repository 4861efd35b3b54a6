// Filing and withdrawing; what the other rules of applications share.
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/registry/application/drafts.h"
#include "core/registry/application/duplicates.h"
#include "core/registry/application/filing.h"
#include "core/registry/application/rules.h"
#include "core/registry/form/form_checks.h"
#include "core/registry/party/attorneys.h"
#include "core/registry/state/case.h"
#include "core/registry/values/number_scheme.h"

namespace dataip::registry {
const std::string& PrimaryOf(const v1::ApplicationForm& form) {
  static const std::string kNobody;
  for (const v1::Applicant& applicant : form.applicants()) {
    if (applicant.primary()) return applicant.party_number();
  }
  return kNobody;
}

absl::string_view StateNameZh(v1::ApplicationState state) {
  switch (state) {
    case v1::UNDER_REVIEW:
      return "待审核";
    case v1::CORRECTION_REQUIRED:
      return "待补正";
    case v1::PUBLICITY:
      return "公示中";
    case v1::WITHDRAWN:
      return "主动撤回";
    case v1::REFUSED:
      return "不予登记";
    case v1::REGISTERED:
      return "登记成功";
    case v1::DEEMED_WITHDRAWN:
      return "视为撤回";
    case v1::OBJECTION_PENDING:
      return "异议处理中";
    case v1::SUSPENDED:
      return "中止";
    default:
      return "未知";
  }
}

Refusal NotFound(absl::string_view field, absl::string_view zh,
                 absl::string_view en) {
  return Refuse(rpc::v1::NOT_FOUND, {std::string(field), "EXISTS",
                                     std::string(zh), std::string(en), ""});
}

MaybeRefusal CheckApplication(const Case& a_case,
                              const std::string& application_no,
                              absl::string_view rule,
                              std::initializer_list<v1::ApplicationState> in) {
  const v1::Application* application =
      FindApplication(a_case.state, application_no);
  if (application == nullptr) {
    return NotFound(
        "application_no",
        absl::StrCat("没有编号为“", application_no, "”的申请"),
        absl::StrCat("there is no application `", application_no, "`"));
  }
  RETURN_IF_REFUSED(CheckVersion(a_case, application->version()));
  std::string wanted;
  for (v1::ApplicationState state : in) {
    if (application->state() == state) return std::nullopt;
    absl::StrAppend(&wanted, wanted.empty() ? "" : "、", StateNameZh(state));
  }
  return Refuse(rpc::v1::RULE_REFUSES,
                {"application_no", std::string(rule),
                 absl::StrCat("申请 ", application_no, " 现为“",
                              StateNameZh(application->state()),
                              "”，此操作只能在“", wanted, "”时进行"),
                 absl::StrCat("application ", application_no, " is ",
                              v1::ApplicationState_Name(application->state()),
                              ", which this command does not act on"),
                 ""});
}

MaybeRefusal CheckReason(absl::string_view field, absl::string_view text,
                         size_t least, size_t most) {
  const size_t characters = base::CountCharacters(text);
  const bool blank = least > 0 && base::Trim(text).empty();
  if (!blank && characters >= least && characters <= most &&
      !HasControlCharacter(text, true)) {
    return std::nullopt;
  }
  return Refuse(
      rpc::v1::INVALID_FIELD,
      {std::string(field), "REASON",
       absl::StrCat("理由应为 ", least, " 至 ", most,
                    " 个字符，不含控制字符和不显示的排版字符，请重新写明"),
       absl::StrCat("a reason takes ", least, " to ", most,
                    " characters, none of them a control or an invisible "
                    "one; give one"),
       ""});
}

uint32_t WorkingDaysOf(const Case& a_case, absl::string_view key) {
  const auto days = a_case.values->WorkingDays(key);
  return days.ok() ? *days : 0;
}

namespace {

// T2: a draft has all signatures, a form is signed here.
MaybeRefusal CheckSubmission(const Case& a_case,
                             const v1::SubmitApplication& body) {
  if (body.draft_no().empty()) {
    RETURN_IF_REFUSED(CheckVersion(a_case, 0));
    return CheckFiling(a_case, {body.form(), std::nullopt});
  }
  if (body.has_form()) {
    return Refuse(rpc::v1::INVALID_FIELD,
                  {"form", "T2", "提交草稿时不得另附申请表，请去掉其一",
                   "with a draft there is no other form; leave one out", ""});
  }
  RETURN_IF_REFUSED(CheckDraft(a_case, body.draft_no(), "ACTOR"));
  const v1::Draft& draft = *FindDraft(a_case.state, body.draft_no());
  RETURN_IF_REFUSED(CheckCosigned(draft));
  return CheckFiling(a_case, {draft.form(), DepositTimeOf(draft.form())});
}

}  // namespace

Decision DecideSubmitApplication(const Case& a_case) {
  const State& state = a_case.state;
  const v1::SubmitApplication& body = a_case.command.submit_application();
  RETURN_IF_REFUSED(CheckSubmission(a_case, body));
  const v1::ApplicationForm& form =
      body.draft_no().empty() ? body.form()
                              : FindDraft(state, body.draft_no())->form();
  const std::string& actor = a_case.command.actor();
  RETURN_IF_REFUSED(CheckActingFor(state,
                                   {actor, PrimaryOf(form), v1::ACT_FILE, ""},
                                   a_case.today(), "ACTOR"));
  const uint64_t serial = state.counters.applications + 1;
  if (serial > kSerial7) {
    return Refuse(rpc::v1::RULE_REFUSES,
                  {"submit_application", "NUMBERS", "申请号已用尽",
                   "no application number is left", ""});
  }
  Events events(1);
  v1::Application* application =
      events[0].mutable_application_submitted()->mutable_application();
  application->set_application_no(ApplicationNumber(a_case.today(), serial));
  application->set_version(1);
  application->set_state(v1::UNDER_REVIEW);
  *application->mutable_form() = form;
  application->set_submitted_at_ms(a_case.decided_at_ms);
  application->set_updated_at_ms(a_case.decided_at_ms);
  *application->mutable_profile() = a_case.profile;
  *application->mutable_duplicates() =
      FindDuplicates(state, form, {"", DuplicateThreshold(*a_case.values)});
  if (actor != PrimaryOf(form)) application->set_agent(actor);
  application->set_draft_no(body.draft_no());
  return events;
}

Decision DecideWithdrawApplication(const Case& a_case) {
  const v1::WithdrawApplication& body = a_case.command.withdraw_application();
  RETURN_IF_REFUSED(
      CheckApplication(a_case, body.application_no(), "T8",
                       {v1::UNDER_REVIEW, v1::CORRECTION_REQUIRED,
                        v1::PUBLICITY, v1::OBJECTION_PENDING, v1::SUSPENDED}));
  const v1::Application* application =
      FindApplication(a_case.state, body.application_no());
  RETURN_IF_REFUSED(
      CheckActingForApplicant(a_case, *application, v1::ACT_WITHDRAW, "T8"));
  RETURN_IF_REFUSED(CheckReason("withdraw_application.reason", body.reason(), 0,
                                limits::kReasonCharacters));
  Events events(1);
  v1::ApplicationWithdrawn* event = events[0].mutable_application_withdrawn();
  event->set_application_no(body.application_no());
  event->set_reason(body.reason());
  return events;
}

}  // namespace dataip::registry
