#include "core/proof/map.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <utility>
#include <variant>

#include "core/base/limits.h"

namespace dataip::proof {
namespace {

constexpr size_t kKeyBits = 8 * hash::kHashBytes;

bool BitAt(const Hash& key_hash, size_t position) {
  return (key_hash.bytes[position / 8] >> (7 - position % 8) & 1) != 0;
}

// How many leading bits two key hashes share; kKeyBits when they are equal.
size_t SharedBits(const Hash& a, const Hash& b) {
  for (size_t i = 0; i < hash::kHashBytes; ++i) {
    const uint8_t difference = a.bytes[i] ^ b.bytes[i];
    if (difference == 0) continue;
    return 8 * i + static_cast<size_t>(std::countl_zero(difference));
  }
  return kKeyBits;
}

// SHA-256 of the mark and both, as one message: three would take longer.
Hash HashPair(uint8_t mark, const Hash& first, const Hash& second) {
  std::array<uint8_t, 1 + 2 * hash::kHashBytes> message;
  message[0] = mark;
  std::memcpy(message.data() + 1, first.bytes.data(), hash::kHashBytes);
  std::memcpy(message.data() + 1 + hash::kHashBytes, second.bytes.data(),
              hash::kHashBytes);
  return hash::Sha256(Bytes(message));
}

// The node over `child`, which lies on the side that `bit` names.
Hash Parent(bool bit, const Hash& child, const Hash& sibling) {
  return bit ? MapNodeHash(sibling, child) : MapNodeHash(child, sibling);
}

// The root that a descent by `key_hash` over `siblings` to `end` started at.
Hash Climb(const Hash& key_hash, const std::vector<Hash>& siblings, Hash end) {
  for (size_t i = siblings.size(); i > 0; --i) {
    end = Parent(BitAt(key_hash, i - 1), end, siblings[i - 1]);
  }
  return end;
}

// `hash`, a subtree's at bit `from`, where it is seen at bit `to`: the levels
// between have an empty sibling.
Hash Lift(Hash hash, const Hash& key_hash, size_t from, size_t to) {
  for (size_t bit = from; bit > to; --bit) {
    hash = Parent(BitAt(key_hash, bit - 1), hash, Hash{});
  }
  return hash;
}

// Two leaves at least.
struct Fork {
  size_t depth;  // the first bit in which they differ
  std::span<const MapLeaf> left;
  std::span<const MapLeaf> right;
};

Fork ForkOf(std::span<const MapLeaf> leaves) {
  const size_t depth =
      SharedBits(leaves.front().key_hash, leaves.back().key_hash);
  const auto right = std::partition_point(
      leaves.begin(), leaves.end(),
      [depth](const MapLeaf& leaf) { return !BitAt(leaf.key_hash, depth); });
  const auto count = static_cast<size_t>(right - leaves.begin());
  return {depth, leaves.first(count), leaves.subspan(count)};
}

// An empty last sibling would stand beside a subtree of at most one key,
// whose place is one higher.
bool HasForm(const MapProof& proof) {
  return proof.siblings.size() <= limits::kMapProofHashes &&
         (proof.siblings.empty() || !proof.siblings.back().IsZero());
}

}  // namespace

using NodePtr = std::shared_ptr<const Map::Node>;

// One key, or the two halves of a subtree that has keys on both sides of bit
// `depth`. The bits above `depth` are those of `prefix`; where a parent
// branches earlier, the nodes in between have an empty sibling and are hashed
// when they are asked for.
struct Map::Node {
  struct Halves {
    NodePtr left;
    NodePtr right;
  };

  size_t depth;                      // kKeyBits for a key
  Hash prefix;                       // the key hash, or that of any key below
  Hash hash;                         // at `depth`
  std::variant<Hash, Halves> below;  // the value, or the halves

  bool IsKey() const { return depth == kKeyBits; }
  const Hash& value() const { return *std::get_if<Hash>(&below); }
  const Halves& halves() const { return *std::get_if<Halves>(&below); }
  const NodePtr& Half(bool right) const {
    return right ? halves().right : halves().left;
  }

