// Grounds of a decision: codes of the profile.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "core/registry/state/case.h"
#include "core/registry/state/refusal.h"

namespace dataip::registry {

struct GroundsAsked {
  absl::string_view field;  // `refuse_application.grounds`
  absl::string_view rule;   // `T6`
  // What the profile says of a code; empty for one that it lacks.
  absl::string_view (Profile::*text)(absl::string_view code) const = nullptr;
  // One that goes without saying and is not named again; empty for none.
  absl::string_view implied;
};

// Each is one of the profile, and they ascend. None at all pass.
MaybeRefusal CheckGrounds(
    const Case& a_case, const GroundsAsked& asked,
    const google::protobuf::RepeatedPtrField<std::string>& grounds);

}  // namespace dataip::registry
