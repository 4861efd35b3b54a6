// Who works on a case: officers take applications up and give them back. A
// claim orders the work and binds nobody: any officer may decide.
#include "absl/strings/str_cat.h"
#include "core/registry/application/rules.h"
#include "core/registry/state/case.h"

namespace dataip::registry {
namespace {

MaybeRefusal CheckOpen(const Case& a_case, const std::string& application_no) {
  return CheckApplication(
      a_case, application_no, "CLAIM",
      {v1::UNDER_REVIEW, v1::CORRECTION_REQUIRED, v1::PUBLICITY,
       v1::OBJECTION_PENDING, v1::SUSPENDED});
}

}  // namespace

Decision DecideClaimApplication(const Case& a_case) {
  const std::string& application_no =
      a_case.command.claim_application().application_no();
  RETURN_IF_REFUSED(CheckOpen(a_case, application_no));
  const std::string& holder =
      FindApplication(a_case.state, application_no)->claimed_by();
  if (!holder.empty()) {
    return Refuse(
        rpc::v1::RULE_REFUSES,
        {"application_no", "CLAIM",
         absl::StrCat("申请 ", application_no, " 已由 ", holder,
                      " 领取，须先退回"),
         absl::StrCat("application ", application_no, " is taken up by ",
                      holder, "; release it first"),
         ""});
  }
  Events events(1);
  v1::ApplicationClaimed* claimed = events[0].mutable_application_claimed();
  claimed->set_application_no(application_no);
  claimed->set_officer(a_case.command.actor());
  return events;
}

Decision DecideReleaseApplication(const Case& a_case) {
  const std::string& application_no =
      a_case.command.release_application().application_no();
  RETURN_IF_REFUSED(CheckOpen(a_case, application_no));
  if (FindApplication(a_case.state, application_no)->claimed_by().empty()) {
    return Refuse(rpc::v1::RULE_REFUSES,
                  {"application_no", "CLAIM",
                   absl::StrCat("申请 ", application_no, " 没有人领取"),
                   absl::StrCat("nobody has taken application ", application_no,
                                " up; there is nothing to "
                                "release"),
                   ""});
  }
  Events events(1);
  events[0].mutable_application_released()->set_application_no(application_no);
  return events;
}

}  // namespace dataip::registry
