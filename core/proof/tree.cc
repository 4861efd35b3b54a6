#include "core/proof/tree.h"

#include <algorithm>
#include <bit>

#include "core/proof/byte_reader.h"

namespace dataip::proof {
namespace {

// A leaf range whose first leaf is a multiple of the next power of two not
// below its length: what RFC 6962 makes a node of.
struct Range {
  uint64_t begin;
  uint64_t end;

  uint64_t size() const { return end - begin; }
  // The left half holds the largest power of two smaller than the size.
  uint64_t Middle() const { return begin + std::bit_floor(size() - 1); }
};

// The complete subtrees of a range, largest first.
std::vector<NodeId> CompleteNodes(Range range) {
  std::vector<NodeId> nodes;
  uint64_t begin = range.begin;
  while (begin < range.end) {
    const uint64_t width = std::bit_floor(range.end - begin);
    const uint32_t level = static_cast<uint32_t>(std::countr_zero(width));
    nodes.push_back({level, begin >> level});
    begin += width;
  }
  return nodes;
}

// `nodes` are complete subtrees, largest first, one at least.
Hash FoldRight(std::span<const Hash> nodes) {
  Hash root = nodes.back();
  for (size_t i = nodes.size() - 1; i > 0; --i) {
    root = hash::NodeHash(nodes[i - 1], root);
  }
  return root;
}

std::optional<Hash> RangeRoot(Range range, const NodeReader& read) {
  std::vector<Hash> hashes;
  for (const NodeId& id : CompleteNodes(range)) {
    const std::optional<Hash> node = read(id);
    if (!node) return std::nullopt;
    hashes.push_back(*node);
  }
  return FoldRight(hashes);
}

// Reads the roots of `ranges`, last range first.
std::optional<Path> RootsReversed(std::span<const Range> ranges,
                                  const NodeReader& read) {
  Path path;
  path.reserve(ranges.size());
  for (size_t i = ranges.size(); i > 0; --i) {
    const std::optional<Hash> root = RangeRoot(ranges[i - 1], read);
    if (!root) return std::nullopt;
    path.push_back(*root);
  }
  return path;
}

// Where a verifier stands while it climbs: the node's index and the last
// index on its level (RFC 9162 calls them fn and sn).
struct Climb {
  uint64_t index;
  uint64_t last;

