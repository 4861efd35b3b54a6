#include "core/verify/watched_tree.h"

#include <utility>
#include <vector>

namespace dataip::verify {

std::optional<hash::Hash> WatchedTree::RootAt(uint64_t size) const {
  const auto found = watched_.find(size);
  return found == watched_.end() ? std::nullopt : found->second;
}

void WatchedTree::Append(std::span<const hash::Hash> leaf_hashes,
                         const std::optional<hash::Hash>& subtree) {
  const uint64_t begin = frontier_.size();
  const uint64_t end = begin + leaf_hashes.size();
  const auto wanted = watched_.upper_bound(begin);
  const bool inside = wanted != watched_.end() && wanted->first < end;
  if (subtree.has_value() && begin % leaf_hashes.size() == 0 && !inside) {
    AppendSubtree(leaf_hashes.size(), *subtree);
    return Remember();
  }
  for (const hash::Hash& leaf_hash : leaf_hashes) {
    frontier_.Append(leaf_hash);
    Remember();
  }
}

void WatchedTree::AppendSubtree(uint64_t count, const hash::Hash& root) {
  std::vector<hash::Hash> nodes(frontier_.nodes().begin(),
                                frontier_.nodes().end());
  hash::Hash last = root;
  for (uint64_t full = frontier_.size() / count; full % 2 == 1; full /= 2) {
    last = hash::NodeHash(nodes.back(), last);
    nodes.pop_back();
  }
  nodes.push_back(last);
  frontier_ =
      *proof::Frontier::From(frontier_.size() + count, std::move(nodes));
}

void WatchedTree::Remember() {
  const auto wanted = watched_.find(frontier_.size());
  if (wanted != watched_.end()) wanted->second = frontier_.Root();
}

}  // namespace dataip::verify
