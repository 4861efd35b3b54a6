// Freezes by a court or authority (C9). Several may lie over one certificate,
// each with an overlay of its own.
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/registry/certificate/certificate_content.h"
#include "core/registry/certificate/certificate_orders.h"
#include "core/registry/certificate/rules.h"
#include "core/registry/form/form_checks.h"
#include "core/registry/state/case.h"
#include "core/registry/values/canonical.h"
#include "core/registry/values/number_scheme.h"

namespace dataip::registry {
namespace {

void CheckDocument(absl::string_view body, const std::string& document_no,
                   const v1::FileCommitment& document, Violations& out) {
  CheckText({body, -1, "document_no"},
            {"C9", "文书编号", "the document's number", 1,
             limits::kDocumentNumberCharacters},
            document_no, out);
  CheckFile({body, -1, "document"}, document, out);
}

MaybeRefusal CheckFreeze(const Case& a_case,
                         const v1::FreezeCertificate& body) {
  Violations violations;
  CheckText({"freeze_certificate", -1, "authority"},
            {"C9", "冻结机关", "the authority",
             limits::kAuthorityLeastCharacters, limits::kAuthorityCharacters},
            body.authority(), violations);
  CheckDocument("freeze_certificate", body.document_no(), body.document(),
                violations);
  const auto until = ParseDate(body.until());
  if (!until || *until < a_case.today()) {
    Report({"freeze_certificate", -1, "until"},
           {"", "C9", "冻结止日须为 YYYY-MM-DD 日期且不早于今日，请修改",
            "the last day is a date YYYY-MM-DD and not before today; change it",
            ""},
           violations);
  }
  if (body.salt().size() != hash::kHashBytes) {
    Report({"freeze_certificate", -1, "salt"},
           {"", "C9", "随机盐应为 32 字节", "a salt is 32 random bytes", ""},
           violations);
  }
  if (!violations.empty()) return RefuseForm(std::move(violations));
  for (const auto& [number, freeze] : a_case.state.freezes) {
    if (freeze.authority() != body.authority() ||
        freeze.document_no() != body.document_no() ||
        NewestSheet(a_case.state, freeze.certificate_number()) !=
            NewestSheet(a_case.state, body.certificate_number())) {
      continue;
    }
    return Refuse(
        rpc::v1::ALREADY_EXISTS,
        {"freeze_certificate.document_no", "C9",
         absl::StrCat("同一文书的冻结 ", number, " 仍在有效期内，无须再次办理"),
         absl::StrCat("freeze ", number,
                      " by the same document is in force; nothing to do"),
         ""});
  }
  if (a_case.state.counters.freezes >= kSerial7) {
    return Refuse(rpc::v1::RULE_REFUSES,
                  {"freeze_certificate", "NUMBERS", "冻结编号已用尽",
                   "no number of a freeze is left", ""});
  }
  return std::nullopt;
}

// It is in force, and the command has the version of its certificate.
MaybeRefusal CheckInForce(const Case& a_case, const std::string& freeze_no) {
  const auto freeze = a_case.state.freezes.find(freeze_no);
  const v1::Certificate* sheet =
      freeze == a_case.state.freezes.end()
          ? nullptr
          : NewestSheet(a_case.state, freeze->second.certificate_number());
  if (sheet == nullptr) {
    return NotFound(
        "freeze_no",
        absl::StrCat("没有编号为“", freeze_no, "”且仍有效的冻结，请核对编号"),
        absl::StrCat("there is no freeze `", freeze_no,
                     "` in force; check the number"));
  }
  return CheckVersion(a_case, sheet->status().version());
}

struct Release {
  const std::string& freeze_no;
  const std::string& document_no;
  int64_t effective_at_ms = 0;
};

Events ReleasedBy(const Case& a_case, const Release& release) {
  const State& state = a_case.state;
  const v1::Freeze& freeze = state.freezes.find(release.freeze_no)->second;
  Events events(1);
  v1::FreezeReleased* released = events[0].mutable_freeze_released();
  released->set_freeze_no(release.freeze_no);
  released->set_document_no(release.document_no);
  *released->mutable_effective_at() = FromUnixMs(release.effective_at_ms);
  v1::StatusRecord record =
      NextStatus(a_case, *NewestSheet(state, freeze.certificate_number()));
  const auto overlay = state.freeze_overlays.find(release.freeze_no);
  if (overlay != state.freeze_overlays.end()) {
    RemoveOverlay(record, v1::FREEZE, 0, overlay->second);
  }
  AppendStatus(record, events);
  return events;
}

}  // namespace

Decision DecideFreezeCertificate(const Case& a_case) {
  const v1::FreezeCertificate& body = a_case.command.freeze_certificate();
  const std::string& number = body.certificate_number();
  RETURN_IF_REFUSED(CheckValidSheet(
      a_case, {"freeze_certificate.certificate_number", "C9", number}));
  RETURN_IF_REFUSED(CheckFreeze(a_case, body));
  Events events(1);
  v1::CertificateFrozen* frozen = events[0].mutable_certificate_frozen();
  v1::Freeze* freeze = frozen->mutable_freeze();
  freeze->set_freeze_no(
      LetterNumber('F', a_case.today(), a_case.state.counters.freezes + 1));
  freeze->set_certificate_number(number);
  freeze->set_authority(body.authority());
  freeze->set_document_no(body.document_no());
  *freeze->mutable_document() = body.document();
  freeze->set_until(body.until());
  freeze->set_frozen_at_ms(a_case.decided_at_ms);
  frozen->set_salt(body.salt());
  v1::StatusRecord record =
      NextStatus(a_case, *FindSheet(a_case.state, number));
  AddOverlay(record, OverlayOf(v1::FREEZE, 0, body.salt(),
                               SerializeCanonical(*freeze)));
  AppendStatus(record, events);
  return events;
}

Decision DecideReleaseFreeze(const Case& a_case) {
  const v1::ReleaseFreeze& body = a_case.command.release_freeze();
  RETURN_IF_REFUSED(CheckInForce(a_case, body.freeze_no()));
  Violations violations;
  CheckDocument("release_freeze", body.document_no(), body.document(),
                violations);
  if (!violations.empty()) return RefuseForm(std::move(violations));
  return ReleasedBy(
      a_case, {body.freeze_no(), body.document_no(), a_case.decided_at_ms});
}

Decision DecideEndFreeze(const Case& a_case) {
  const std::string& freeze_no = a_case.command.end_freeze().freeze_no();
  RETURN_IF_REFUSED(CheckInForce(a_case, freeze_no));
  const std::string& until =
      a_case.state.freezes.find(freeze_no)->second.until();
  const auto last_day = ParseDate(until);
  const int64_t due_ms = last_day ? EndOfDayMs(*last_day) : 0;
  if (a_case.decided_at_ms <= due_ms) {
    return Refuse(rpc::v1::RULE_REFUSES,
                  {"freeze_no", "C9",
                   absl::StrCat("冻结至 ", until, " 日终才届满，不得提前结束"),
                   absl::StrCat("the freeze runs to the end of ", until,
                                "; it cannot end before"),
                   ""});
  }
  return ReleasedBy(a_case, {freeze_no, "", due_ms});
}

}  // namespace dataip::registry
