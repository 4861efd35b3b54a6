// One name against many.
#pragma once

#include <cstdint>

#include "absl/container/inlined_vector.h"
#include "core/registry/values/name_index.h"

namespace dataip::registry {

// Keeps the pairs of a name by a hash of theirs, so that each pair of another
// name is one look: nothing waits for the look before.
class NameMatcher {
 public:
  explicit NameMatcher(const NamePairs& pairs);

  // Likeness of the two names (name_index.h).
  uint32_t LikenessTo(const NamePairs& other) const;

 private:
  struct Place {
    uint64_t pair = 0;
    size_t repeats = 0;  // 0: nothing is here
  };

  size_t PlaceOf(uint64_t pair) const;

  size_t size_;
  absl::InlinedVector<Place, 256> places_;  // a power of two
};

}  // namespace dataip::registry
