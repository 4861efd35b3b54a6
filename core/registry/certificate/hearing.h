// What the holders of a certificate said in a revocation (C7).
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "core/registry/state/state.h"

namespace dataip::registry {

// The statement of one of several holders, as it stands among those of the
// others: no line of it passes for the beginning of another holder's.
std::string StatementOf(absl::string_view party, absl::string_view text);

// Of one of several holders; a single one ends the hearing by its statement.
bool HasStated(const v1::Revocation& revocation, absl::string_view party);

}  // namespace dataip::registry
