// What must hold whatever was done: looked up in the state on ways of its own,
// not by the functions that decide.
#pragma once

#include <string>
#include <vector>

#include "core/registry/state/state.h"
#include "tests/support/registry_life.h"

namespace dataip::testing {

// One accepted command.
struct Accepted {
  const registry::State& before;
  const registry::State& after;
  const v1::Command& command;
  const RegistryFixture::Signers& by;
  const registry::Events& events;
};

// One line for each broken rule; empty when all hold.
std::vector<std::string> BrokenByCommand(const Accepted& accepted);
std::vector<std::string> BrokenInState(const registry::State& state);

}  // namespace dataip::testing
