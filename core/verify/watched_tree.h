// The tree over all entries as a replay computes it: its right edge, and its
// roots at the sizes that somebody asked for.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>

#include "core/hash/hash.h"
#include "core/proof/tree.h"

namespace dataip::verify {

class WatchedTree {
 public:
  // Remembers the root at this size, if the tree is still smaller.
  void Watch(uint64_t size) { watched_.emplace(size, std::nullopt); }
  // Nothing unless watched and reached.
  std::optional<hash::Hash> RootAt(uint64_t size) const;

  // `subtree` is the root of the tree over these leaves alone, if their number
  // is a power of two: with it, no node below is hashed again.
  void Append(std::span<const hash::Hash> leaf_hashes,
              const std::optional<hash::Hash>& subtree);

  uint64_t size() const { return frontier_.size(); }
  hash::Hash Root() const { return frontier_.Root(); }

 private:
  // A full tree of `count` leaves behind a multiple of as many.
  void AppendSubtree(uint64_t count, const hash::Hash& root);
  void Remember();

  proof::Frontier frontier_;
  std::map<uint64_t, std::optional<hash::Hash>> watched_;
};

}  // namespace dataip::verify
