// Merkle trees and proofs of RFC 6962 section 2.1 with SHA-256 (formats.md 2).
//
// Builders take the hashes of complete subtrees from a NodeReader, so that a
// ledger answers from its tiles and never loads all leaves. Verifiers are
// RFC 9162 2.1.3.2 and 2.1.4.2. Pure functions; safe from any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/hash/hash.h"

namespace dataip::proof {

using hash::Hash;
using Path = std::vector<Hash>;

// The complete subtree over the leaves index * 2^level up to, not including,
// (index + 1) * 2^level. Level 0 holds the leaf hashes.
struct NodeId {
  uint32_t level = 0;
  uint64_t index = 0;

  friend bool operator==(const NodeId&, const NodeId&) = default;
};

// Answers nothing when it cannot read the node; the builder then answers
// nothing too. Asked for nodes within the tree's size only.
using NodeReader = std::function<std::optional<Hash>(NodeId)>;

// RFC 6962: the root of no leaves is SHA-256 of nothing.
Hash RootFromLeaves(std::span<const Hash> leaf_hashes);

// The root at `size` of the tree that `read` reads.
std::optional<Hash> RootAt(uint64_t size, const NodeReader& read);

// Audit path of leaf `index` in the tree of the first `size` leaves, lowest
// node first. Nothing when index >= size or a node cannot be read.
std::optional<Path> InclusionPath(uint64_t index, uint64_t size,
                                  const NodeReader& read);

// Consistency proof between two sizes of the tree. Empty for equal sizes.
// Nothing when old_size is 0 or over new_size, or a node cannot be read.
std::optional<Path> ConsistencyPath(uint64_t old_size, uint64_t new_size,
                                    const NodeReader& read);

// True when `path` leads from the leaf to exactly this root. Any missing or
// extra node, other position or size is refused.
bool VerifyInclusion(const Hash& leaf_hash, uint64_t index, uint64_t size,
                     std::span<const Hash> path, const Hash& root);

// True when the tree with `new_root` holds the tree with `old_root` as its
// first `old_size` leaves. Size 0 proves nothing and is refused.
bool VerifyConsistency(uint64_t old_size, uint64_t new_size,
                       const Hash& old_root, const Hash& new_root,
                       std::span<const Hash> path);

// All nodes of a tree in memory: for tests, exports and small ledgers.
class StoredTree {
 public:
  void Append(const Hash& leaf_hash);
  uint64_t size() const { return levels_.empty() ? 0 : levels_[0].size(); }
  std::optional<Hash> Node(NodeId id) const;
  // Reads this tree; lives no longer than it.
  NodeReader reader() const;

 private:
  std::vector<std::vector<Hash>> levels_;
};

// The right edge of a tree: enough to append leaves and know the root.
// A value: copies are independent.
class Frontier {
 public:
  // Told of every node that an append completes, the leaf first.
  using NodeSink = std::function<void(NodeId, const Hash&)>;

  Frontier() = default;
  // The edge of a tree of `size` leaves from its nodes, largest subtree
  // first. Nothing unless there is one node for every one bit of `size`.
  static std::optional<Frontier> From(uint64_t size, std::vector<Hash> nodes);
  // Which nodes From wants for `size`.
  static std::vector<NodeId> NodesOf(uint64_t size);
  // What Encode made; nothing for anything else.
  static std::optional<Frontier> Decode(Bytes bytes);

  void Append(const Hash& leaf_hash) { Append(leaf_hash, nullptr); }
  void Append(const Hash& leaf_hash, const NodeSink& completed);

  uint64_t size() const { return size_; }
  Hash Root() const;
  // Largest subtree first.
  std::span<const Hash> nodes() const { return nodes_; }
  // Size as 8 bytes, then the nodes.
  std::string Encode() const;

  friend bool operator==(const Frontier&, const Frontier&) = default;

 private:
  uint64_t size_ = 0;
  std::vector<Hash> nodes_;
};

}  // namespace dataip::proof
