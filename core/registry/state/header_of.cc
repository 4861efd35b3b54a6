#include "core/registry/state/header_of.h"

#include <map>
#include <optional>
#include <utility>

#include "core/registry/state/about.h"
#include "core/registry/values/canonical.h"

namespace dataip::registry {
namespace {

// One that is told where the event before it is.
bool StandsBehind(const v1::Event& event) {
  switch (event.event_case()) {
    case v1::Event::kCertificateIssued:
    case v1::Event::kCertificateAnnounced:
    case v1::Event::kStatusChanged:
    case v1::Event::kNoticeResumed:
    case v1::Event::kPledgeRegistered:
    case v1::Event::kPledgeChanged:
    case v1::Event::kPledgeReleased:
      return true;
    default:
      return false;
  }
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
  const v1::Event& first = *events.begin();
  if (!StandsBehind(first)) parts.stream = StreamOf(ObjectOf(first));
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
