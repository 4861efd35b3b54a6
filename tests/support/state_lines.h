// A state as lines of text, one an object, so that two states can be compared
// and a difference can be read.
#pragma once

#include <string>
#include <vector>

#include "core/registry/state/state.h"

namespace dataip::test {

// Everything that Digest (core/registry/state/state.h) covers but the time of
// decision, command ids, and what derives from them: `updated_at_ms` of
// objects, `decided_at` of status records and the digest of the record before,
// and where the clock stands.
// `part name text`, parts and names in order.
std::vector<std::string> StateLines(const registry::State& state);

}  // namespace dataip::test