  bool AtRoot() const { return last == 0; }
  // Whether the sibling is on the left. A node without any sibling, the last
  // one with an even index, has moved up as it is.
  bool SiblingIsLeft() const { return index % 2 == 1 || index == last; }
  void Up() {
    index >>= 1;
    last >>= 1;
  }
  void UpToRightChild() {
    while (index % 2 == 0 && index != 0) Up();
  }
};

}  // namespace

Hash RootFromLeaves(std::span<const Hash> leaf_hashes) {
  Frontier frontier;
  for (const Hash& leaf_hash : leaf_hashes) frontier.Append(leaf_hash);
  return frontier.Root();
}

std::optional<Hash> RootAt(uint64_t size, const NodeReader& read) {
  if (size == 0) return hash::Sha256(Bytes());
  return RangeRoot({0, size}, read);
}

std::optional<Path> InclusionPath(uint64_t index, uint64_t size,
                                  const NodeReader& read) {
  if (index >= size) return std::nullopt;
  std::vector<Range> siblings;
  Range range = {0, size};
  while (range.size() > 1) {
    const uint64_t middle = range.Middle();
    if (index < middle) {
      siblings.push_back({middle, range.end});
      range.end = middle;
    } else {
      siblings.push_back({range.begin, middle});
      range.begin = middle;
    }
  }
  return RootsReversed(siblings, read);
}

std::optional<Path> ConsistencyPath(uint64_t old_size, uint64_t new_size,
                                    const NodeReader& read) {
  if (old_size == 0 || old_size > new_size) return std::nullopt;
  std::vector<Range> nodes;
  Range range = {0, new_size};
  while (range.end != old_size) {
    const uint64_t middle = range.Middle();
    if (old_size <= middle) {
      nodes.push_back({middle, range.end});
      range.end = middle;
    } else {
      nodes.push_back({range.begin, middle});
      range.begin = middle;
    }
  }
  // The whole old tree is known to the verifier by its root.
  if (range.begin != 0) nodes.push_back(range);
  return RootsReversed(nodes, read);
}

bool VerifyInclusion(const Hash& leaf_hash, uint64_t index, uint64_t size,
                     std::span<const Hash> path, const Hash& root) {
  if (index >= size) return false;
  Climb climb = {index, size - 1};
  Hash node = leaf_hash;
  for (const Hash& sibling : path) {
    if (climb.AtRoot()) return false;
    if (climb.SiblingIsLeft()) {
      node = hash::NodeHash(sibling, node);
      climb.UpToRightChild();
    } else {
      node = hash::NodeHash(node, sibling);
    }
    climb.Up();
  }
  return climb.AtRoot() && node == root;
}

bool VerifyConsistency(uint64_t old_size, uint64_t new_size,
                       const Hash& old_root, const Hash& new_root,
                       std::span<const Hash> path) {
  if (old_size == 0 || old_size > new_size) return false;
  if (old_size == new_size) return path.empty() && old_root == new_root;
  Climb climb = {old_size - 1, new_size - 1};
  while (climb.index % 2 == 1) climb.Up();
  // An old tree of a power of two is itself the first node.
  Hash old_node = old_root;
  if (!std::has_single_bit(old_size)) {
    if (path.empty()) return false;
    old_node = path.front();
    path = path.subspan(1);
  }
  Hash new_node = old_node;
  for (const Hash& sibling : path) {
    if (climb.AtRoot()) return false;
    if (climb.SiblingIsLeft()) {
      old_node = hash::NodeHash(sibling, old_node);
      new_node = hash::NodeHash(sibling, new_node);
      climb.UpToRightChild();
    } else {
      new_node = hash::NodeHash(new_node, sibling);
    }
    climb.Up();
  }
  return climb.AtRoot() && old_node == old_root && new_node == new_root;
}

void StoredTree::Append(const Hash& leaf_hash) {
  Hash node = leaf_hash;
  for (size_t level = 0;; ++level) {
    if (level == levels_.size()) levels_.emplace_back();
    levels_[level].push_back(node);
    const size_t count = levels_[level].size();
    if (count % 2 != 0) return;
    node = hash::NodeHash(levels_[level][count - 2], node);
  }
}

std::optional<Hash> StoredTree::Node(NodeId id) const {
  if (id.level >= levels_.size()) return std::nullopt;
  if (id.index >= levels_[id.level].size()) return std::nullopt;
  return levels_[id.level][id.index];
}

NodeReader StoredTree::reader() const {
  return [this](NodeId id) { return Node(id); };
}

std::optional<Frontier> Frontier::From(uint64_t size, std::vector<Hash> nodes) {
  if (nodes.size() != static_cast<size_t>(std::popcount(size))) {
    return std::nullopt;
  }
  Frontier frontier;
  frontier.size_ = size;
  frontier.nodes_ = std::move(nodes);
  return frontier;
}

std::vector<NodeId> Frontier::NodesOf(uint64_t size) {
  return CompleteNodes({0, size});
}

std::optional<Frontier> Frontier::Decode(Bytes bytes) {
  ByteReader reader(bytes);
  const uint64_t size = reader.TakeNumber(8);
  std::vector<Hash> nodes;
  for (int i = 0; i < std::popcount(size); ++i) {
    nodes.push_back(reader.TakeHash());
  }
  if (!reader.ok() || !reader.empty()) return std::nullopt;
  return From(size, std::move(nodes));
}

void Frontier::Append(const Hash& leaf_hash, const NodeSink& completed) {
  Hash node = leaf_hash;
  uint32_t level = 0;
  if (completed) completed({level, size_}, node);
  while (size_ >> level & 1) {
    node = hash::NodeHash(nodes_.back(), node);
    nodes_.pop_back();
    ++level;
    if (completed) completed({level, size_ >> level}, node);
  }
  nodes_.push_back(node);
  ++size_;
}

Hash Frontier::Root() const {
  return nodes_.empty() ? hash::Sha256(Bytes()) : FoldRight(nodes_);
}

std::string Frontier::Encode() const {
  std::string bytes;
  AppendNumber(bytes, size_, 8);
  for (const Hash& node : nodes_) AppendHash(bytes, node);
  return bytes;
}

}  // namespace dataip::proof
