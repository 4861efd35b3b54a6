// The search for duplicates as an officer sees it: what was recorded when the
// application was filed, and beside it which samples share records
// (docs/decisions/0011). No part of the decision.
#pragma once

#include <vector>

#include "core/registry/state/state.h"
#include "services/registry/sketch_desk.h"

namespace dataip::registryd {

// The cases that the recorded report lists.
std::vector<SketchedCase> ListedCases(const registry::State& state,
                                      const v1::Application& application);

// Completes the report of `shown`, a copy of an application of this state:
// records in common, applications that only these have in common (those that
// live or were registered, outside the series, with at least half of the
// threshold of its profile), the order, score and reasons. Leaves out answers
// about samples that a correction has replaced meanwhile.
void AddRecordLikeness(const registry::State& state,
                       const SketchDesk::Answer& answer,
                       v1::Application& shown);

}  // namespace dataip::registryd
