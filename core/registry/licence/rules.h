// What decide.cc and evolve.cc ask of this room: the decision of each of its
// commands and the effect of each of its events. Admission (context, time,
// signers) is checked before a decision is asked for.
#pragma once

#include "core/registry/state/case.h"
#include "core/registry/state/refusal.h"
#include "core/registry/state/state.h"
#include "dataip/registry/v1/transition.pb.h"

namespace dataip::registry {

// licences.cc
Decision DecideFileLicence(const Case& a_case);
// licence_changes.cc
Decision DecideConfirmLicence(const Case& a_case);
Decision DecideChangeLicence(const Case& a_case);
Decision DecideEndLicence(const Case& a_case);
// usage.cc
Decision DecideRecordUsage(const Case& a_case);

}  // namespace dataip::registry
