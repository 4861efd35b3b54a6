#include "core/proof/map.h"

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

Hash MapLeafHash(const Hash& key_hash, const Hash& value) {
  constexpr uint8_t kPrefix[] = {0x02};
  return hash::Sha256({Bytes(kPrefix), key_hash.bytes, value.bytes});
}

Hash MapNodeHash(const Hash& left, const Hash& right) {
  constexpr uint8_t kPrefix[] = {0x03};
  return hash::Sha256({Bytes(kPrefix), left.bytes, right.bytes});
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
    if (IsKey()) return hash;
    Hash lifted = hash;
    for (size_t bit = depth; bit > parent_depth; --bit) {
      lifted = Parent(BitAt(prefix, bit - 1), lifted, Hash{});
    }
    return lifted;
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
