#include "core/registry/values/name_matcher.h"

#include <bit>

namespace dataip::registry {

NameMatcher::NameMatcher(const NamePairs& pairs)
    : size_(pairs.size()), places_(std::bit_ceil(4 * pairs.size() + 1)) {
  for (uint64_t pair : pairs) {
    Place& place = places_[PlaceOf(pair)];
    place.pair = pair;
    ++place.repeats;
  }
}

uint32_t NameMatcher::LikenessTo(const NamePairs& other) const {
  if (size_ == 0 || other.empty()) return 0;
  size_t common = 0;
  size_t repeat = 0;  // of the pair in `other` so far
  uint64_t before = other[0] + 1;
  for (uint64_t pair : other) {
    repeat = pair == before ? repeat + 1 : 0;
    before = pair;
    common += repeat < places_[PlaceOf(pair)].repeats ? 1 : 0;
  }
  return static_cast<uint32_t>(common * 2000 / (size_ + other.size()));
}

// Where the pair is or could be.
size_t NameMatcher::PlaceOf(uint64_t pair) const {
  size_t place = (pair * 0x9e3779b97f4a7c15 >> 40) & (places_.size() - 1);
  while (places_[place].repeats != 0 && places_[place].pair != pair) {
    place = (place + 1) & (places_.size() - 1);
  }
  return place;
}

}  // namespace dataip::registry
