// Licences: filed by a holder or its agent, shown on the certificate as an
// overlay.
#include <optional>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/registry/certificate/certificate_content.h"
#include "core/registry/licence/licence_checks.h"
#include "core/registry/licence/rules.h"
#include "core/registry/party/attorneys.h"
#include "core/registry/state/case.h"
#include "core/registry/values/number_scheme.h"

namespace dataip::registry {
namespace {

// The holder for whom it is filed.
const std::string& LicensorOf(const Case& a_case, const v1::FileLicence& body) {
  return body.licensor().empty() ? a_case.command.actor() : body.licensor();
}

// An agent licenses nothing to itself (民法典 168).
MaybeRefusal CheckLicensee(const Case& a_case, const v1::FileLicence& body) {
  if (body.licensee() != LicensorOf(a_case, body) &&
      body.licensee() != a_case.command.actor() &&
      FindParty(a_case.state, body.licensee()) != nullptr) {
    return std::nullopt;
  }
  return Refuse(rpc::v1::INVALID_FIELD,
                {"file_licence.licensee", "C4",
                 "被许可人未登记，或就是许可人或其代理人本人，请核对主体编号",
                 "the licensee is not registered, or is the licensor or its "
                 "agent; check its party number",
                 ""});
}

// Each stands in every status record that follows.
MaybeRefusal CheckRoom(const v1::Certificate& certificate) {
  const auto& overlays = certificate.status().overlays();
  const auto lying = std::count_if(
      overlays.begin(), overlays.end(),
      [](const v1::Overlay& overlay) { return overlay.kind() == v1::LICENCE; });
  if (static_cast<size_t>(lying) < limits::kLicencesPerCertificate) {
    return std::nullopt;
  }
  return Refuse(
      rpc::v1::RULE_REFUSES,
      {"file_licence.certificate_number", "C4",
       absl::StrCat("证书上未终止的许可已有 ", limits::kLicencesPerCertificate,
                    " 项，请先终止不再需要的许可"),
       absl::StrCat(limits::kLicencesPerCertificate,
                    " licences lie on the certificate; end those that are not "
                    "needed any more"),
       ""});
}

MaybeRefusal CheckLicensor(const Case& a_case,
                           const v1::Certificate& certificate,
                           const v1::FileLicence& body) {
  const std::string& licensor = LicensorOf(a_case, body);
  if (!IsHolder(certificate, licensor)) {
    return Refuse(
        rpc::v1::NOT_ALLOWED,
        {body.licensor().empty() ? "actor" : "file_licence.licensor", "C4",
         "只有证书的登记主体才能许可；代理人请写明为哪一登记主体备案",
         "only a holder of the certificate licenses it; an agent names the "
         "holder for whom it files",
         ""});
  }
  return CheckActingFor(
      a_case.state,
      {a_case.command.actor(), licensor, v1::ACT_LICENCE, certificate.number()},
      a_case.today(), "C4");
}

v1::Licence LicenceOf(const Case& a_case, const v1::FileLicence& body) {
  v1::Licence licence;
  licence.set_licence_no(
      LicenceNumber(a_case.today(), a_case.state.counters.licences + 1));
  licence.set_certificate_number(body.certificate_number());
  licence.set_licensor(LicensorOf(a_case, body));
  licence.set_licensee(body.licensee());
  licence.set_kind(body.kind());
  licence.set_valid_from(body.valid_from());
  licence.set_valid_to(body.valid_to());
  *licence.mutable_price() = body.price();
  licence.set_contract_no(body.contract_no());
  licence.set_filed_at_ms(a_case.decided_at_ms);
  licence.set_version(1);
  return licence;
}

}  // namespace

Decision DecideFileLicence(const Case& a_case) {
  const State& state = a_case.state;
  const v1::FileLicence& body = a_case.command.file_licence();
  const auto found = state.certificates.find(body.certificate_number());
  if (found == state.certificates.end()) {
    return NotFound(
        "file_licence.certificate_number",
        absl::StrCat("没有编号为“", body.certificate_number(), "”的证书"),
        absl::StrCat("there is no certificate `", body.certificate_number(),
                     "`"));
  }
  const v1::Certificate& certificate = found->second;
  RETURN_IF_REFUSED(CheckLicensor(a_case, certificate, body));
  RETURN_IF_REFUSED(CheckVersion(a_case, certificate.status().version()));
  RETURN_IF_REFUSED(CheckLicensee(a_case, body));
  RETURN_IF_REFUSED(CheckRoom(certificate));
  if (state.counters.licences >= kSerial7) {
    return Refuse(rpc::v1::RULE_REFUSES,
                  {"file_licence.certificate_number", "C4", "许可编号已用尽",
                   "no licence number is left", ""});
  }
  const v1::Licence licence = LicenceOf(a_case, body);
  const LicenceAsked asked{"file_licence", licence, body.salt()};
  RETURN_IF_REFUSED(CheckLicenceTerms(asked));
  RETURN_IF_REFUSED(
      CheckLicensable(a_case, certificate, "file_licence.certificate_number"));
  RETURN_IF_REFUSED(CheckLicencePeriod(a_case, certificate.content(), asked));
  RETURN_IF_REFUSED(CheckLicenceOverlap(state, asked, "valid_from"));
  Events events(1);
  v1::LicenceFiled* filed = events[0].mutable_licence_filed();
  *filed->mutable_licence() = licence;
  filed->set_salt(body.salt());
  v1::StatusRecord record = NextStatus(a_case, certificate);
  AddOverlay(record, LicenceOverlay(licence, body.salt()));
  AppendStatus(record, events);
  return events;
}

}  // namespace dataip::registry
