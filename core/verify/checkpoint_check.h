// Checks a signed note against what a replay computed (formats.md 3).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "core/hash/hash.h"
#include "core/verify/transition_check.h"
#include "core/verify/trust.h"

namespace dataip::verify {

// The end of the ledger as computed again.
struct ComputedEnd {
  uint64_t size = 0;
  hash::Hash root;
  hash::Hash chain_head;
  // Type of the last entry; empty: not looked at.
  std::string last_type;
};

// Form, signatures, witnesses, origin, size, root, chain head and last leaf in
// this order; each rule that is checked is counted.
std::optional<TransitionFlaw> CheckNote(absl::string_view note,
                                        const Trust& trust,
                                        const ComputedEnd& end,
                                        const CountRule& count);

}  // namespace dataip::verify
