// Events, refusals and states in Chinese sentences, for written cases.
#pragma once

#include <string>
#include <vector>

#include "core/registry/decide.h"
#include "core/registry/state/state.h"

namespace dataip::testing {

// One line each; many of a kind are counted in one.
std::vector<std::string> TextOf(const registry::Events& events);
// `✗ [T14] …`.
std::string TextOf(const registry::Refusal& refusal);
// Which applications, objections and certificates are in another state now.
std::vector<std::string> ChangesBetween(const registry::State& before,
                                        const registry::State& after);
// `有效(质押、冻结)`.
std::string TextOf(const registry::v1::StatusRecord& status);

}  // namespace dataip::testing
