// How an objection ends by the registry: upheld, not answered, dismissed.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/registry/objection/objections.h"
#include "core/registry/objection/rules.h"
#include "core/registry/state/grounds.h"
#include "core/registry/tables/calendar.h"

namespace dataip::registry {
namespace {

void AddRefusal(const std::string& application_no,
                std::vector<std::string> grounds, const std::string& reason,
                Events& events) {
  grounds.emplace_back(kGroundOfObjection);
  std::sort(grounds.begin(), grounds.end());
  v1::ApplicationRefused* refused =
      events.emplace_back().mutable_application_refused();
  refused->set_application_no(application_no);
  for (std::string& ground : grounds) refused->add_grounds(std::move(ground));
  refused->set_reason(reason);
}

}  // namespace

absl::string_view StateNameZh(v1::ObjectionState state) {
  switch (state) {
    case v1::OBJECTION_FILED:
      return "已提出";
    case v1::OBJECTION_ACCEPTED:
      return "已受理";
    case v1::OBJECTION_FORWARDED:
      return "待答复";
    case v1::OBJECTION_ANSWERED:
      return "已答复";
    case v1::OBJECTION_REJECTED:
      return "不予受理";
    case v1::OBJECTION_UPHELD:
      return "异议成立";
    case v1::OBJECTION_DISMISSED:
      return "异议不成立";
    case v1::OBJECTION_WITHDRAWN:
      return "已撤回";
    case v1::OBJECTION_MOOT:
      return "因申请终结而终止";
    default:
      return "未知";
  }
}

Decision DecideUpholdObjection(const Case& a_case) {
  const v1::UpholdObjection& body = a_case.command.uphold_objection();
  RETURN_IF_REFUSED(CheckObjection(a_case, body.objection_no(), "T12",
                                   {v1::OBJECTION_ANSWERED}));
  RETURN_IF_REFUSED(CheckGrounds(
      a_case, {"grounds", "T12", &Profile::GroundText, kGroundOfObjection},
      body.grounds()));
  RETURN_IF_REFUSED(CheckReason("reason", body.reason(),
                                limits::kReasonLeastCharacters,
                                limits::kRefusalReasonCharacters));
  const v1::Objection* objection =
      FindObjection(a_case.state, body.objection_no());
  Events events(1);
  v1::ObjectionUpheld* event = events[0].mutable_objection_upheld();
  event->set_objection_no(body.objection_no());
  event->set_reason(body.reason());
  AddRefusal(objection->application_no(),
             {body.grounds().begin(), body.grounds().end()}, body.reason(),
             events);
  return events;
}

Decision DecideCloseUnansweredObjection(const Case& a_case) {
  const std::string& number =
      a_case.command.close_unanswered_objection().objection_no();
  RETURN_IF_REFUSED(
      CheckObjection(a_case, number, "T12", {v1::OBJECTION_FORWARDED}));
  const v1::Objection* objection = FindObjection(a_case.state, number);
  const v1::Deadline& deadline = objection->reply_deadline();
  const int64_t due_ms = DueInstantMs(deadline);
  if (a_case.decided_at_ms <= due_ms) {
    return Refuse(rpc::v1::RULE_REFUSES,
                  {"objection_no", "T12",
                   absl::StrCat("答复期限至 ", deadline.due_date(),
                                " 才届满，不得提前关闭"),
                   absl::StrCat("the answer is due on ", deadline.due_date(),
                                "; the objection cannot be closed before"),
                   ""});
  }
  Events events(1);
  v1::ReplyDefaulted* event = events[0].mutable_reply_defaulted();
  event->set_objection_no(number);
  *event->mutable_effective_at() = FromUnixMs(due_ms);
  AddRefusal(objection->application_no(), {},
             absl::StrCat("对异议 ", number, " 逾期未答复(期限至 ",
                          deadline.due_date(), ")"),
             events);
  return events;
}

Decision DecideDismissObjection(const Case& a_case) {
  const v1::DismissObjection& body = a_case.command.dismiss_objection();
  RETURN_IF_REFUSED(CheckObjection(a_case, body.objection_no(), "T13",
                                   {v1::OBJECTION_ANSWERED}));
  RETURN_IF_REFUSED(CheckReason("reason", body.reason(),
                                limits::kReasonLeastCharacters,
                                limits::kRefusalReasonCharacters));
  Events events(1);
  v1::ObjectionDismissed* event = events[0].mutable_objection_dismissed();
  event->set_objection_no(body.objection_no());
  event->set_reason(body.reason());
  *event->mutable_proceedings_deadline() =
      DeadlineOf(a_case, kObjectionProceedings);
  ResumeNoticeAfter(a_case, *FindObjection(a_case.state, body.objection_no()),
                    events);
  return events;
}

}  // namespace dataip::registry
