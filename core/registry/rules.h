// What decide.cc and evolve.cc ask of this room: the decision of each of its
// commands and the effect of each of its events. Admission (context, time,
// signers) is checked before a decision is asked for.
#pragma once

#include "core/registry/state/case.h"
#include "core/registry/state/refusal.h"
#include "core/registry/state/state.h"
#include "dataip/registry/v1/transition.pb.h"

namespace dataip::registry {

// opening.cc
Decision DecideOpenRegistry(const Case& a_case);
Decision DecideLoadTable(const Case& a_case);
Decision DecideAdvanceClock(const Case& a_case);
// adoption.cc
Decision DecideAdoptProfile(const Case& a_case);
// evolve_tables.cc
void EvolveTableLoaded(State& state, const v1::Event& event);
void EvolveProfileAdopted(State& state, const v1::Event& event);

}  // namespace dataip::registry
