// Revocation: opened by the registry, on its own or because of a report or a
// judgment (C7).
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/registry/certificate/certificate_content.h"
#include "core/registry/certificate/certificate_orders.h"
#include "core/registry/certificate/rules.h"
#include "core/registry/form/form_checks.h"
#include "core/registry/state/case.h"
#include "core/registry/state/grounds.h"
#include "core/registry/tables/calendar.h"
#include "core/registry/tables/profile_words.h"
#include "core/registry/values/canonical.h"
#include "core/registry/values/number_scheme.h"

namespace dataip::registry {
namespace {

constexpr char kBody[] = "open_revocation";

Refusal InvalidField(absl::string_view member, std::string zh, std::string en) {
  return Refuse(rpc::v1::INVALID_FIELD, {absl::StrCat(kBody, ".", member), "C7",
                                         std::move(zh), std::move(en), ""});
}

MaybeRefusal CheckRevocationGrounds(const Case& a_case,
                                    const v1::OpenRevocation& body) {
  if (body.grounds().empty()) {
    return InvalidField("grounds", "撤销须至少写明一项理由代码，如 R08",
                        "a revocation names at least one ground, e.g. R08");
  }
  return CheckGrounds(
      a_case,
      {"open_revocation.grounds", "C7", &Profile::RevocationGroundText, ""},
      body.grounds());
}

// Ex officio there is nothing that it goes back to.
MaybeRefusal CheckNoDocument(const v1::OpenRevocation& body) {
  if (!body.document_no().empty()) {
    return InvalidField("document_no", "依职权撤销没有举报或裁判的编号，请留空",
                        "ex officio there is no number of a report or "
                        "judgment; leave it empty");
  }
  if (body.has_document()) {
    return InvalidField("document",
                        "依职权撤销没有举报或裁判文书，请勿附文书，或改写由来",
                        "ex officio there is no report or judgment; leave the "
                        "document out, or change the occasion");
  }
  return std::nullopt;
}

// What only a court or a tribunal finds.
MaybeRefusal CheckFoundByJudgment(const Case& a_case,
                                  const v1::OpenRevocation& body) {
  if (body.occasion() == v1::ON_JUDGMENT) return std::nullopt;
  for (const std::string& ground : body.grounds()) {
    if (!a_case.values->Lists(kGroundsOfJudgments, ground)) continue;
    return InvalidField(
        "occasion",
        absl::StrCat("理由 ", ground,
                     " 须以生效裁判、仲裁裁决为由来，请写明并附裁判文书"),
        absl::StrCat("ground ", ground,
                     " is found by a court or tribunal: the occasion is "
                     "ON_JUDGMENT, with the judgment"));
  }
  return std::nullopt;
}

// What it goes back to, and the document that says so.
MaybeRefusal CheckOccasion(const v1::OpenRevocation& body) {
  if (body.occasion() == v1::REVOCATION_OCCASION_UNSPECIFIED) {
    return InvalidField("occasion", "请写明撤销的由来：依职权、举报或生效裁判",
                        "say what it goes back to: EX_OFFICIO, ON_REPORT or "
                        "ON_JUDGMENT");
  }
  if (body.occasion() == v1::EX_OFFICIO) return CheckNoDocument(body);
  Violations found;
  CheckText({kBody, -1, "document_no"},
            {"C7", "举报或裁判的编号", "the number of the report or judgment",
             1, limits::kDocumentNumberCharacters},
            body.document_no(), found);
  if (body.has_document()) {
    CheckFile({kBody, -1, "document"}, body.document(), found);
  } else {
    Report({kBody, -1, "document"},
           {"", "C7", "依举报或裁判撤销须附该文书，请上传",
            "the report or judgment goes with it; upload it", ""},
           found);
  }
  if (found.empty()) return std::nullopt;
  return RefuseForm(std::move(found));
}

MaybeRefusal CheckOpening(const Case& a_case, const v1::OpenRevocation& body) {
  if (!a_case.values->WorkingDays(kRevocationHearing).ok()) {
    return Refuse(
        rpc::v1::RULE_REFUSES,
        {kBody, "C7",
         absl::StrCat("适用的规则没有撤销听取意见的期限(", kRevocationHearing,
                      "，工作日)，请先在规则中补充"),
         absl::StrCat("the profile has no time for the holder to be heard (",
                      kRevocationHearing, ", working days); add it first"),
         ""});
  }
  RETURN_IF_REFUSED(CheckRevocationGrounds(a_case, body));
  RETURN_IF_REFUSED(CheckReason("open_revocation.reason", body.reason(),
                                limits::kReasonLeastCharacters,
                                limits::kRefusalReasonCharacters));
  RETURN_IF_REFUSED(CheckOccasion(body));
  RETURN_IF_REFUSED(CheckFoundByJudgment(a_case, body));
  if (body.salt().size() != hash::kHashBytes) {
    return InvalidField("salt", "随机盐应为 32 字节",
                        "a salt is 32 random bytes");
  }
  if (a_case.state.counters.revocations >= kSerial7) {
    return Refuse(rpc::v1::RULE_REFUSES,
                  {kBody, "NUMBERS", "撤销案号已用尽",
                   "no number of a revocation is left", ""});
  }
  return std::nullopt;
}

v1::Revocation RevocationOf(const Case& a_case,
                            const v1::OpenRevocation& body) {
  v1::Revocation revocation;
  revocation.set_revocation_no(
      LetterNumber('V', a_case.today(), a_case.state.counters.revocations + 1));
  revocation.set_version(1);
  revocation.set_state(v1::REVOCATION_HEARING);
  revocation.set_certificate_number(body.certificate_number());
  *revocation.mutable_grounds() = body.grounds();
  revocation.set_reason(body.reason());
  *revocation.mutable_hearing_deadline() = MakeDeadline(
      kRevocationHearing, a_case.today(),
      WorkingDaysOf(a_case, kRevocationHearing), *a_case.state.calendar);
  revocation.set_opened_at_ms(a_case.decided_at_ms);
  revocation.set_occasion(body.occasion());
  revocation.set_document_no(body.document_no());
  if (body.has_document()) *revocation.mutable_document() = body.document();
  revocation.set_salt(body.salt());
  return revocation;
}

}  // namespace

Decision DecideOpenRevocation(const Case& a_case) {
  const v1::OpenRevocation& body = a_case.command.open_revocation();
  const std::string& number = body.certificate_number();
  // What comes to light after the term still counts: whoever relied on it.
  RETURN_IF_REFUSED(CheckValidSheet(
      a_case, {"open_revocation.certificate_number", "C7", number, true}));
  const v1::Certificate& sheet = *FindSheet(a_case.state, number);
  if (!sheet.open_revocation().empty()) {
    return Refuse(rpc::v1::RULE_REFUSES,
                  {"open_revocation.certificate_number", "C7",
                   absl::StrCat("撤销案 ", sheet.open_revocation(),
                                " 尚未办结，请在该案中办理"),
                   absl::StrCat("revocation ", sheet.open_revocation(),
                                " is open; go on with that one"),
                   ""});
  }
  RETURN_IF_REFUSED(CheckOpening(a_case, body));
  Events events(1);
  v1::Revocation* revocation =
      events[0].mutable_revocation_opened()->mutable_revocation();
  *revocation = RevocationOf(a_case, body);
  v1::StatusRecord record = NextStatus(a_case, sheet);
  AddOverlay(record, OverlayOf(v1::DISPUTE, 0, body.salt(),
                               SerializeCanonical(*revocation)));
  AppendStatus(record, events);
  return events;
}

}  // namespace dataip::registry
