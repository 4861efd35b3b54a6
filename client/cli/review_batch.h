// `dataip review notice|register|correction --batch`: one decision over many
// applications, of at most 120 each, all or nothing.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "client/cli/arguments.h"
#include "client/cli/invocation.h"
#include "dataip/registry/v1/application.pb.h"

namespace dataip::client {

// `--batch`, and of a correction `--except`.
FlagRule BatchFlag();
FlagRule ExceptFlag();

// Two officers, as ActByTwoOfficers (decision.h).
absl::StatusOr<int> OpenNoticesInBatches(
    Invocation& invocation, const registry::v1::Checklist& checklist);
absl::StatusOr<int> RegisterInBatches(Invocation& invocation);
// One officer. `defects` are of every item; --except adds those of one.
absl::StatusOr<int> CorrectInBatches(
    Invocation& invocation, const std::vector<registry::v1::Defect>& defects);

// `20240000001=fields[3].meaning:含义不清`. INVALID_ARGUMENT.
absl::StatusOr<std::pair<std::string, registry::v1::Defect>> ParseException(
    const std::string& text);

}  // namespace dataip::client
