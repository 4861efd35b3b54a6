// What everybody may see of an application (rules 5.4).
#pragma once

#include "core/registry/state/state.h"

namespace dataip::registry {

// The one place where it is decided. Opening the notice freezes its digest on
// the ledger; later answers show the same, since nothing that it is made of
// changes after the notice. Pure.
v1::PublicSnapshot PublicSnapshotOf(const State& state,
                                    const v1::Application& application);

}  // namespace dataip::registry
