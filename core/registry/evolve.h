// Evolve: events into state. Total: an event about something that the state
// does not hold changes nothing (Decide never makes one; who replays compares
// with Decide first).
#pragma once

#include <vector>

#include "core/hash/hash.h"
#include "core/registry/state/state.h"
#include "dataip/registry/v1/command.pb.h"
#include "dataip/registry/v1/transition.pb.h"

namespace dataip::registry {

// One event. Times that it does not carry are state.last_decided_at_ms, which
// Fold sets first.
void Evolve(State& state, const v1::Event& event);

// A whole transition: sets the time of decision, evolves all events in order,
// and remembers (actor, command id). `command_sha256` is that of the
// command's bytes as they came.
void Fold(State& state, const v1::Command& command,
          const hash::Hash& command_sha256, const v1::Context& context,
          const std::vector<v1::Event>& events);
void Fold(State& state, const v1::Command& command,
          const hash::Hash& command_sha256, const v1::Context& context,
          const google::protobuf::RepeatedPtrField<v1::Event>& events);

}  // namespace dataip::registry
