// Objections to a public notice: filed, looked at, sent on, answered, given up.
#include "core/registry/objection/objections.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/registry/form/form_checks.h"
#include "core/registry/objection/rules.h"
#include "core/registry/party/attorneys.h"
#include "core/registry/tables/calendar.h"
#include "core/registry/values/number_scheme.h"

namespace dataip::registry {
namespace {

// Before the version and the state, of which a stranger learns nothing. An
// objection that is not there is for CheckObjection.
MaybeRefusal CheckMayAnswer(const Case& a_case,
                            const std::string& objection_no) {
  const v1::Objection* objection = FindObjection(a_case.state, objection_no);
  if (objection == nullptr) return std::nullopt;
  const v1::Application* application =
      FindApplication(a_case.state, objection->application_no());
  if (application == nullptr) return NotYours("T11");
  return CheckActingUnnamed(
      a_case.state,
      {a_case.command.actor(), PrimaryOf(application->form()), v1::ACT_ANSWER,
       application->application_no()},
      a_case.today(), "T11");
}

MaybeRefusal CheckMayWithdraw(const Case& a_case,
                              const std::string& objection_no) {
  const v1::Objection* objection = FindObjection(a_case.state, objection_no);
  if (objection == nullptr) return std::nullopt;
  return CheckActingUnnamed(a_case.state,
                            {a_case.command.actor(), objection->objector(),
                             v1::ACT_OBJECT, objection->application_no()},
                            a_case.today(), "T13");
}

}  // namespace

MaybeRefusal CheckObjection(const Case& a_case, const std::string& objection_no,
                            absl::string_view rule,
                            std::initializer_list<v1::ObjectionState> in) {
  const v1::Objection* objection = FindObjection(a_case.state, objection_no);
  if (objection == nullptr) {
    return NotFound("objection_no",
                    absl::StrCat("没有编号为“", objection_no, "”的异议"),
                    absl::StrCat("there is no objection `", objection_no, "`"));
  }
  RETURN_IF_REFUSED(CheckVersion(a_case, objection->version()));
  std::string wanted;
  bool fits = false;
  for (v1::ObjectionState state : in) {
    fits = fits || objection->state() == state;
    absl::StrAppend(&wanted, wanted.empty() ? "" : "、", StateNameZh(state));
  }
  if (!fits) {
    return Refuse(rpc::v1::RULE_REFUSES,
                  {"objection_no", std::string(rule),
                   absl::StrCat("异议 ", objection_no, " 现为“",
                                StateNameZh(objection->state()),
                                "”，此操作只能在“", wanted, "”时进行"),
                   absl::StrCat("objection ", objection_no, " is ",
                                v1::ObjectionState_Name(objection->state()),
                                ", which this command does not act on"),
                   ""});
  }
  const v1::Application* application =
      FindApplication(a_case.state, objection->application_no());
  const bool withdrawal = a_case.command.has_withdraw_objection();
  if (application != nullptr &&
      (withdrawal || application->state() != v1::SUSPENDED)) {
    return std::nullopt;
  }
  return Refuse(rpc::v1::RULE_REFUSES,
                {"objection_no", "T13B",
                 absl::StrCat("申请 ", objection->application_no(),
                              " 已中止，须先恢复处理"),
                 absl::StrCat("application ", objection->application_no(),
                              " is suspended; resume it first"),
                 ""});
}

v1::Deadline DeadlineOf(const Case& a_case, absl::string_view key) {
  return MakeDeadline(key, a_case.today(), WorkingDaysOf(a_case, key),
                      *a_case.state.calendar);
}

uint32_t NoticeDaysLeft(const Case& a_case,
                        const v1::Application& application) {
  const v1::Deadline& deadline = application.notice_deadline();
  if (a_case.decided_at_ms > DueInstantMs(deadline)) return 0;
  return std::max<uint32_t>(
      1, WorkingDaysLeft(deadline, a_case.today(), *a_case.state.calendar));
}

v1::Deadline NoticeFromToday(const Case& a_case,
                             const v1::Application& application) {
  const v1::Deadline& old = application.notice_deadline();
  if (application.remaining_notice_days() == 0) return old;
  v1::Deadline deadline =
      MakeDeadline(kPublicity, a_case.today(),
                   application.remaining_notice_days(), *a_case.state.calendar);
  if (DueInstantMs(deadline) < DueInstantMs(old)) {
    // Of the days from today, not of those in which it stood still.
    deadline.set_due_date(old.due_date());
    deadline.set_provisional(old.provisional());
  }
  return deadline;
}

void ResumeNoticeAfter(const Case& a_case, const v1::Objection& objection,
                       Events& events) {
  const v1::Application* application =
      FindApplication(a_case.state, objection.application_no());
  if (application == nullptr || application->state() != v1::OBJECTION_PENDING ||
      application->open_objections_size() != 1 ||
      application->open_objections(0) != objection.objection_no()) {
    return;
  }
  v1::NoticeResumed* resumed = events.emplace_back().mutable_notice_resumed();
  resumed->set_application_no(application->application_no());
  *resumed->mutable_deadline() = NoticeFromToday(a_case, *application);
}

MaybeRefusal CheckFiles(
    absl::string_view list,
    const google::protobuf::RepeatedPtrField<v1::FileCommitment>& files) {
  Violations violations;
  for (int i = 0; i < files.size(); ++i) {
    CheckFile({list, i, ""}, files.Get(i), violations);
  }
  if (violations.empty()) return std::nullopt;
  return RefuseForm(std::move(violations));
}

Decision DecideAcceptObjection(const Case& a_case) {
  const std::string& number = a_case.command.accept_objection().objection_no();
  RETURN_IF_REFUSED(
      CheckObjection(a_case, number, "T9", {v1::OBJECTION_FILED}));
  const v1::Objection* objection = FindObjection(a_case.state, number);
  const v1::Application* application =
      FindApplication(a_case.state, objection->application_no());
  Events events(1);
  v1::ObjectionAccepted* event = events[0].mutable_objection_accepted();
  event->set_objection_no(number);
  *event->mutable_forward_deadline() = DeadlineOf(a_case, kObjectionForward);
  if (application->state() == v1::PUBLICITY) {
    event->set_remaining_notice_days(NoticeDaysLeft(a_case, *application));
  }
  return events;
}

Decision DecideRejectObjection(const Case& a_case) {
  const v1::RejectObjection& body = a_case.command.reject_objection();
  RETURN_IF_REFUSED(
      CheckObjection(a_case, body.objection_no(), "T9", {v1::OBJECTION_FILED}));
  RETURN_IF_REFUSED(CheckReason("reason", body.reason(),
                                limits::kReasonLeastCharacters,
                                limits::kRefusalReasonCharacters));
  Events events(1);
  v1::ObjectionRejected* event = events[0].mutable_objection_rejected();
  event->set_objection_no(body.objection_no());
  event->set_reason(body.reason());
  ResumeNoticeAfter(a_case, *FindObjection(a_case.state, body.objection_no()),
                    events);
  return events;
}

Decision DecideForwardObjection(const Case& a_case) {
  const std::string& number = a_case.command.forward_objection().objection_no();
  RETURN_IF_REFUSED(
      CheckObjection(a_case, number, "T10", {v1::OBJECTION_ACCEPTED}));
  Events events(1);
  v1::ObjectionForwarded* event = events[0].mutable_objection_forwarded();
  event->set_objection_no(number);
  *event->mutable_reply_deadline() = DeadlineOf(a_case, kObjectionReply);
  return events;
}

Decision DecideAnswerObjection(const Case& a_case) {
  const v1::AnswerObjection& body = a_case.command.answer_objection();
  RETURN_IF_REFUSED(CheckMayAnswer(a_case, body.objection_no()));
  RETURN_IF_REFUSED(CheckObjection(a_case, body.objection_no(), "T11",
                                   {v1::OBJECTION_FORWARDED}));
  const v1::Objection* objection =
      FindObjection(a_case.state, body.objection_no());
  const v1::Deadline& deadline = objection->reply_deadline();
  if (a_case.decided_at_ms > DueInstantMs(deadline)) {
    return Refuse(rpc::v1::RULE_REFUSES,
                  {"objection_no", "T11",
                   absl::StrCat("答复期限已于 ", deadline.due_date(),
                                " 届满，可另行提交新申请"),
                   absl::StrCat("the answer was due on ", deadline.due_date(),
                                "; file a new application"),
                   std::string(a_case.values->ClauseOf(kObjectionReply))});
  }
  RETURN_IF_REFUSED(CheckReason("answer", body.answer(),
                                limits::kReasonLeastCharacters,
                                limits::kAnswerCharacters));
  if (body.files_size() > limits::kFilesPerObjection) {
    return Refuse(rpc::v1::INVALID_FIELD,
                  {"files", "T11", "答复至多附 20 份文件，请减少",
                   "an answer comes with at most 20 files; attach fewer", ""});
  }
  RETURN_IF_REFUSED(CheckFiles("files", body.files()));
  Events events(1);
  v1::ObjectionAnswered* event = events[0].mutable_objection_answered();
  event->set_objection_no(body.objection_no());
  event->set_answer(body.answer());
  *event->mutable_files() = body.files();
  return events;
}

Decision DecideWithdrawObjection(const Case& a_case) {
  const v1::WithdrawObjection& body = a_case.command.withdraw_objection();
  RETURN_IF_REFUSED(CheckMayWithdraw(a_case, body.objection_no()));
  RETURN_IF_REFUSED(
      CheckObjection(a_case, body.objection_no(), "T13",
                     {v1::OBJECTION_FILED, v1::OBJECTION_ACCEPTED,
                      v1::OBJECTION_FORWARDED, v1::OBJECTION_ANSWERED}));
  const v1::Objection* objection =
      FindObjection(a_case.state, body.objection_no());
  RETURN_IF_REFUSED(
      CheckReason("reason", body.reason(), 0, limits::kReasonCharacters));
  Events events(1);
  v1::ObjectionWithdrawn* event = events[0].mutable_objection_withdrawn();
  event->set_objection_no(body.objection_no());
  event->set_reason(body.reason());
  ResumeNoticeAfter(a_case, *objection, events);
  return events;
}

}  // namespace dataip::registry
