#include "core/registry/header_of.h"

#include <map>
#include <optional>
#include <utility>

#include "core/registry/canonical.h"
#include "core/registry/state.h"

namespace dataip::registry {
namespace {

std::string StreamOf(const v1::Event& event) {
  const auto application = [](const std::string& number) {
    return "applications/" + number;
  };
  switch (event.event_case()) {
    case v1::Event::kRegistryOpened:
    case v1::Event::kPayloadErased:
      return "registry";
    case v1::Event::kTableLoaded:
      return "tables/" + event.table_loaded().name();
    case v1::Event::kOfficerRegistered:
      return kOfficerPrefix + event.officer_registered().officer().officer_id();
    case v1::Event::kPartyRegistered:
      return "parties/" + event.party_registered().party().party_number();
    case v1::Event::kKeyEnrolled: {
      const std::string& actor = event.key_enrolled().actor();
      return actor.rfind(kOfficerPrefix, 0) == 0 ? actor : "parties/" + actor;
    }
    case v1::Event::kClockAdvanced:
      return "clock";
    case v1::Event::kApplicationSubmitted:
      return application(
          event.application_submitted().application().application_no());
    case v1::Event::kCorrectionRequested:
      return application(event.correction_requested().application_no());
    case v1::Event::kCorrectionFiled:
      return application(event.correction_filed().application_no());
    case v1::Event::kDeemedWithdrawn:
      return application(event.deemed_withdrawn().application_no());
    case v1::Event::kApplicationWithdrawn:
      return application(event.application_withdrawn().application_no());
    case v1::Event::kApplicationRefused:
      return application(event.application_refused().application_no());
    case v1::Event::kNoticeOpened:
      return application(event.notice_opened().application_no());
    case v1::Event::kApplicationRegistered:
      return application(event.application_registered().application_no());
    case v1::Event::kLicenceFiled:
      return "licences/" + event.licence_filed().licence().licence_no();
    case v1::Event::kUsageRecorded:
      return "licences/" + event.usage_recorded().licence_no();
    // These only stand behind another event.
    case v1::Event::kCertificateIssued:
    case v1::Event::kCertificateAnnounced:
    case v1::Event::kStatusChanged:
    case v1::Event::EVENT_NOT_SET:
      return "";
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
