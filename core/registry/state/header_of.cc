#include "core/registry/state/header_of.h"

#include <map>
#include <optional>
#include <utility>

#include "core/registry/state/state.h"
#include "core/registry/values/canonical.h"

namespace dataip::registry {
namespace {

// Where an event that stands first is told: prefix and number of its object.
struct Stream {
  v1::Event::EventCase event;
  const char* prefix;
  const std::string& (*number)(const v1::Event& event);
};

// Those that are not here stand behind another event, or StreamOf knows them.
constexpr Stream kStreams[] = {
    {v1::Event::kTableLoaded, "tables/",
     [](const v1::Event& event) -> const std::string& {
       return event.table_loaded().name();
     }},
    {v1::Event::kOfficerRegistered, "officers/",
     [](const v1::Event& event) -> const std::string& {
       return event.officer_registered().officer().officer_id();
     }},
    {v1::Event::kPartyRegistered, "parties/",
     [](const v1::Event& event) -> const std::string& {
       return event.party_registered().party().party_number();
     }},
    {v1::Event::kApplicationSubmitted, "applications/",
     [](const v1::Event& event) -> const std::string& {
       return event.application_submitted().application().application_no();
     }},
    {v1::Event::kCorrectionRequested, "applications/",
     [](const v1::Event& event) -> const std::string& {
       return event.correction_requested().application_no();
     }},
    {v1::Event::kCorrectionFiled, "applications/",
     [](const v1::Event& event) -> const std::string& {
       return event.correction_filed().application_no();
     }},
    {v1::Event::kDeemedWithdrawn, "applications/",
     [](const v1::Event& event) -> const std::string& {
       return event.deemed_withdrawn().application_no();
     }},
    {v1::Event::kApplicationWithdrawn, "applications/",
     [](const v1::Event& event) -> const std::string& {
       return event.application_withdrawn().application_no();
     }},
    {v1::Event::kApplicationRefused, "applications/",
     [](const v1::Event& event) -> const std::string& {
       return event.application_refused().application_no();
     }},
    {v1::Event::kNoticeOpened, "applications/",
     [](const v1::Event& event) -> const std::string& {
       return event.notice_opened().application_no();
     }},
    {v1::Event::kApplicationRegistered, "applications/",
     [](const v1::Event& event) -> const std::string& {
       return event.application_registered().application_no();
     }},
    {v1::Event::kOpinionRecorded, "applications/",
     [](const v1::Event& event) -> const std::string& {
       return event.opinion_recorded().application_no();
     }},
    {v1::Event::kApplicationClaimed, "applications/",
     [](const v1::Event& event) -> const std::string& {
       return event.application_claimed().application_no();
     }},
    {v1::Event::kApplicationReleased, "applications/",
     [](const v1::Event& event) -> const std::string& {
       return event.application_released().application_no();
     }},
    {v1::Event::kProceedingsSuspended, "applications/",
     [](const v1::Event& event) -> const std::string& {
       return event.proceedings_suspended().application_no();
     }},
    {v1::Event::kProceedingsResumed, "applications/",
     [](const v1::Event& event) -> const std::string& {
       return event.proceedings_resumed().application_no();
     }},
    {v1::Event::kFieldDisclosed, "applications/",
     [](const v1::Event& event) -> const std::string& {
       return event.field_disclosed().application_no();
     }},
    {v1::Event::kLicenceFiled, "licences/",
     [](const v1::Event& event) -> const std::string& {
       return event.licence_filed().licence().licence_no();
     }},
    {v1::Event::kUsageRecorded, "licences/",
     [](const v1::Event& event) -> const std::string& {
       return event.usage_recorded().licence_no();
     }},
    {v1::Event::kLicenceConfirmed, "licences/",
     [](const v1::Event& event) -> const std::string& {
       return event.licence_confirmed().licence_no();
     }},
    {v1::Event::kLicenceChanged, "licences/",
     [](const v1::Event& event) -> const std::string& {
       return event.licence_changed().licence().licence_no();
     }},
    {v1::Event::kLicenceEnded, "licences/",
     [](const v1::Event& event) -> const std::string& {
       return event.licence_ended().licence_no();
     }},
    {v1::Event::kAttorneyGranted, "attorneys/",
     [](const v1::Event& event) -> const std::string& {
       return event.attorney_granted().attorney().attorney_no();
     }},
    {v1::Event::kAttorneyRevoked, "attorneys/",
     [](const v1::Event& event) -> const std::string& {
       return event.attorney_revoked().attorney_no();
     }},
    {v1::Event::kApplicationPrepared, "drafts/",
     [](const v1::Event& event) -> const std::string& {
       return event.application_prepared().draft().draft_no();
     }},
    {v1::Event::kApplicationCosigned, "drafts/",
     [](const v1::Event& event) -> const std::string& {
       return event.application_cosigned().draft_no();
     }},
    {v1::Event::kDraftDiscarded, "drafts/",
     [](const v1::Event& event) -> const std::string& {
       return event.draft_discarded().draft_no();
     }},
    {v1::Event::kBatchDecided, "batches/",
     [](const v1::Event& event) -> const std::string& {
       return event.batch_decided().batch_no();
     }},
    {v1::Event::kObjectionFiled, "objections/",
     [](const v1::Event& event) -> const std::string& {
       return event.objection_filed().objection().objection_no();
     }},
    {v1::Event::kObjectionAccepted, "objections/",
     [](const v1::Event& event) -> const std::string& {
       return event.objection_accepted().objection_no();
     }},
    {v1::Event::kObjectionRejected, "objections/",
     [](const v1::Event& event) -> const std::string& {
       return event.objection_rejected().objection_no();
     }},
    {v1::Event::kObjectionForwarded, "objections/",
     [](const v1::Event& event) -> const std::string& {
       return event.objection_forwarded().objection_no();
     }},
    {v1::Event::kObjectionAnswered, "objections/",
     [](const v1::Event& event) -> const std::string& {
       return event.objection_answered().objection_no();
     }},
    {v1::Event::kObjectionUpheld, "objections/",
     [](const v1::Event& event) -> const std::string& {
       return event.objection_upheld().objection_no();
     }},
    {v1::Event::kReplyDefaulted, "objections/",
     [](const v1::Event& event) -> const std::string& {
       return event.reply_defaulted().objection_no();
     }},
    {v1::Event::kObjectionDismissed, "objections/",
     [](const v1::Event& event) -> const std::string& {
       return event.objection_dismissed().objection_no();
     }},
    {v1::Event::kObjectionWithdrawn, "objections/",
     [](const v1::Event& event) -> const std::string& {
       return event.objection_withdrawn().objection_no();
     }},
    {v1::Event::kRequestFiled, "requests/",
     [](const v1::Event& event) -> const std::string& {
       return event.request_filed().request().request_no();
     }},
    {v1::Event::kRequestCosigned, "requests/",
     [](const v1::Event& event) -> const std::string& {
       return event.request_cosigned().request_no();
     }},
    {v1::Event::kRequestWithdrawn, "requests/",
     [](const v1::Event& event) -> const std::string& {
       return event.request_withdrawn().request_no();
     }},
    {v1::Event::kRequestRefused, "requests/",
     [](const v1::Event& event) -> const std::string& {
       return event.request_refused().request_no();
     }},
    {v1::Event::kRequestGranted, "requests/",
     [](const v1::Event& event) -> const std::string& {
       return event.request_granted().request_no();
     }},
    {v1::Event::kRevocationOpened, "revocations/",
     [](const v1::Event& event) -> const std::string& {
       return event.revocation_opened().revocation().revocation_no();
     }},
    {v1::Event::kRevocationHeard, "revocations/",
     [](const v1::Event& event) -> const std::string& {
       return event.revocation_heard().revocation_no();
     }},
    {v1::Event::kCertificateRevoked, "revocations/",
     [](const v1::Event& event) -> const std::string& {
       return event.certificate_revoked().revocation_no();
     }},
    {v1::Event::kRevocationDropped, "revocations/",
     [](const v1::Event& event) -> const std::string& {
       return event.revocation_dropped().revocation_no();
     }},
    {v1::Event::kCertificateFrozen, "freezes/",
     [](const v1::Event& event) -> const std::string& {
       return event.certificate_frozen().freeze().freeze_no();
     }},
    {v1::Event::kFreezeReleased, "freezes/",
     [](const v1::Event& event) -> const std::string& {
       return event.freeze_released().freeze_no();
     }},
    {v1::Event::kCertificateExpired, "certificates/",
     [](const v1::Event& event) -> const std::string& {
       return event.certificate_expired().certificate_number();
     }},
    {v1::Event::kCertificateCorrected, "certificates/",
     [](const v1::Event& event) -> const std::string& {
       return event.certificate_corrected().certificate_number();
     }},
    {v1::Event::kCertificateImported, "certificates/",
     [](const v1::Event& event) -> const std::string& {
       return event.certificate_imported().certificate_number();
     }},
};

std::string StreamOf(const v1::Event& event) {
  switch (event.event_case()) {
    case v1::Event::kRegistryOpened:
    case v1::Event::kPayloadErased:
    case v1::Event::kProfileAdopted:
    case v1::Event::kOpeningsErased:
      return "registry";
    case v1::Event::kClockAdvanced:
      return "clock";
    case v1::Event::kKeyEnrolled: {
      const std::string& actor = event.key_enrolled().actor();
      return actor.rfind(kOfficerPrefix, 0) == 0 ? actor : "parties/" + actor;
    }
    default:
      break;
  }
  for (const Stream& stream : kStreams) {
    if (stream.event != event.event_case()) continue;
    return stream.prefix + stream.number(event);
  }
  return "";
}

const std::string* StatusRecordIn(const v1::Event& event) {
  if (event.has_certificate_issued()) {
    return &event.certificate_issued().status_record();
  }
  return event.has_status_changed() ? &event.status_changed().status_record()
                                    : nullptr;
}

template <typename Events>
EntryParts PartsOf(const Events& events) {
  if (events.empty()) return {};
  std::map<std::string, hash::Hash> updates;
  for (const v1::Event& event : events) {
    const std::string* bytes = StatusRecordIn(event);
    if (bytes == nullptr) continue;
    const auto record = ParseCanonical<v1::StatusRecord>(*bytes);
    if (!record.ok()) return {};
    updates[CertificateKey(record->number())] =
        hash::Sha256(hash::AsBytes(*bytes));
  }
  EntryParts parts;
  parts.type = std::string(proof::kTransitionType);
  parts.stream = StreamOf(*events.begin());
  for (auto& [key, value] : updates) {
    parts.updates.push_back(proof::Update{key, value});
  }
  return parts;
}

}  // namespace

EntryParts HeaderOf(const std::vector<v1::Event>& events) {
  return PartsOf(events);
}

EntryParts HeaderOf(
    const google::protobuf::RepeatedPtrField<v1::Event>& events) {
  return PartsOf(events);
}

std::string CertificateKey(const std::string& certificate_number) {
  return "certificates/" + certificate_number;
}

}  // namespace dataip::registry
