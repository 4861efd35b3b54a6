// What must hold of licences in a random life.
#pragma once

#include <string>
#include <vector>

#include "core/registry/state/state.h"

namespace dataip::testing {

// Those that run or will are shown on their certificate, which is valid, until
// the clock ends them; none runs beside one that bars it; those that nobody
// ended wait for their licensee until it confirms. One line for each that
// breaks this.
std::vector<std::string> BrokenInLicences(const registry::State& state);

}  // namespace dataip::testing
