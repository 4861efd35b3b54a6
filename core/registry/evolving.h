// The evolve functions by topic, for evolve.cc.
#pragma once

#include "core/registry/state.h"
#include "dataip/registry/v1/transition.pb.h"

namespace dataip::registry {

// evolve_tables.cc, recompute.cc
void EvolveTableLoaded(State& state, const v1::Event& event);
void EvolveProfileAdopted(State& state, const v1::Event& event);
void EvolveDeadlinesRecomputed(State& state, const v1::Event& event);
// evolve_parties.cc: registry, officers, parties, keys, clock.
void EvolveRegistryOpened(State& state, const v1::Event& event);
void EvolveOfficerRegistered(State& state, const v1::Event& event);
void EvolvePartyRegistered(State& state, const v1::Event& event);
void EvolveKeyEnrolled(State& state, const v1::Event& event);
void EvolveClockAdvanced(State& state, const v1::Event& event);
// erasure.cc
void EvolvePayloadErased(State& state, const v1::Event& event);
// disclosure.cc
void EvolveFieldDisclosed(State& state, const v1::Event& event);
void EvolveOpeningsErased(State& state, const v1::Event& event);
// evolve_applications.cc
void EvolveApplicationSubmitted(State& state, const v1::Event& event);
void EvolveCorrectionRequested(State& state, const v1::Event& event);
void EvolveCorrectionFiled(State& state, const v1::Event& event);
void EvolveDeemedWithdrawn(State& state, const v1::Event& event);
void EvolveApplicationWithdrawn(State& state, const v1::Event& event);
void EvolveApplicationRefused(State& state, const v1::Event& event);
void EvolveNoticeOpened(State& state, const v1::Event& event);
void EvolveApplicationRegistered(State& state, const v1::Event& event);
// evolve_batches.cc
void EvolveBatchDecided(State& state, const v1::Event& event);
void EvolveApplicationClaimed(State& state, const v1::Event& event);
void EvolveApplicationReleased(State& state, const v1::Event& event);
void EvolveOpinionRecorded(State& state, const v1::Event& event);
// evolve_drafts.cc
void EvolveAttorneyGranted(State& state, const v1::Event& event);
void EvolveAttorneyRevoked(State& state, const v1::Event& event);
void EvolveApplicationPrepared(State& state, const v1::Event& event);
void EvolveApplicationCosigned(State& state, const v1::Event& event);
void EvolveDraftDiscarded(State& state, const v1::Event& event);
// The draft that an application came of, if it did, is closed.
void EvolveDraftSubmitted(State& state, const v1::Application& application);
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
// evolve_certificates.cc
void EvolveCertificateIssued(State& state, const v1::Event& event);
void EvolveCertificateAnnounced(State& state, const v1::Event& event);
void EvolveStatusChanged(State& state, const v1::Event& event);
void EvolveLicenceFiled(State& state, const v1::Event& event);
void EvolveLicenceConfirmed(State& state, const v1::Event& event);
void EvolveLicenceEnded(State& state, const v1::Event& event);
void EvolveUsageRecorded(State& state, const v1::Event& event);
// evolve_requests.cc
void EvolveRequestFiled(State& state, const v1::Event& event);
void EvolveRequestCosigned(State& state, const v1::Event& event);
void EvolveRequestWithdrawn(State& state, const v1::Event& event);
void EvolveRequestRefused(State& state, const v1::Event& event);
void EvolveRequestGranted(State& state, const v1::Event& event);
void EvolvePledgeRegistered(State& state, const v1::Event& event);
void EvolvePledgeReleased(State& state, const v1::Event& event);
// evolve_orders.cc
void EvolveCertificateExpired(State& state, const v1::Event& event);
void EvolveRevocationOpened(State& state, const v1::Event& event);
void EvolveRevocationHeard(State& state, const v1::Event& event);
void EvolveCertificateRevoked(State& state, const v1::Event& event);
void EvolveRevocationDropped(State& state, const v1::Event& event);
void EvolveCertificateFrozen(State& state, const v1::Event& event);
void EvolveFreezeReleased(State& state, const v1::Event& event);
void EvolveCertificateCorrected(State& state, const v1::Event& event);
void EvolveCertificateImported(State& state, const v1::Event& event);

}  // namespace dataip::registry
