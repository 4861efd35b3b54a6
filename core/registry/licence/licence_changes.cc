// Licences after their filing: confirmed by the licensee, ended early.
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/registry/certificate/certificate_content.h"
#include "core/registry/licence/rules.h"
#include "core/registry/request/requests.h"

namespace dataip::registry {
namespace {

MaybeRefusal CheckLicence(const Case& a_case, const std::string& licence_no) {
  const LicenceState* found = FindLicence(a_case.state, licence_no);
  // Its certificate's number may have been ordered erased.
  if (found == nullptr ||
      FindCertificate(a_case.state, found->licence.certificate_number()) ==
          nullptr) {
    return NotFound("licence_no",
                    absl::StrCat("没有编号为“", licence_no, "”的许可"),
                    absl::StrCat("there is no licence `", licence_no, "`"));
  }
  RETURN_IF_REFUSED(CheckVersion(a_case, found->licence.version()));
  if (found->licence.ended_on().empty()) return std::nullopt;
  return Refuse(
      rpc::v1::RULE_REFUSES,
      {"licence_no", "C4",
       absl::StrCat("许可已办理提前终止(", found->licence.ended_on(), ")"),
       absl::StrCat("the licence was ended already, on ",
                    found->licence.ended_on()),
       ""});
}

MaybeRefusal CheckPrincipal(const Case& a_case, const v1::Licence& licence,
                            const std::set<std::string>& principals) {
  const v1::Certificate& certificate =
      *FindCertificate(a_case.state, licence.certificate_number());
  if (!PrincipalOf(a_case, certificate, principals, v1::ACT_LICENCE).empty()) {
    return std::nullopt;
  }
  return NotPrincipal(a_case, certificate,
                      {principals, v1::ACT_LICENCE, "C4", true});
}

}  // namespace

Decision DecideConfirmLicence(const Case& a_case) {
  const std::string& number = a_case.command.confirm_licence().licence_no();
  RETURN_IF_REFUSED(CheckLicence(a_case, number));
  const v1::Licence& licence = FindLicence(a_case.state, number)->licence;
  RETURN_IF_REFUSED(CheckPrincipal(a_case, licence, {licence.licensee()}));
  if (licence.confirmed_at_ms() != 0) {
    return Refuse(rpc::v1::RULE_REFUSES,
                  {"licence_no", "C4", "被许可人已经确认，无须再次确认",
                   "the licensee has confirmed it; once is enough", ""});
  }
  Events events(1);
  events[0].mutable_licence_confirmed()->set_licence_no(number);
  return events;
}

// The overlay goes with the order; until its last day the licence still bars
// others (CheckOverlap).
Decision DecideEndLicence(const Case& a_case) {
  const v1::EndLicence& body = a_case.command.end_licence();
  RETURN_IF_REFUSED(CheckLicence(a_case, body.licence_no()));
  const v1::Licence& licence =
      FindLicence(a_case.state, body.licence_no())->licence;
  RETURN_IF_REFUSED(CheckPrincipal(a_case, licence,
                                   {licence.licensor(), licence.licensee()}));
  const auto last = ParseDate(body.ended_on());
  if (!last || *last < a_case.today() || licence.valid_to() < body.ended_on()) {
    return Refuse(rpc::v1::INVALID_FIELD,
                  {"end_licence.ended_on", "C4",
                   absl::StrCat("终止日须为今日至 ", licence.valid_to(),
                                " 之间的 YYYY-MM-DD 日期"),
                   absl::StrCat("the last day is a date from today to ",
                                licence.valid_to()),
                   ""});
  }
  RETURN_IF_REFUSED(CheckReason("end_licence.reason", body.reason(),
                                limits::kReasonLeastCharacters,
                                limits::kReasonCharacters));
  Events events(1);
  v1::LicenceEnded* ended = events[0].mutable_licence_ended();
  ended->set_licence_no(body.licence_no());
  ended->set_ended_on(body.ended_on());
  ended->set_reason(body.reason());
  const v1::Certificate& certificate =
      *FindCertificate(a_case.state, licence.certificate_number());
  v1::StatusRecord record = NextStatus(a_case, certificate);
  const auto overlay = a_case.state.licence_overlays.find(body.licence_no());
  if (overlay != a_case.state.licence_overlays.end()) {
    RemoveOverlay(record, v1::LICENCE, 0, overlay->second);
  }
  AppendStatus(record, events);
  return events;
}

}  // namespace dataip::registry
