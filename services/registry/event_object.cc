#include "services/registry/event_object.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/registry/state/header_of.h"

namespace dataip::registryd {
namespace {

using registry::State;

// Streams whose lines are for their parties and officers only.
constexpr absl::string_view kForParties[] = {
    "attorneys",  "batches", "drafts",   "freezes",
    "objections", "pledges", "requests", "revocations"};

EventObject Parsed(const std::string& stream) {
  const size_t slash = stream.find('/');
  if (slash == std::string::npos) return {stream, stream};
  return {stream.substr(0, slash), stream.substr(slash + 1)};
}

}  // namespace

EventObject ObjectOf(const v1::Event& event) {
  switch (event.event_case()) {
    case v1::Event::kCertificateAnnounced:
      return {"certificates",
              event.certificate_announced().certificate_number()};
    case v1::Event::kNoticeResumed:
      return {"applications", event.notice_resumed().application_no()};
    case v1::Event::kPledgeRegistered:
      return {"pledges", event.pledge_registered().pledge().pledge_no()};
    case v1::Event::kPledgeReleased:
      return {"pledges", event.pledge_released().pledge_no()};
    default:
      break;
  }
  const auto parts = registry::HeaderOf(std::vector<v1::Event>{event});
  // Of what is issued and of status records the key of the map says it.
  return Parsed(parts.stream.empty() && !parts.updates.empty()
                    ? parts.updates.front().key
                    : parts.stream);
}

EventObject RecomputedObject(const State& before, const std::string& number) {
  if (registry::FindApplication(before, number) != nullptr) {
    return {"applications", number};
  }
  return {registry::FindObjection(before, number) != nullptr ? "objections"
                                                             : "revocations",
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
                                 object.kind) != std::end(kForParties);
  return parties ? Audience::kParties : Audience::kAll;
}

const std::string* MovingObjection(const v1::Event& event) {
  switch (event.event_case()) {
    case v1::Event::kObjectionAccepted:
      return &event.objection_accepted().objection_no();
    case v1::Event::kObjectionUpheld:
      return &event.objection_upheld().objection_no();
    case v1::Event::kReplyDefaulted:
      return &event.reply_defaulted().objection_no();
    case v1::Event::kObjectionDismissed:
      return &event.objection_dismissed().objection_no();
    case v1::Event::kObjectionWithdrawn:
      return &event.objection_withdrawn().objection_no();
    default:
      return nullptr;
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
