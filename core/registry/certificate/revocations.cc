// Revocation: the holder heard, then decided (C7). How it is opened stands in
// revocation_opening.cc.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/registry/certificate/certificate_content.h"
#include "core/registry/certificate/certificate_orders.h"
#include "core/registry/certificate/hearing.h"
#include "core/registry/certificate/rules.h"
#include "core/registry/form/form_checks.h"
#include "core/registry/party/attorneys.h"
#include "core/registry/state/case.h"
#include "core/registry/tables/calendar.h"

namespace dataip::registry {
namespace {

Refusal RuleRefuses(absl::string_view field, std::string zh, std::string en) {
  return Refuse(rpc::v1::RULE_REFUSES,
                {std::string(field), "C7", std::move(zh), std::move(en), ""});
}

// It exists, has the command's version and is not decided yet.
MaybeRefusal CheckOpen(const Case& a_case, const std::string& revocation_no) {
  const v1::Revocation* revocation =
      FindRevocation(a_case.state, revocation_no);
  if (revocation == nullptr ||
      NewestSheet(a_case.state, revocation->certificate_number()) == nullptr) {
    return NotFound(
        "revocation_no",
        absl::StrCat("没有编号为“", revocation_no, "”的撤销案，请核对编号"),
        absl::StrCat("there is no revocation `", revocation_no,
                     "`; check the number"));
  }
  RETURN_IF_REFUSED(CheckVersion(a_case, revocation->version()));
  if (revocation->state() == v1::REVOCATION_HEARING ||
      revocation->state() == v1::REVOCATION_HEARD) {
    return std::nullopt;
  }
  return RuleRefuses(
      "revocation_no", absl::StrCat("撤销案 ", revocation_no, " 已办结"),
      absl::StrCat("revocation ", revocation_no, " is decided already"));
}

// The holders for whom the actor may state: itself first.
std::vector<std::string> SpeaksFor(const Case& a_case,
                                   const v1::Certificate& sheet) {
  const std::string& actor = a_case.command.actor();
  std::vector<std::string> holders;
  for (const v1::Holder& holder : sheet.content().holders()) {
    const std::string& party = holder.party_number();
    const auto may = [&](const std::string& object) {
      return MayActFor(a_case.state, {actor, party, v1::ACT_ANSWER, object},
                       a_case.today());
    };
    if (!may(sheet.number()) && !may(sheet.content().registration_number())) {
      continue;
    }
    holders.insert(party == actor ? holders.begin() : holders.end(), party);
  }
  return holders;
}

// That the certificate has a revocation is no stranger's business: no names.
Refusal NoHolder(const Case& a_case, const v1::Certificate& sheet) {
  const std::string& actor = a_case.command.actor();
  for (const v1::Holder& holder : sheet.content().holders()) {
    auto refusal = CheckActingUnnamed(
        a_case.state,
        {actor, holder.party_number(), v1::ACT_ANSWER, sheet.number()},
        a_case.today(), "C7");
    if (refusal && refusal->violations.front().rule() == "B22") {
      return *std::move(refusal);
    }
  }
  return NotYours("C7");
}

// Before the version and the state, of which a stranger learns nothing. A
// revocation that is not there is for CheckOpen.
MaybeRefusal CheckMayState(const Case& a_case,
                           const std::string& revocation_no) {
  const v1::Revocation* revocation =
      FindRevocation(a_case.state, revocation_no);
  if (revocation == nullptr) return std::nullopt;
  const v1::Certificate* sheet =
      NewestSheet(a_case.state, revocation->certificate_number());
  if (sheet == nullptr || !SpeaksFor(a_case, *sheet).empty()) {
    return std::nullopt;
  }
  return NoHolder(a_case, *sheet);
}

MaybeRefusal CheckStatement(const v1::StateInRevocation& body) {
  RETURN_IF_REFUSED(CheckReason(
      "state_in_revocation.statement", body.statement(),
      limits::kReasonLeastCharacters, limits::kRefusalReasonCharacters));
  if (body.files_size() > limits::kFilesPerStatement) {
    return Refuse(
        rpc::v1::INVALID_FIELD,
        {"state_in_revocation.files", "FILE",
         absl::StrCat("陈述最多附 ", limits::kFilesPerStatement, " 个文件"),
         absl::StrCat("a statement brings at most ", limits::kFilesPerStatement,
                      " files"),
         ""});
  }
  Violations violations;
  for (int i = 0; i < body.files_size(); ++i) {
    CheckFile({"state_in_revocation.files", i, ""}, body.files(i), violations);
  }
  if (!violations.empty()) return RefuseForm(std::move(violations));
  return std::nullopt;
}

// Nothing is left to take from a certificate that is over, but for its past.
MaybeRefusal CheckEffect(const v1::RevokeCertificate& body,
                         const v1::Certificate& sheet) {
  if (body.effect() == v1::REVOCATION_EFFECT_UNSPECIFIED) {
    return Refuse(rpc::v1::INVALID_FIELD,
                  {"revoke_certificate.effect", "C7",
                   "请写明撤销的效力：自决定时起或自始无效",
                   "say from when it counts: FROM_DECISION or "
                   "FROM_REGISTRATION",
                   ""});
  }
  const v1::CertificateState state = sheet.status().state();
  if (state == v1::VALID ||
      (state == v1::EXPIRED && body.effect() == v1::FROM_REGISTRATION)) {
    return std::nullopt;
  }
  return RuleRefuses(
      "revocation_no",
      absl::StrCat("证书 ", sheet.number(), " 现为“", StateNameZh(state),
                   "”，不能如此撤销；到期证书只能自始撤销，否则请终止本案"),
      absl::StrCat("certificate ", sheet.number(), " is ",
                   v1::CertificateState_Name(state),
                   "; one that expired is revoked FROM_REGISTRATION only, "
                   "else drop the revocation"));
}

// The next record of the sheet, without the dispute.
v1::StatusRecord Undisputed(const Case& a_case, const v1::Certificate& sheet) {
  v1::StatusRecord record = NextStatus(a_case, sheet);
  RemoveOverlay(record, v1::DISPUTE, 0, "");
  return record;
}

}  // namespace

Decision DecideStateInRevocation(const Case& a_case) {
  const v1::StateInRevocation& body = a_case.command.state_in_revocation();
  RETURN_IF_REFUSED(CheckMayState(a_case, body.revocation_no()));
  RETURN_IF_REFUSED(CheckOpen(a_case, body.revocation_no()));
  const v1::Revocation& revocation =
      *FindRevocation(a_case.state, body.revocation_no());
  const v1::Certificate& sheet =
      *NewestSheet(a_case.state, revocation.certificate_number());
  std::vector<std::string> holders = SpeaksFor(a_case, sheet);
  if (revocation.state() != v1::REVOCATION_HEARING) {
    return RuleRefuses("revocation_no", "登记主体的意见已经陈述，等待决定",
                       "the holder has been heard; the decision follows");
  }
  const v1::Deadline& deadline = revocation.hearing_deadline();
  if (a_case.decided_at_ms > DueInstantMs(deadline)) {
    return RuleRefuses(
        "revocation_no",
        absl::StrCat("陈述意见的期限已于 ", deadline.due_date(), " 届满"),
        absl::StrCat("the time to be heard ended on ", deadline.due_date()));
  }
  const auto next = std::find_if_not(
      holders.begin(), holders.end(),
      [&](const std::string& party) { return HasStated(revocation, party); });
  if (next == holders.end()) {
    return RuleRefuses("revocation_no",
                       absl::StrCat("权利人 ", holders.front(),
                                    " 已陈述过意见，每一权利人陈述一次"),
                       absl::StrCat("holder ", holders.front(),
                                    " has been heard; each is once"));
  }
  RETURN_IF_REFUSED(CheckStatement(body));
  Events events(1);
  v1::RevocationHeard* heard = events[0].mutable_revocation_heard();
  heard->set_revocation_no(body.revocation_no());
  heard->set_statement(sheet.content().holders_size() == 1
                           ? body.statement()
                           : StatementOf(*next, body.statement()));
  *heard->mutable_files() = body.files();
  return events;
}

Decision DecideRevokeCertificate(const Case& a_case) {
  const v1::RevokeCertificate& body = a_case.command.revoke_certificate();
  RETURN_IF_REFUSED(CheckOpen(a_case, body.revocation_no()));
  const v1::Revocation& revocation =
      *FindRevocation(a_case.state, body.revocation_no());
  const v1::Deadline& deadline = revocation.hearing_deadline();
  const v1::Certificate& sheet =
      *NewestSheet(a_case.state, revocation.certificate_number());
  if (revocation.state() != v1::REVOCATION_HEARD &&
      a_case.decided_at_ms <= DueInstantMs(deadline)) {
    const bool several = sheet.content().holders_size() > 1;
    return RuleRefuses(
        "revocation_no",
        absl::StrCat(several ? "权利人有数个，陈述意见的期限至 "
                             : "登记主体尚未陈述意见，期限至 ",
                     deadline.due_date(), " 才届满，届满后方可撤销"),
        absl::StrCat(several
                         ? "each of the holders may be heard until the end of "
                         : "the holder has not been heard and may be until "
                           "the end of ",
                     deadline.due_date(), "; revoke after it"));
  }
  RETURN_IF_REFUSED(CheckEffect(body, sheet));
  RETURN_IF_REFUSED(CheckReason("revoke_certificate.reason", body.reason(),
                                limits::kReasonLeastCharacters,
                                limits::kRefusalReasonCharacters));
  Events events(1);
  v1::CertificateRevoked* revoked = events[0].mutable_certificate_revoked();
  revoked->set_revocation_no(body.revocation_no());
  revoked->set_effect(body.effect());
  revoked->set_reason(body.reason());
  v1::StatusRecord record = Undisputed(a_case, sheet);
  SetEnded(v1::REVOKED, record);
  AppendStatus(record, events);
  return events;
}

Decision DecideDropRevocation(const Case& a_case) {
  const v1::DropRevocation& body = a_case.command.drop_revocation();
  RETURN_IF_REFUSED(CheckOpen(a_case, body.revocation_no()));
  RETURN_IF_REFUSED(CheckReason("drop_revocation.reason", body.reason(),
                                limits::kReasonLeastCharacters,
                                limits::kRefusalReasonCharacters));
  const v1::Revocation& revocation =
      *FindRevocation(a_case.state, body.revocation_no());
  const v1::Certificate& sheet =
      *NewestSheet(a_case.state, revocation.certificate_number());
  Events events(1);
  v1::RevocationDropped* dropped = events[0].mutable_revocation_dropped();
  dropped->set_revocation_no(body.revocation_no());
  dropped->set_reason(body.reason());
  AppendStatus(Undisputed(a_case, sheet), events);
  return events;
}

}  // namespace dataip::registry
