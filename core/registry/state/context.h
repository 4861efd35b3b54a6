// Under what a decision is made.
#pragma once

#include <cstdint>

#include "core/registry/state/state.h"
#include "dataip/registry/v1/command.pb.h"
#include "dataip/registry/v1/transition.pb.h"

namespace dataip::registry {

// Raised with every change that could alter an outcome.
inline constexpr uint32_t kDecider = 2;

// Whether this program decides as that number did. Decider 1 was never
// released and is not kept: what it decided cannot be decided here, and is not
// broken for that.
inline constexpr bool KnowsDecider(uint32_t decider) {
  return decider == kDecider;
}

// The only context that Decide accepts for this command in this state at this
// time: the profile that rules its case, tables with digests (names ascending),
// decider.
v1::Context ContextOf(const State& state, const v1::Command& command,
                      int64_t decided_at_ms);

// The time at which to decide `command` when the real clock shows `now_ms`: a
// demonstration's clock stands still; opening one takes its start; otherwise
// the real time, never before the last decision.
int64_t DecisionTimeMs(const State& state, const v1::Command& command,
                       int64_t now_ms);

}  // namespace dataip::registry
