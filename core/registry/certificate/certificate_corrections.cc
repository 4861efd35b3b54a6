// The registry mends its own error on a certificate: a new sheet (C10).
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/registry/certificate/certificate_content.h"
#include "core/registry/certificate/certificate_orders.h"
#include "core/registry/certificate/rules.h"
#include "core/registry/state/case.h"

namespace dataip::registry {

Decision DecideCorrectCertificate(const Case& a_case) {
  const v1::CorrectCertificate& body = a_case.command.correct_certificate();
  const std::string& number = body.certificate_number();
  RETURN_IF_REFUSED(CheckValidSheet(
      a_case, {"correct_certificate.certificate_number", "C10", number}));
  const v1::Certificate& before = *FindSheet(a_case.state, number);
  if (!before.open_revocation().empty()) {
    return Refuse(rpc::v1::RULE_REFUSES,
                  {"correct_certificate.certificate_number", "C10",
                   absl::StrCat("撤销案 ", before.open_revocation(),
                                " 尚未办结，请先办结再更正"),
                   absl::StrCat("revocation ", before.open_revocation(),
                                " is open; decide it before the correction"),
                   ""});
  }
  RETURN_IF_REFUSED(CheckReason("correct_certificate.error", body.error(),
                                limits::kReasonLeastCharacters,
                                limits::kRefusalReasonCharacters));
  v1::CertificateContent content = before.content();
  RETURN_IF_REFUSED(ApplyChange(a_case, before, body.values(),
                                "correct_certificate.values", "C10", content));
  RETURN_IF_REFUSED(
      CheckNumbersLeft(a_case, "correct_certificate.certificate_number"));
  Events events(1);
  const std::string successor =
      AppendNewSheet(a_case, before, std::move(content), events);
  v1::CertificateCorrected* corrected =
      events[0].mutable_certificate_corrected();
  corrected->set_certificate_number(number);
  corrected->set_error(body.error());
  corrected->set_new_certificate_number(successor);
  return events;
}

}  // namespace dataip::registry
