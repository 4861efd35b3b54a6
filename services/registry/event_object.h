// Which object an event is about, and who is told of it.
#pragma once

#include <string>

#include "core/registry/state/state.h"
#include "dataip/registry/v1/transition.pb.h"

namespace dataip::registryd {

namespace v1 = ::dataip::registry::v1;

// Public, for those who have a part and officers, for officers (changes.h).
enum class Audience { kAll, kParties, kOfficers };

// `objections`, `O20240000001`.
struct EventObject {
  std::string kind;
  std::string number;
};

// Also of events that never stand first. Empty for DeadlinesRecomputed, which
// is about many.
EventObject ObjectOf(const v1::Event& event);

// Of an application, objection or revocation by its number.
EventObject RecomputedObject(const registry::State& before,
                             const std::string& number);

Audience AudienceOf(const EventObject& object, const v1::Event& event);

// Number of the objection by which the event changes the public state of an
// application; null for all other events.
const std::string* MovingObjection(const v1::Event& event);

// Whether it is an application that takes its open objections along.
bool MovesObjections(const v1::Event& event);

// Name of an event's message, e.g. `NoticeOpened`.
std::string EventName(const v1::Event& event);

}  // namespace dataip::registryd
