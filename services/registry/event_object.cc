#include "services/registry/event_object.h"

#include <algorithm>
#include <iterator>

#include "core/registry/values/canonical.h"

namespace dataip::registryd {
namespace {

using registry::State;
using Type = registry::ObjectType;

// Those whose lines are for their parties and officers only.
constexpr Type kForParties[] = {
    Type::kAttorney, Type::kBatch,     Type::kDraft,      Type::kFreeze,
    Type::kPledge,   Type::kObjection, Type::kRevocation, Type::kRequest};

// Of what is issued and of status records; the bytes of a record say it.
std::string NumberInRecord(const v1::Event& event) {
  const auto record = registry::ParseCanonical<v1::StatusRecord>(
      event.has_certificate_issued()
          ? event.certificate_issued().status_record()
          : event.status_changed().status_record());
  return record.ok() ? record->number() : "";
}

}  // namespace

EventObject ObjectOf(const v1::Event& event) {
  if (event.has_certificate_issued() || event.has_status_changed()) {
    return {Type::kCertificate, NumberInRecord(event)};
  }
  const registry::Object object = registry::ObjectOf(event);
  return {object.type, std::string(object.number)};
}

EventObject RecomputedObject(const State& before, const std::string& number) {
  if (registry::FindApplication(before, number) != nullptr) {
    return {Type::kApplication, number};
  }
  return {registry::FindObjection(before, number) != nullptr
              ? Type::kObjection
              : Type::kRevocation,
          number};
}

Audience AudienceOf(const EventObject& object, const v1::Event& event) {
  switch (event.event_case()) {
    case v1::Event::kApplicationClaimed:
    case v1::Event::kApplicationReleased:
    case v1::Event::kOpeningsErased:
      return Audience::kOfficers;
    case v1::Event::kUsageRecorded:
    case v1::Event::kOpinionRecorded:
      return Audience::kParties;
    default:
      break;
  }
  const bool parties = std::find(std::begin(kForParties), std::end(kForParties),
                                 object.type) != std::end(kForParties);
  return parties ? Audience::kParties : Audience::kAll;
}

bool MovesApplication(const v1::Event& event) {
  switch (event.event_case()) {
    case v1::Event::kObjectionAccepted:
    case v1::Event::kObjectionUpheld:
    case v1::Event::kReplyDefaulted:
    case v1::Event::kObjectionDismissed:
    case v1::Event::kObjectionWithdrawn:
      return true;
    default:
      return false;
  }
}

bool MovesObjections(const v1::Event& event) {
  switch (event.event_case()) {
    case v1::Event::kApplicationWithdrawn:
    case v1::Event::kApplicationRefused:
    case v1::Event::kProceedingsSuspended:
    case v1::Event::kProceedingsResumed:
      return true;
    default:
      return false;
  }
}

std::string EventName(const v1::Event& event) {
  const auto* oneof = v1::Event::descriptor()->oneof_decl(0);
  const auto* field =
      v1::Event::GetReflection()->GetOneofFieldDescriptor(event, oneof);
  return field == nullptr ? "" : field->message_type()->name();
}

}  // namespace dataip::registryd
