// What must hold of licences in a random life.
#pragma once

#include <string>
#include <vector>

#include "core/registry/state/state.h"

namespace dataip::testing {

// Those that stand are shown on their certificate, and none stands beside one
// that bars it. One line for each that breaks this.
std::vector<std::string> BrokenInLicences(const registry::State& state);

}  // namespace dataip::testing
