// What decide.cc and evolve.cc ask of this room: the decision of each of its
// commands and the effect of each of its events. Admission (context, time,
// signers) is checked before a decision is asked for.
#pragma once

#include "core/registry/state/case.h"
#include "core/registry/state/refusal.h"
#include "core/registry/state/state.h"
#include "dataip/registry/v1/transition.pb.h"

namespace dataip::registry {

// certificate_corrections.cc
Decision DecideCorrectCertificate(const Case& a_case);
// certificate_orders.cc
Decision DecideExpireCertificate(const Case& a_case);
// imports.cc
Decision DecideImportCertificate(const Case& a_case);
// revocation_opening.cc
Decision DecideOpenRevocation(const Case& a_case);
// revocations.cc
Decision DecideStateInRevocation(const Case& a_case);
Decision DecideRevokeCertificate(const Case& a_case);
Decision DecideDropRevocation(const Case& a_case);
// freezes.cc
Decision DecideFreezeCertificate(const Case& a_case);
Decision DecideReleaseFreeze(const Case& a_case);
Decision DecideEndFreeze(const Case& a_case);
// evolve_certificates.cc
void EvolveCertificateIssued(State& state, const v1::Event& event);
void EvolveCertificateAnnounced(State& state, const v1::Event& event);
void EvolveStatusChanged(State& state, const v1::Event& event);
void EvolveLicenceFiled(State& state, const v1::Event& event);
void EvolveLicenceConfirmed(State& state, const v1::Event& event);
void EvolveLicenceChanged(State& state, const v1::Event& event);
void EvolveLicenceEnded(State& state, const v1::Event& event);
void EvolveUsageRecorded(State& state, const v1::Event& event);
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
