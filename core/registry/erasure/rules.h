// What decide.cc and evolve.cc ask of this room: the decision of each of its
// commands and the effect of each of its events. Admission (context, time,
// signers) is checked before a decision is asked for.
#pragma once

#include "core/registry/state/case.h"
#include "core/registry/state/refusal.h"
#include "core/registry/state/state.h"
#include "dataip/registry/v1/transition.pb.h"

namespace dataip::registry {

// erasure.cc
Decision DecideErasePayload(const Case& a_case);
void EvolvePayloadErased(State& state, const v1::Event& event);
// disclosure.cc
Decision DecideDiscloseField(const Case& a_case);
Decision DecideEraseOpenings(const Case& a_case);
void EvolveFieldDisclosed(State& state, const v1::Event& event);
void EvolveOpeningsErased(State& state, const v1::Event& event);

}  // namespace dataip::registry
