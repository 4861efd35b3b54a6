// Every text of every event stays or may be taken out, on purpose.
#include "core/registry/erasure/redaction_words.h"

#include <set>
#include <string>

#include "dataip/registry/v1/transition.pb.h"
#include "gtest/gtest.h"

namespace dataip::registry {
namespace {

// `Message.field` of every text, opening and salt that an event can hold.
void CollectTexts(const google::protobuf::Descriptor& message,
                  std::set<std::string>& seen, std::set<std::string>& texts) {
  if (!seen.insert(message.full_name()).second) return;
  for (int i = 0; i < message.field_count(); ++i) {
    const auto& field = *message.field(i);
    const bool opening =
        field.type() == field.TYPE_BYTES &&
        (&message == v1::Opening::descriptor() || field.name() == "salt");
    if (field.type() == field.TYPE_STRING || opening) {
      texts.insert(message.name() + "." + field.name());
    } else if (field.message_type() != nullptr) {
      CollectTexts(*field.message_type(), seen, texts);
    }
  }
}

// What is added to an event is put into one of two lists on purpose: this one,
// of what stays, or that of redaction_words.h.
TEST(RedactionWords, LeaveNumbersDatesAndCodes) {
  const std::set<std::string> stay = {
      "AdoptProfile.effective_from",
      "AdoptProfile.legal_basis",
      "Applicant.party_number",
      "Application.agent",
      "Application.application_no",
      "Application.certificate_number",
      "Application.claimed_by",
      "Application.disclosed_fields",
      "Application.draft_no",
      "Application.open_objections",
      "Application.refusal_grounds",
      "ApplicationClaimed.application_no",
      "ApplicationClaimed.officer",
      "ApplicationCosigned.draft_no",
      "ApplicationCosigned.party_number",
      "ApplicationForm.coverage_from",
      "ApplicationForm.coverage_to",
      "ApplicationForm.industry_code",
      "ApplicationForm.predecessor_no",
      "ApplicationForm.prepared_from",
      "ApplicationForm.region_code",
      "ApplicationForm.scenario_industry_code",
      "ApplicationForm.series",
      "ApplicationRefused.application_no",
      "ApplicationRefused.grounds",
      "ApplicationRegistered.application_no",
      "ApplicationRegistered.certificate_number",
      "ApplicationRegistered.registration_number",
      "ApplicationReleased.application_no",
      "ApplicationWithdrawn.application_no",
      "AttorneyRevoked.attorney_no",
      "AttorneyRevoked.revoked_on",
      "BatchDecided.application_nos",
      "BatchDecided.batch_no",
      "CertificateAnnounced.announced_on",
      "CertificateAnnounced.certificate_number",
      "CertificateCorrected.certificate_number",
      "CertificateCorrected.new_certificate_number",
      "CertificateExpired.certificate_number",
      "CertificateFrozen.salt",
      "CertificateImported.certificate_number",
      "CertificateRequest.certificate_number",
      "CertificateRequest.cosigned",
      "CertificateRequest.cosigners",
      "CertificateRequest.new_certificate_number",
      "CertificateRequest.request_no",
      "CertificateRequest.requester",
      "CertificateRevoked.revocation_no",
      "ChangeRequest.changed_on",
      "ChangeRequest.region_code",
      "CorrectionFiled.application_no",
      "CorrectionRequested.application_no",
      "Deadline.due_date",
      "Deadline.rule",
      "Deadline.start_date",
      "DeemedWithdrawn.application_no",
      "Defect.field",
      "Draft.application_no",
      "Draft.cosigned",
      "Draft.draft_no",
      "DraftDiscarded.draft_no",
      "EraseOpenings.legal_basis",
      "EraseOpenings.ordered_by",
      "ErasePayload.legal_basis",
      "ErasePayload.ordered_by",
      "FieldDisclosed.application_no",
      "FieldDisclosed.field",
      "FieldTier.field",
      "FileCommitment.kind",
      "FileCommitment.media_type",
      "Freeze.authority",
      "Freeze.certificate_number",
      "Freeze.document_no",
      "Freeze.freeze_no",
      "Freeze.until",
      "FreezeReleased.document_no",
      "FreezeReleased.freeze_no",
      "KeyEnrolled.actor",
      "Licence.certificate_number",
      "Licence.contract_no",
      "Licence.ended_on",
      "Licence.licence_no",
      "Licence.licensee",
      "Licence.licensor",
      "Licence.valid_from",
      "Licence.valid_to",
      "LicenceChanged.salt",
      "LicenceConfirmed.licence_no",
      "LicenceEnded.ended_on",
      "LicenceEnded.licence_no",
      "LicenceFiled.salt",
      "LicencePrice.unit",
      "Money.currency",
      "NewHolder.party_number",
      "NoticeOpened.application_no",
      "NoticeResumed.application_no",
      "Objection.application_no",
      "Objection.objection_no",
      "Objection.objector",
      "ObjectionAccepted.objection_no",
      "ObjectionAnswered.objection_no",
      "ObjectionClaim.fields",
      "ObjectionDismissed.objection_no",
      "ObjectionForwarded.objection_no",
      "ObjectionRejected.objection_no",
      "ObjectionUpheld.objection_no",
      "ObjectionWithdrawn.objection_no",
      "Officer.key_ids",
      "Officer.officer_id",
      "OpenRegistry.jurisdiction",
      "OpenRegistry.profile_id",
      "OpinionRecorded.application_no",
      "Party.key_ids",
      "Party.party_number",
      "PartyIdentity.uscc",
      "Pledge.certificate_number",
      "Pledge.contract_no",
      "Pledge.pledge_no",
      "Pledge.pledgee",
      "Pledge.valid_from",
      "Pledge.valid_to",
      "PledgeChanged.salt",
      "PledgeRegistered.salt",
      "PledgeReleased.pledge_no",
      "PledgeRequest.contract_no",
      "PledgeRequest.pledge_no",
      "PledgeRequest.pledgee",
      "PledgeRequest.salt",
      "PledgeRequest.valid_from",
      "PledgeRequest.valid_to",
      "PowerOfAttorney.agent",
      "PowerOfAttorney.attorney_no",
      "PowerOfAttorney.objects",
      "PowerOfAttorney.principal",
      "PowerOfAttorney.revoked_on",
      "PowerOfAttorney.valid_from",
      "PowerOfAttorney.valid_to",
      "PriorRegistration.date",
      "Proceedings.date",
      "ProceedingsResumed.application_no",
      "ProceedingsSuspended.application_no",
      "ProfileRef.profile_id",
      "Provenance.extracted_on",
      "Provenance.issued_by",
      "Provenance.legacy_numbers",
      "Provenance.system",
      "PublicSnapshot.application_no",
      "PublicSnapshot.industry_code",
      "PublicSnapshot.region_code",
      "RecomputedDeadline.object",
      "RegistryOpened.origin",
      "RemainingReply.objection_no",
      "RenewalRequest.contract_ends",
      "RenewalRequest.valid_to",
      "ReplyDefaulted.objection_no",
      "RequestCosigned.party_number",
      "RequestCosigned.request_no",
      "RequestGranted.new_certificate_number",
      "RequestGranted.request_no",
      "RequestRefused.request_no",
      "RequestWithdrawn.request_no",
      "ResumedReply.objection_no",
      "Revocation.certificate_number",
      "Revocation.grounds",
      "Revocation.revocation_no",
      "RevocationDropped.revocation_no",
      "RevocationHeard.revocation_no",
      "SealedField.field",
      "SimilarApplication.application_no",
      "Source.contract_end",
      "TableLoaded.name",
      "UsageEvent.id",
      "UsageEvent.occurred_on",
      "UsageEvent.reverses_id",
      "UsageEvent.source",
      "UsageRecorded.certificate_number",
      "UsageRecorded.licence_no"};
  std::set<std::string> seen;
  std::set<std::string> texts;
  CollectTexts(*v1::Event::descriptor(), seen, texts);
  std::set<std::string> listed = stay;
  for (const absl::string_view word : RedactableTexts()) {
    EXPECT_TRUE(listed.emplace(word).second) << word;
  }
  EXPECT_EQ(texts, listed);
}

}  // namespace
}  // namespace dataip::registry
