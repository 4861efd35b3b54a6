// What the registry says of a form beside its decision: the pre-check
// (precheck.h) with everything that a registry knows, as messages.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/registry/precheck/precheck.h"
#include "core/registry/state/state.h"
#include "dataip/registry/v1/command.pb.h"
#include "dataip/registry/v1/finding.pb.h"

namespace dataip::registry {

// The one conversion.
v1::Finding MessageOf(const Finding& finding);

// A command that is accepted, or was.
struct Filed {
  const v1::Command& command;
  std::vector<std::string> signer_key_ids;
  int64_t decided_at_ms = 0;
  // Number that it was given; empty before it is folded into the state.
  std::string application_no;
};

// All that the pre-check says of the form that a command brings, under the
// profile that rules it; of an accepted one nothing blocks.
std::vector<Finding> PrecheckOf(const State& state, const Filed& filed);

// What the pre-check warns of or tells of the form that a SubmitApplication
// (of a draft too), a PrepareApplication or a CorrectApplication brings, under
// the profile that rules it; empty for other commands. What blocks is a
// refusal and not here.
std::vector<v1::Finding> FindingsOf(const State& state, const Filed& filed);

// The examiner's checklist: all that the pre-check says of the form as it
// stands now, under the application's own profile.
std::vector<v1::Finding> ChecklistOf(const State& state,
                                     const v1::Application& application);

}  // namespace dataip::registry
