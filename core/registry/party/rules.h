// What decide.cc and evolve.cc ask of this room: the decision of each of its
// commands and the effect of each of its events. Admission (context, time,
// signers) is checked before a decision is asked for.
#pragma once

#include "core/registry/state/case.h"
#include "core/registry/state/refusal.h"
#include "core/registry/state/state.h"
#include "dataip/registry/v1/transition.pb.h"

namespace dataip::registry {

// parties.cc
Decision DecideRegisterOfficer(const Case& a_case);
Decision DecideRegisterParty(const Case& a_case);
Decision DecideEnrolKey(const Case& a_case);
// powers.cc
Decision DecideGrantAttorney(const Case& a_case);
Decision DecideRevokeAttorney(const Case& a_case);
// evolve_parties.cc
void EvolveRegistryOpened(State& state, const v1::Event& event);
void EvolveOfficerRegistered(State& state, const v1::Event& event);
void EvolvePartyRegistered(State& state, const v1::Event& event);
void EvolveKeyEnrolled(State& state, const v1::Event& event);
void EvolveClockAdvanced(State& state, const v1::Event& event);

}  // namespace dataip::registry
