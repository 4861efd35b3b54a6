// Which object an event is about, and who is told of it.
#pragma once

#include <string>

#include "core/registry/state/about.h"
#include "core/registry/state/state.h"
#include "dataip/registry/v1/transition.pb.h"

namespace dataip::registryd {

namespace v1 = ::dataip::registry::v1;

// Public, for those who have a part and officers, for officers (changes.h).
enum class Audience { kAll, kParties, kOfficers };

// As core's Object, for itself: of certificates it always has the number.
struct EventObject {
  registry::ObjectType type = registry::ObjectType::kNothing;
  std::string number;
};

// Nothing for DeadlinesRecomputed, which is about many.
EventObject ObjectOf(const v1::Event& event);

// Of an application, objection or revocation by its number.
EventObject RecomputedObject(const registry::State& before,
                             const std::string& number);

Audience AudienceOf(const EventObject& object, const v1::Event& event);

// Whether it is about an objection and changes the public state of its
// application.
bool MovesApplication(const v1::Event& event);

// Whether it is about an application that takes its open objections along.
bool MovesObjections(const v1::Event& event);

// Name of an event's message, e.g. `NoticeOpened`.
std::string EventName(const v1::Event& event);

}  // namespace dataip::registryd
