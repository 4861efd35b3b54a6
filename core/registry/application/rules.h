// What decide.cc and evolve.cc ask of this room: the decision of each of its
// commands and the effect of each of its events. Admission (context, time,
// signers) is checked before a decision is asked for.
#pragma once

#include "core/registry/state/case.h"
#include "core/registry/state/refusal.h"
#include "core/registry/state/state.h"
#include "dataip/registry/v1/transition.pb.h"

namespace dataip::registry {

// applications.cc
Decision DecideSubmitApplication(const Case& a_case);
Decision DecideWithdrawApplication(const Case& a_case);
// drafts.cc
Decision DecidePrepareApplication(const Case& a_case);
Decision DecideCosignApplication(const Case& a_case);
Decision DecideDiscardDraft(const Case& a_case);
// corrections.cc
Decision DecideRequestCorrection(const Case& a_case);
Decision DecideCorrectApplication(const Case& a_case);
Decision DecideCloseOverdueCorrection(const Case& a_case);
// examination.cc
Decision DecideRefuseApplication(const Case& a_case);
Decision DecideOpenNotice(const Case& a_case);
// registrations.cc
Decision DecideRegisterApplication(const Case& a_case);
// claims.cc
Decision DecideClaimApplication(const Case& a_case);
Decision DecideReleaseApplication(const Case& a_case);
// opinions.cc
Decision DecideRecordOpinion(const Case& a_case);
// batch_items.cc
// batches.cc
Decision DecideRequestCorrections(const Case& a_case);
Decision DecideOpenNotices(const Case& a_case);
Decision DecideRegisterApplications(const Case& a_case);
// evolve_applications.cc
void EvolveApplicationSubmitted(State& state, const v1::Event& event);
void EvolveCorrectionRequested(State& state, const v1::Event& event);
void EvolveCorrectionFiled(State& state, const v1::Event& event);
void EvolveDeemedWithdrawn(State& state, const v1::Event& event);
void EvolveApplicationWithdrawn(State& state, const v1::Event& event);
void EvolveApplicationRefused(State& state, const v1::Event& event);
void EvolveNoticeOpened(State& state, const v1::Event& event);
void EvolveApplicationRegistered(State& state, const v1::Event& event);
void EvolveOpinionRecorded(State& state, const v1::Event& event);
// evolve_drafts.cc
void EvolveAttorneyGranted(State& state, const v1::Event& event);
void EvolveAttorneyRevoked(State& state, const v1::Event& event);
void EvolveApplicationPrepared(State& state, const v1::Event& event);
void EvolveApplicationCosigned(State& state, const v1::Event& event);
void EvolveDraftDiscarded(State& state, const v1::Event& event);
// The draft that an application came of, if it did, is closed.
void EvolveDraftSubmitted(State& state, const v1::Application& application);
// evolve_batches.cc
void EvolveBatchDecided(State& state, const v1::Event& event);
void EvolveApplicationClaimed(State& state, const v1::Event& event);
void EvolveApplicationReleased(State& state, const v1::Event& event);

}  // namespace dataip::registry
