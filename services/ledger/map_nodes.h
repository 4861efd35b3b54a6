// Leaves and inner nodes of the map (formats.md 4), hashed many at once: side
// by side they take half the time (core/hash/hash.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/hash/hash.h"
#include "core/proof/map.h"

namespace dataip::ledger {

using hash::Hash;

// Nodes to be hashed. What is added refers to hashes that must stay where they
// are until HashAll. For one thread.
class MapNodes {
 public:
  // `to` becomes the node over both. `level` is above those of the nodes that
  // are added for `left` and `right`; 0 where both are there already.
  void Add(size_t level, const Hash& left, const Hash& right, Hash& to) {
    if (level >= levels_.size()) levels_.resize(level + 1);
    levels_[level].push_back({&left, &right, &to});
  }

  // Level by level; then there are none.
  void HashAll();

 private:
  struct Node {
    const Hash* left;
    const Hash* right;
    Hash* to;
  };
  std::vector<std::vector<Node>> levels_;
};

// In place: hash of a leaf is a value at first, then that leaf's hash.
void HashMapLeaves(std::span<proof::MapLeaf> leaves);

// Remembered for a bucket of leaves: the hash of each subtree of two leaves
// and more, as its parent sees it. The one whose right half begins with leaf i
// has place i; the whole has place 0.
using MapInner = std::vector<Hash>;

// Which leaves of a bucket are new or changed: a bit each.
using MapLeavesChanged = uint64_t;
inline constexpr MapLeavesChanged kAllLeavesChanged = ~MapLeavesChanged{0};

// Adds the nodes above the changed leaves, ascending leaves of a bucket that
// begins at bit `depth`; all of them when `inner` is not of these leaves.
// Unless all are changed, the key hashes must be those of the last time.
void AddBucketNodes(std::span<const proof::MapLeaf> leaves, size_t depth,
                    MapLeavesChanged changed, MapInner& inner, MapNodes& nodes);

// The hash of the bucket once its nodes are hashed; zero for an empty one.
Hash BucketHash(std::span<const proof::MapLeaf> leaves, const MapInner& inner);

}  // namespace dataip::ledger
