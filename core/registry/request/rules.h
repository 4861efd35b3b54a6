// What decide.cc and evolve.cc ask of this room: the decision of each of its
// commands and the effect of each of its events. Admission (context, time,
// signers) is checked before a decision is asked for.
#pragma once

#include "core/registry/state/case.h"
#include "core/registry/state/refusal.h"
#include "core/registry/state/state.h"
#include "dataip/registry/v1/transition.pb.h"

namespace dataip::registry {

// requests.cc
Decision DecideFileRequest(const Case& a_case);
Decision DecideCosignRequest(const Case& a_case);
Decision DecideWithdrawRequest(const Case& a_case);
Decision DecideRefuseRequest(const Case& a_case);
// request_grants.cc
Decision DecideGrantRequest(const Case& a_case);
// evolve_requests.cc
void EvolveRequestFiled(State& state, const v1::Event& event);
void EvolveRequestCosigned(State& state, const v1::Event& event);
void EvolveRequestWithdrawn(State& state, const v1::Event& event);
void EvolveRequestRefused(State& state, const v1::Event& event);
void EvolveRequestGranted(State& state, const v1::Event& event);
void EvolvePledgeRegistered(State& state, const v1::Event& event);
void EvolvePledgeChanged(State& state, const v1::Event& event);
void EvolvePledgeReleased(State& state, const v1::Event& event);

}  // namespace dataip::registry
