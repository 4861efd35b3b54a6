#include "core/registry/erasure/redaction_words.h"

#include <algorithm>
#include <iterator>

#include "google/protobuf/descriptor.h"

namespace dataip::registry {
namespace {

constexpr absl::string_view kRedactableTexts[] = {
    "Application.refusal_reason",
    "ApplicationForm.algorithm_summary",
    "ApplicationForm.client_reference",
    "ApplicationForm.commitment_text",
    "ApplicationForm.duplicate_explanation",
    "ApplicationForm.name",
    "ApplicationForm.storage_format_text",
    "ApplicationRefused.reason",
    "ApplicationWithdrawn.reason",
    "CancellationRequest.reason",
    "CertificateCorrected.error",
    "CertificateRequest.refusal_reason",
    "CertificateRevoked.reason",
    "ChangeRequest.name",
    "Contact.role",
    "CorrectionRequest.error",
    "DataDepartmentOpinion.department",
    "DataDepartmentOpinion.document_no",
    "DataField.meaning",
    "DataField.name",
    "DataField.type",
    "DataField.unit",
    "Defect.reason",
    "Deidentification.method",
    "Deidentification.reidentification_test",
    "Deidentification.standard",
    "DuplicateReport.reason_en",
    "DuplicateReport.reason_zh",
    "Evidence.hash_hex",
    "Evidence.number",
    "Evidence.provider",
    "LicenceEnded.reason",
    "Objection.answer",
    "Objection.decision_reason",
    "ObjectionAnswered.answer",
    "ObjectionClaim.interest",
    "ObjectionClaim.statement",
    "ObjectionDismissed.reason",
    "ObjectionRejected.reason",
    "ObjectionUpheld.reason",
    "ObjectionWithdrawn.reason",
    "Opening.salt",
    "Opening.value",
    "PartyIdentity.masked_name",
    "PartyIdentity.name",
    "PriorRegistration.number",
    "PriorRegistration.registry",
    "Proceedings.authority",
    "Proceedings.case_number",
    "ProceedingsResumed.reason",
    "PublicSnapshot.algorithm_summary",
    "PublicSnapshot.applicants",
    "PublicSnapshot.name",
    "RenewalRequest.statement_of_use",
    "ReplacementRequest.reason",
    "RequestRefused.reason",
    "Revocation.document_no",
    "Revocation.reason",
    "Revocation.salt",
    "Revocation.statement",
    "RevocationDropped.reason",
    "RevocationHeard.statement",
    "Sample.columns",
    "Scenario.conditions",
    "Scenario.object",
    "Scenario.problem_solved",
    "Scenario.scope",
    "Source.method",
    "TransferRequest.document_no",
};
static_assert(std::is_sorted(std::begin(kRedactableTexts),
                             std::end(kRedactableTexts)));

}  // namespace

std::span<const absl::string_view> RedactableTexts() {
  return kRedactableTexts;
}

bool IsRedactable(const google::protobuf::FieldDescriptor& field) {
  const absl::string_view full = field.full_name();
  const size_t message = full.rfind('.', full.rfind('.') - 1);
  return std::binary_search(std::begin(kRedactableTexts),
                            std::end(kRedactableTexts),
                            full.substr(message + 1));
}

}  // namespace dataip::registry
