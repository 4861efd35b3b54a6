// What decide.cc and evolve.cc ask of this room: the decision of each of its
// commands and the effect of each of its events. Admission (context, time,
// signers) is checked before a decision is asked for.
#pragma once

#include "core/registry/state/case.h"
#include "core/registry/state/refusal.h"
#include "core/registry/state/state.h"
#include "dataip/registry/v1/transition.pb.h"

namespace dataip::registry {

// objections.cc
Decision DecideAcceptObjection(const Case& a_case);
Decision DecideRejectObjection(const Case& a_case);
Decision DecideForwardObjection(const Case& a_case);
Decision DecideAnswerObjection(const Case& a_case);
Decision DecideWithdrawObjection(const Case& a_case);
// objection_filing.cc
Decision DecideFileObjection(const Case& a_case);
// objection_decisions.cc
Decision DecideUpholdObjection(const Case& a_case);
Decision DecideCloseUnansweredObjection(const Case& a_case);
Decision DecideDismissObjection(const Case& a_case);
// suspension.cc
Decision DecideSuspendApplication(const Case& a_case);
Decision DecideResumeApplication(const Case& a_case);
// evolve_objections.cc
void EvolveObjectionFiled(State& state, const v1::Event& event);
void EvolveObjectionAccepted(State& state, const v1::Event& event);
void EvolveObjectionRejected(State& state, const v1::Event& event);
void EvolveObjectionForwarded(State& state, const v1::Event& event);
void EvolveObjectionAnswered(State& state, const v1::Event& event);
void EvolveObjectionUpheld(State& state, const v1::Event& event);
void EvolveReplyDefaulted(State& state, const v1::Event& event);
void EvolveObjectionDismissed(State& state, const v1::Event& event);
void EvolveObjectionWithdrawn(State& state, const v1::Event& event);
void EvolveNoticeResumed(State& state, const v1::Event& event);
void EvolveProceedingsSuspended(State& state, const v1::Event& event);
void EvolveProceedingsResumed(State& state, const v1::Event& event);
// The application comes to its end: its open objections are moot, its
// suspension is over.
void EndWithObjections(State& state, v1::Application& application);

}  // namespace dataip::registry
