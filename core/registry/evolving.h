// The evolve functions by topic, for evolve.cc.
#pragma once

#include "core/registry/state.h"
#include "dataip/registry/v1/transition.pb.h"

namespace dataip::registry {

// evolve_parties.cc: registry, tables, officers, parties, keys, clock.
void EvolveRegistryOpened(State& state, const v1::Event& event);
void EvolveTableLoaded(State& state, const v1::Event& event);
void EvolveOfficerRegistered(State& state, const v1::Event& event);
void EvolvePartyRegistered(State& state, const v1::Event& event);
void EvolveKeyEnrolled(State& state, const v1::Event& event);
void EvolveClockAdvanced(State& state, const v1::Event& event);
// erasure.cc
void EvolvePayloadErased(State& state, const v1::Event& event);
// evolve_applications.cc
void EvolveApplicationSubmitted(State& state, const v1::Event& event);
void EvolveCorrectionRequested(State& state, const v1::Event& event);
void EvolveCorrectionFiled(State& state, const v1::Event& event);
void EvolveDeemedWithdrawn(State& state, const v1::Event& event);
void EvolveApplicationWithdrawn(State& state, const v1::Event& event);
void EvolveApplicationRefused(State& state, const v1::Event& event);
void EvolveNoticeOpened(State& state, const v1::Event& event);
void EvolveApplicationRegistered(State& state, const v1::Event& event);
// evolve_certificates.cc
void EvolveCertificateIssued(State& state, const v1::Event& event);
void EvolveCertificateAnnounced(State& state, const v1::Event& event);
void EvolveStatusChanged(State& state, const v1::Event& event);
void EvolveLicenceFiled(State& state, const v1::Event& event);
void EvolveUsageRecorded(State& state, const v1::Event& event);

}  // namespace dataip::registry
