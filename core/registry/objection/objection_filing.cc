// Objections filed: by whom, until when, with which claim (T9).
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/registry/form/form_checks.h"
#include "core/registry/objection/objections.h"
#include "core/registry/objection/rules.h"
#include "core/registry/party/attorneys.h"
#include "core/registry/tables/calendar.h"
#include "core/registry/values/number_scheme.h"

namespace dataip::registry {
namespace {

// The notice runs, or stands still with days left.
MaybeRefusal CheckNoticeOpen(const Case& a_case,
                             const v1::Application& application) {
  const bool running =
      application.state() == v1::PUBLICITY &&
      a_case.decided_at_ms <= DueInstantMs(application.notice_deadline());
  const bool stopped = application.state() == v1::OBJECTION_PENDING &&
                       application.remaining_notice_days() > 0;
  if (running || stopped) return std::nullopt;
  const bool late = application.state() == v1::PUBLICITY;
  const auto& last = application.notice_deadline().due_date();
  return Refuse(
      rpc::v1::RULE_REFUSES,
      {"application_no", "T9",
       absl::StrCat("申请 ", application.application_no(),
                    late ? " 的公示期已于 " : " 现为“",
                    late ? last : StateNameZh(application.state()),
                    late ? " 届满" : "”",
                    "，只能在公示期内提出异议；登记后可将理由告知",
                    "登记机构，由其决定是否启动撤销"),
       absl::StrCat(
           "application ", application.application_no(),
           late ? ": the public notice ended on " + last
                : " is not in its public notice",
           "; after registration tell the registry of a ground, it may open a "
           "revocation"),
       std::string(a_case.values->ClauseOf(kPublicity))});
}

// Whose objection it is: the principal's, or the actor's own.
const std::string& ObjectorOf(const Case& a_case) {
  const std::string& principal = a_case.command.file_objection().principal();
  return principal.empty() ? a_case.command.actor() : principal;
}

MaybeRefusal CheckStanding(const Case& a_case,
                           const v1::Application& application,
                           const v1::ObjectionClaim& claim) {
  if (IsApplicant(application.form(), ObjectorOf(a_case)) ||
      IsApplicant(application.form(), a_case.command.actor())) {
    return Refuse(rpc::v1::NOT_ALLOWED,
                  {"actor", "T9", "申请人不能对自己的申请提出异议，可撤回申请",
                   "an applicant cannot object to its own application; "
                   "withdraw it instead",
                   ""});
  }
  const auto standing = a_case.values->Text(kObjectionStanding);
  const bool needed = standing.ok() && *standing == kInterested;
  if (!needed && claim.interest().empty()) return std::nullopt;
  return CheckReason("claim.interest", claim.interest(),
                     limits::kReasonLeastCharacters, limits::kReasonCharacters);
}

MaybeRefusal CheckClaimFields(const v1::ObjectionClaim& claim) {
  const auto* snapshot = v1::PublicSnapshot::descriptor();
  std::string names;
  for (int i = 0; i < snapshot->field_count(); ++i) {
    absl::StrAppend(&names, i == 0 ? "" : ", ", snapshot->field(i)->name());
  }
  const auto bad = [&names](std::string field, const std::string& value) {
    return Refuse(
        rpc::v1::INVALID_FIELD,
        {std::move(field), "T9",
         "“" + value + "”不是公示字段或次序不升，选 1 至 20 个：" + names,
         "`" + value +
             "` is no field of the notice, or not in "
             "ascending order; 1 to 20 of " +
             names,
         ""});
  };
  if (claim.fields().empty() || claim.fields_size() > limits::kFieldsPerClaim) {
    return bad("claim.fields", "");
  }
  std::string before;
  for (int i = 0; i < claim.fields_size(); ++i) {
    const std::string& field = claim.fields(i);
    if (field <= before || snapshot->FindFieldByName(field) == nullptr) {
      return bad(absl::StrCat("claim.fields[", i, "]"), field);
    }
    before = field;
  }
  return std::nullopt;
}

MaybeRefusal CheckClaim(const v1::ObjectionClaim& claim) {
  if (claim.right() == v1::OBJECTION_RIGHT_UNSPECIFIED ||
      !v1::ObjectionRight_IsValid(claim.right())) {
    return Refuse(rpc::v1::INVALID_FIELD,
                  {"claim.right", "T9", "请选择异议所主张的权利",
                   "say which right the objection is about", ""});
  }
  RETURN_IF_REFUSED(CheckClaimFields(claim));
  RETURN_IF_REFUSED(CheckReason("claim.statement", claim.statement(),
                                limits::kClaimLeastCharacters,
                                limits::kClaimCharacters));
  if (claim.evidence().empty() ||
      claim.evidence_size() > limits::kFilesPerObjection) {
    return Refuse(rpc::v1::INVALID_FIELD,
                  {"claim.evidence", "T9", "异议须附 1 至 20 份证据，请附上",
                   "an objection comes with 1 to 20 files of evidence; attach "
                   "them",
                   ""});
  }
  return CheckFiles("claim.evidence", claim.evidence());
}

// One party asks for one thing once; another right is another objection.
MaybeRefusal CheckNotTwice(const Case& a_case,
                           const v1::Application& application,
                           v1::ObjectionRight right) {
  for (const std::string& number : application.open_objections()) {
    const v1::Objection* open = FindObjection(a_case.state, number);
    if (open == nullptr || open->objector() != ObjectorOf(a_case) ||
        open->claim().right() != right) {
      continue;
    }
    return Refuse(rpc::v1::ALREADY_EXISTS,
                  {"claim.right", "T9",
                   absl::StrCat("同一主张的异议 ", number,
                                " 尚在处理；如需修改，请撤回后重新提出"),
                   absl::StrCat("objection ", number,
                                " of yours on this right is open; withdraw it "
                                "to file another"),
                   ""});
  }
  return std::nullopt;
}

}  // namespace

Decision DecideFileObjection(const Case& a_case) {
  const State& state = a_case.state;
  const v1::FileObjection& body = a_case.command.file_objection();
  RETURN_IF_REFUSED(CheckVersion(a_case, 0));
  const v1::Application* application =
      FindApplication(state, body.application_no());
  if (application == nullptr) {
    return NotFound(
        "application_no",
        absl::StrCat("没有编号为“", body.application_no(), "”的申请"),
        absl::StrCat("there is no application `", body.application_no(), "`"));
  }
  RETURN_IF_REFUSED(CheckNoticeOpen(a_case, *application));
  RETURN_IF_REFUSED(CheckActingFor(a_case.state,
                                   {a_case.command.actor(), ObjectorOf(a_case),
                                    v1::ACT_OBJECT, body.application_no()},
                                   a_case.today(), "T9"));
  RETURN_IF_REFUSED(CheckStanding(a_case, *application, body.claim()));
  RETURN_IF_REFUSED(CheckClaim(body.claim()));
  RETURN_IF_REFUSED(CheckNotTwice(a_case, *application, body.claim().right()));
  const uint64_t serial = state.counters.objections + 1;
  if (serial > kSerial7) {
    return Refuse(rpc::v1::RULE_REFUSES,
                  {"file_objection", "NUMBERS", "异议编号已用尽",
                   "no objection number is left", ""});
  }
  Events events(1);
  v1::Objection* objection =
      events[0].mutable_objection_filed()->mutable_objection();
  objection->set_objection_no(LetterNumber('O', a_case.today(), serial));
  objection->set_version(1);
  objection->set_state(v1::OBJECTION_FILED);
  objection->set_application_no(body.application_no());
  objection->set_objector(ObjectorOf(a_case));
  *objection->mutable_claim() = body.claim();
  objection->set_filed_at_ms(a_case.decided_at_ms);
  objection->set_updated_at_ms(a_case.decided_at_ms);
  return events;
}

}  // namespace dataip::registry
