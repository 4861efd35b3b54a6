// Proceedings elsewhere that suspend a case, and its resumption (T13b).
#include <algorithm>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/registry/form/form_checks.h"
#include "core/registry/objection/objections.h"
#include "core/registry/objection/rules.h"
#include "core/registry/state/deadlines.h"
#include "core/registry/tables/calendar.h"

namespace dataip::registry {
namespace {

Refusal WrongProceedings(absl::string_view field, absl::string_view zh,
                         absl::string_view en) {
  return Refuse(rpc::v1::INVALID_FIELD,
                {absl::StrCat("proceedings.", field), "T13B", std::string(zh),
                 std::string(en), ""});
}

bool IsLine(const std::string& text, size_t least, size_t most) {
  const size_t characters = base::CountCharacters(text);
  return characters >= least && characters <= most &&
         !base::Trim(text).empty() && !HasControlCharacter(text, false);
}

MaybeRefusal CheckProceedings(const Case& a_case,
                              const v1::Proceedings& proceedings) {
  if (proceedings.kind() == v1::PROCEEDINGS_KIND_UNSPECIFIED ||
      !v1::ProceedingsKind_IsValid(proceedings.kind())) {
    return WrongProceedings("kind", "请选择诉讼、仲裁或者行政投诉",
                            "say whether it is a suit, an arbitration or a "
                            "complaint");
  }
  if (!IsLine(proceedings.authority(), 2, limits::kLineCharacters)) {
    return WrongProceedings(
        "authority",
        "请用 2 至 200 个字符写明受理机关，不含控制字符和不显示的排版字符",
        "name the court, commission or authority in 2 to "
        "200 characters, none invisible");
  }
  if (!IsLine(proceedings.case_number(), 1, limits::kCaseNumberCharacters)) {
    return WrongProceedings(
        "case_number",
        "请用 1 至 100 个字符写明案号，不含控制字符和不显示的排版字符",
        "give the number of the case there in 1 to 100 "
        "characters, none invisible");
  }
  const auto date = ParseDate(proceedings.date());
  if (!date || a_case.today() < *date) {
    return WrongProceedings("date", "受理日期应为今日或以前的 YYYY-MM-DD",
                            "the day when it was taken up is YYYY-MM-DD, not "
                            "after today");
  }
  Violations violations;
  CheckFile({"proceedings", -1, "document"}, proceedings.document(),
            violations);
  if (violations.empty()) return std::nullopt;
  return RefuseForm(std::move(violations));
}

uint32_t ReplyDaysLeft(const Case& a_case, const v1::Objection& objection) {
  return std::max<uint32_t>(
      1, WorkingDaysLeft(objection.reply_deadline(), a_case.today(),
                         *a_case.state.calendar));
}

// The open objections whose answer is awaited.
std::vector<const v1::Objection*> AwaitingAnswer(
    const State& state, const v1::Application& application) {
  std::vector<const v1::Objection*> awaiting;
  for (const std::string& number : application.open_objections()) {
    const v1::Objection* open = FindObjection(state, number);
    if (open != nullptr && open->state() == v1::OBJECTION_FORWARDED) {
      awaiting.push_back(open);
    }
  }
  return awaiting;
}

}  // namespace

Decision DecideSuspendApplication(const Case& a_case) {
  const v1::SuspendApplication& body = a_case.command.suspend_application();
  RETURN_IF_REFUSED(CheckApplication(a_case, body.application_no(), "T13B",
                                     {v1::PUBLICITY, v1::OBJECTION_PENDING}));
  RETURN_IF_REFUSED(CheckProceedings(a_case, body.proceedings()));
  const v1::Application& application =
      *FindApplication(a_case.state, body.application_no());
  Events events(1);
  v1::ProceedingsSuspended* event = events[0].mutable_proceedings_suspended();
  event->set_application_no(body.application_no());
  *event->mutable_proceedings() = body.proceedings();
  event->set_remaining_notice_days(application.state() == v1::PUBLICITY
                                       ? NoticeDaysLeft(a_case, application)
                                       : application.remaining_notice_days());
  for (const v1::Objection* open : AwaitingAnswer(a_case.state, application)) {
    v1::RemainingReply* remaining = event->add_remaining_replies();
    remaining->set_objection_no(open->objection_no());
    remaining->set_remaining_days(ReplyDaysLeft(a_case, *open));
  }
  return events;
}

Decision DecideResumeApplication(const Case& a_case) {
  const v1::ResumeApplication& body = a_case.command.resume_application();
  RETURN_IF_REFUSED(
      CheckApplication(a_case, body.application_no(), "T13B", {v1::SUSPENDED}));
  RETURN_IF_REFUSED(CheckReason("reason", body.reason(),
                                limits::kReasonLeastCharacters,
                                limits::kRefusalReasonCharacters));
  const v1::Application& application =
      *FindApplication(a_case.state, body.application_no());
  Events events(1);
  v1::ProceedingsResumed* event = events[0].mutable_proceedings_resumed();
  event->set_application_no(body.application_no());
  event->set_reason(body.reason());
  if (application.suspended_from() == v1::PUBLICITY ||
      application.open_objections().empty()) {
    *event->mutable_notice_deadline() = NoticeFromToday(a_case, application);
  }
  for (const v1::Objection* open : AwaitingAnswer(a_case.state, application)) {
    v1::ResumedReply* resumed = event->add_replies();
    resumed->set_objection_no(open->objection_no());
    // Whatever the calendar of today says, no answer is due sooner than before.
    v1::Deadline deadline = MakeDeadline(kObjectionReply, a_case.today(),
                                         open->reply_deadline().working_days(),
                                         *a_case.state.calendar);
    if (deadline.due_date() < open->reply_deadline().due_date()) {
      deadline = open->reply_deadline();
    }
    *resumed->mutable_reply_deadline() = std::move(deadline);
  }
  return events;
}

}  // namespace dataip::registry