  // The hash of this subtree where its parent sees it.
  Hash HashAt(size_t parent_depth) const {
    return IsKey() ? hash : Lift(hash, prefix, depth, parent_depth);
  }
};

namespace {

NodePtr NewKey(const Hash& key_hash, const Hash& value) {
  return std::make_shared<const Map::Node>(
      Map::Node{kKeyBits, key_hash, MapLeafHash(key_hash, value), value});
}

NodePtr NewBranch(size_t depth, NodePtr left, NodePtr right) {
  const Hash prefix = left->prefix;
  const Hash hash =
      MapNodeHash(left->HashAt(depth + 1), right->HashAt(depth + 1));
  return std::make_shared<const Map::Node>(
      Map::Node{depth, prefix, hash,
                Map::Node::Halves{std::move(left), std::move(right)}});
}

// `node` with the leaf in it; `node` itself does not change.
NodePtr With(const NodePtr& node, const NodePtr& leaf) {
  if (node == nullptr) return leaf;
  const size_t shared = SharedBits(node->prefix, leaf->prefix);
  if (node->IsKey() && shared == kKeyBits) return leaf;
  if (shared < node->depth) {
    return BitAt(leaf->prefix, shared) ? NewBranch(shared, node, leaf)
                                       : NewBranch(shared, leaf, node);
  }
  const auto& [left, right] = node->halves();
  return BitAt(leaf->prefix, node->depth)
             ? NewBranch(node->depth, left, With(right, leaf))
             : NewBranch(node->depth, With(left, leaf), right);
}

void Visit(const Map::Node& node,
           const std::function<void(const Hash&, const Hash&)>& visit) {
  if (node.IsKey()) {
    visit(node.prefix, node.value());
    return;
  }
  Visit(*node.halves().left, visit);
  Visit(*node.halves().right, visit);
}

}  // namespace

Hash MapKeyHash(std::string_view key) {
  return hash::Sha256(hash::AsBytes(key));
}

Hash MapLeafHash(const Hash& key_hash, const Hash& value) {
  return HashPair(0x02, key_hash, value);
}

Hash MapNodeHash(const Hash& left, const Hash& right) {
  return HashPair(0x03, left, right);
}

Hash MapSubtreeHash(std::span<const MapLeaf> leaves, size_t depth) {
  if (leaves.empty()) return Hash{};
  if (leaves.size() == 1) return leaves.front().hash;
  const Fork fork = ForkOf(leaves);
  const Hash hash = MapNodeHash(MapSubtreeHash(fork.left, fork.depth + 1),
                                MapSubtreeHash(fork.right, fork.depth + 1));
  return Lift(hash, leaves.front().key_hash, fork.depth, depth);
}

std::optional<size_t> MapDescend(std::span<const MapLeaf> leaves,
                                 const Hash& key_hash,
                                 std::vector<Hash>& siblings) {
  if (leaves.empty()) return std::nullopt;
  std::span<const MapLeaf> below = leaves;
  while (below.size() > 1) {
    const Fork fork = ForkOf(below);
    const size_t shared = SharedBits(below.front().key_hash, key_hash);
    siblings.resize(std::min(shared, fork.depth));
    if (shared < fork.depth) {
      // The asked key leaves the others here: its side is empty.
      siblings.push_back(MapSubtreeHash(below, shared + 1));
      return std::nullopt;
    }
    const bool right = BitAt(key_hash, fork.depth);
    siblings.push_back(
        MapSubtreeHash(right ? fork.left : fork.right, fork.depth + 1));
    below = right ? fork.right : fork.left;
  }
  return static_cast<size_t>(below.data() - leaves.data());
}

bool VerifyPresence(std::string_view key, const Hash& value,
                    const MapProof& proof, const Hash& root) {
  const MapProof::Terminal asked = {MapKeyHash(key), value};
  if (!HasForm(proof) || proof.terminal != asked) return false;
  const Hash leaf = MapLeafHash(asked.key_hash, asked.value);
  return Climb(asked.key_hash, proof.siblings, leaf) == root;
}

bool VerifyAbsence(std::string_view key, const MapProof& proof,
                   const Hash& root) {
  if (!HasForm(proof)) return false;
  const Hash asked = MapKeyHash(key);
  Hash end;
  if (proof.terminal) {
    const size_t shared = SharedBits(proof.terminal->key_hash, asked);
    if (shared == kKeyBits || shared < proof.siblings.size()) return false;
    end = MapLeafHash(proof.terminal->key_hash, proof.terminal->value);
  }
  return Climb(asked, proof.siblings, end) == root;
}

void Map::Set(std::string_view key, const Hash& value) {
  Set(MapKeyHash(key), value);
}

void Map::Set(const Hash& key_hash, const Hash& value) {
  if (!Get(key_hash)) ++size_;
  root_ = With(root_, NewKey(key_hash, value));
}

std::optional<Hash> Map::Get(std::string_view key) const {
  return Get(MapKeyHash(key));
}

std::optional<Hash> Map::Get(const Hash& key_hash) const {
  const Node* node = root_.get();
  while (node != nullptr && !node->IsKey()) {
    node = node->Half(BitAt(key_hash, node->depth)).get();
  }
  if (node == nullptr || node->prefix != key_hash) return std::nullopt;
  return node->value();
}

Hash Map::Root() const { return root_ == nullptr ? Hash{} : root_->HashAt(0); }

MapProof Map::Prove(std::string_view key) const {
  return Prove(MapKeyHash(key));
}

MapProof Map::Prove(const Hash& key_hash) const {
  MapProof proof;
  const Node* node = root_.get();
  if (node == nullptr) return proof;
  while (!node->IsKey()) {
    const size_t shared = SharedBits(node->prefix, key_hash);
    if (shared < node->depth) {
      // The asked key leaves the prefix here: its side is empty.
      proof.siblings.resize(shared);
      proof.siblings.push_back(node->HashAt(shared + 1));
      return proof;
    }
    const bool bit = BitAt(key_hash, node->depth);
    proof.siblings.resize(node->depth);
    proof.siblings.push_back(node->Half(!bit)->HashAt(node->depth + 1));
    node = node->Half(bit).get();
  }
  proof.terminal = {node->prefix, node->value()};
  return proof;
}

void Map::ForEach(const std::function<void(const Hash& key_hash,
                                           const Hash& value)>& visit) const {
  if (root_ != nullptr) Visit(*root_, visit);
}

}  // namespace dataip::proof
