// The names under which Decide refuses: `Fault::rule`, the `rule` of a field
// violation, and the rule that an audit names when a command should have been
// refused.
#pragma once

#include <span>

#include "absl/strings/string_view.h"

namespace dataip::registry {

// Ascending, each once. Stable: reports and tests name them.
std::span<const absl::string_view> DecideRuleNames();

}  // namespace dataip::registry
