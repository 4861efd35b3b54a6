
#include "core/registry/application/rules.h"

namespace dataip::registry {

// What became of its items stands in the events after it.
void EvolveBatchDecided(State& state, const v1::Event&) {
  ++state.counters.batches;
}

// Who works on a case is not what it says: its version stays, so that a
// decision that waits for its second signature still holds.
void EvolveApplicationClaimed(State& state, const v1::Event& event) {
  const v1::ApplicationClaimed& claimed = event.application_claimed();
  const auto found = state.applications.find(claimed.application_no());
  if (found == state.applications.end()) return;
  found->second.set_claimed_by(claimed.officer());
}

void EvolveApplicationReleased(State& state, const v1::Event& event) {
  const auto found =
      state.applications.find(event.application_released().application_no());
  if (found == state.applications.end()) return;
  found->second.clear_claimed_by();
}

}  // namespace dataip::registry
