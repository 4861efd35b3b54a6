#include "services/ledger/map_nodes.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "core/base/limits.h"
#include "core/base/status_macros.h"

namespace dataip::ledger {
namespace {

using proof::MapLeaf;

static_assert(limits::kMapBucketKeys < 8 * sizeof(MapLeavesChanged));

constexpr uint8_t kLeafMark = 0x02;
constexpr uint8_t kNodeMark = 0x03;
constexpr Hash kEmpty;

// So many messages are written and hashed before the next ones are: what they
// need stays in the processor's cache.
constexpr size_t kMessagesAtOnce = 64;

// Messages of a mark and two hashes.
class Messages {
 public:
  bool full() const { return count_ == kMessagesAtOnce; }

  void Add(uint8_t mark, const Hash& first, const Hash& second) {
    Message& message = messages_[count_];
    message[0] = mark;
    std::memcpy(&message[1], first.bytes.data(), hash::kHashBytes);
    std::memcpy(&message[1 + hash::kHashBytes], second.bytes.data(),
                hash::kHashBytes);
    spans_[count_++] = Bytes(message);
  }

  // Their hashes; then there are none.
  std::span<const Hash> HashAll() {
    const auto hashes = std::span(hashes_).first(count_);
    hash::Sha256Many(std::span(spans_).first(count_), hashes);
    count_ = 0;
    return hashes;
  }

 private:
  using Message = std::array<uint8_t, 1 + 2 * hash::kHashBytes>;

  std::array<Message, kMessagesAtOnce> messages_;
  std::array<Bytes, kMessagesAtOnce> spans_;
  std::array<Hash, kMessagesAtOnce> hashes_;
  size_t count_ = 0;
};

bool BitAt(const Hash& key_hash, size_t position) {
  return (key_hash.bytes[position / 8] >> (7 - position % 8) & 1) != 0;
}

// Different ones: the first bit in which they differ.
size_t ForkBit(const Hash& a, const Hash& b) {
  size_t byte = 0;
  while (a.bytes[byte] == b.bytes[byte]) ++byte;
  size_t bit = 8 * byte;
  while (BitAt(a, bit) == BitAt(b, bit)) ++bit;
  return bit;
}

// Goes down a bucket and adds nodes on the way back.
class BucketPlan {
 public:
  BucketPlan(std::span<const MapLeaf> leaves, MapLeavesChanged changed,
             MapInner& inner, MapNodes& nodes)
      : leaves_(leaves), changed_(changed), inner_(inner), nodes_(nodes) {}

  // A subtree of leaves [begin, end), as seen from bit `depth`: where its hash
  // is or will be, and above which level nodes may refer to it.
  struct Planned {
    const Hash* hash;
    size_t level;
  };
  Planned Plan(size_t begin, size_t end, size_t depth) {
    if (end - begin == 1) return {&leaves_[begin].hash, 0};
    const size_t fork =
        ForkBit(leaves_[begin].key_hash, leaves_[end - 1].key_hash);
    size_t right = begin + 1;
    while (!BitAt(leaves_[right].key_hash, fork)) ++right;
    Hash& hash = inner_[end - begin == leaves_.size() ? 0 : right];
    if (!Changed(begin, end)) return {&hash, 0};
    const Planned left_half = Plan(begin, right, fork + 1);
    const Planned right_half = Plan(right, end, fork + 1);
    size_t level = std::max(left_half.level, right_half.level);
    nodes_.Add(level++, *left_half.hash, *right_half.hash, hash);
    // The levels above have an empty sibling.
    for (size_t bit = fork; bit > depth; --bit) {
      const bool is_right = BitAt(leaves_[begin].key_hash, bit - 1);
      nodes_.Add(level++, is_right ? kEmpty : hash, is_right ? hash : kEmpty,
                 hash);
    }
    return {&hash, level};
  }

 private:
  bool Changed(size_t begin, size_t end) const {
    const MapLeavesChanged those = (MapLeavesChanged{1} << (end - begin)) - 1;
    return (changed_ >> begin & those) != 0;
  }

  const std::span<const MapLeaf> leaves_;
  const MapLeavesChanged changed_;
  MapInner& inner_;
  MapNodes& nodes_;
};

}  // namespace

void MapNodes::HashAll() {
  Messages messages;
  for (std::vector<Node>& level : levels_) {
    for (size_t begin = 0; begin < level.size();) {
      const size_t first = begin;
      while (begin < level.size() && !messages.full()) {
        const Node& node = level[begin++];
        messages.Add(kNodeMark, *node.left, *node.right);
      }
      size_t at = first;
      for (const Hash& hash : messages.HashAll()) *level[at++].to = hash;
    }
    level.clear();
  }
}

void HashMapLeaves(std::span<MapLeaf> leaves) {
  Messages messages;
  while (!leaves.empty()) {
    const auto some = leaves.first(std::min(leaves.size(), kMessagesAtOnce));
    for (const MapLeaf& leaf : some) {
      messages.Add(kLeafMark, leaf.key_hash, leaf.hash);
    }
    size_t at = 0;
    for (const Hash& hash : messages.HashAll()) some[at++].hash = hash;
    leaves = leaves.subspan(some.size());
  }
}

void AddBucketNodes(std::span<const MapLeaf> leaves, size_t depth,
                    MapLeavesChanged changed, MapInner& inner,
                    MapNodes& nodes) {
  DATAIP_ASSERT(leaves.size() <= limits::kMapBucketKeys);
  if (leaves.size() < 2) return inner.clear();
  if (inner.size() != leaves.size()) {
    changed = kAllLeavesChanged;
    inner.reserve(leaves.size());
    inner.resize(leaves.size());
  }
  BucketPlan(leaves, changed, inner, nodes).Plan(0, leaves.size(), depth);
}

Hash BucketHash(std::span<const MapLeaf> leaves, const MapInner& inner) {
  if (leaves.empty()) return Hash{};
  return leaves.size() == 1 ? leaves.front().hash : inner.front();
}

}  // namespace dataip::ledger
