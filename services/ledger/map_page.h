// A page of the map: eight levels of the tree of formats.md 4, below a prefix
// of whole bytes; and how it is stored.
//
// A slot is one of the 256 subtrees below the page. One of at most
// limits::kMapBucketKeys keys is a bucket: nothing is stored of it but its
// rows (key hash -> value). A larger one has a page of its own.
//
// Stored, a page is up to 16 strips of 16 slots, so that the change of one key
// rewrites a sixteenth of it:
//
//   key     uint8 n, the n bytes of the prefix, uint8 strip (0 to 15)
//   value   uint16 slots, the most significant bit for the first one,
//           then for each that has keys, ascending:
//             uint32 keys, from 1
//             byte   hash[32], as the page sees it
//
// Integers are big-endian. A strip without keys is not stored. Inner nodes are
// not stored but computed.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/hash/hash.h"
#include "core/proof/header.h"
#include "services/ledger/map_nodes.h"

namespace dataip::ledger {

// A key of the map set to a value.
struct MapChange {
  Hash key_hash;
  Hash value;

  friend bool operator==(const MapChange&, const MapChange&) = default;
};

// Appends what a header's updates change, in their order.
void AddMapChanges(const std::vector<proof::Update>& updates,
                   std::vector<MapChange>& changes);

inline constexpr size_t kMapPageSlots = 256;
inline constexpr size_t kMapPageStrips = 16;
inline constexpr size_t kMapStripSlots = kMapPageSlots / kMapPageStrips;
inline constexpr size_t kMapPageLevels = 8;

struct MapSlot {
  uint32_t keys = 0;
  Hash hash;  // zero when there are no keys

  friend bool operator==(const MapSlot&, const MapSlot&) = default;
};

using MapStrip = std::array<MapSlot, kMapStripSlots>;

bool HasKeys(const MapStrip& strip);

std::string MapStripKey(std::string_view prefix, size_t strip);
// A strip with at least one key (asserted).
std::string EncodeMapStrip(const MapStrip& strip);
// Nothing unless EncodeMapStrip made it.
std::optional<MapStrip> DecodeMapStrip(std::string_view bytes);

// A value. Const use in any number of threads.
class MapPage {
 public:
  MapSlot slot(uint8_t number) const;
  // Fold must follow before the hashes are read.
  void SetSlot(uint8_t number, const MapSlot& slot);
  MapStrip strip(size_t number) const;
  void SetStrip(size_t number, const MapStrip& strip);

  // Adds the nodes above the slots that were set; the page is folded when
  // they are hashed.
  void AddNodes(MapNodes& nodes);
  // Both at once.
  void Fold();

  // Of the subtree that the page covers, as its parent sees it. A page that
  // is not the root has two keys at least.
  const Hash& hash() const { return hashes_[kTop]; }
  uint64_t keys() const;

  // Descends by `bits`, the byte of a key hash that this page is for: appends
  // the siblings of all levels that it takes. Answers with the slot below
  // which the descent goes on or ends; nothing for an empty end.
  std::optional<uint8_t> Descend(uint8_t bits,
                                 std::vector<Hash>& siblings) const;

 private:
  // Nodes as in a heap: 1 is the top, the children of n are 2n and 2n + 1,
  // slot s is 256 + s.
  static constexpr size_t kTop = 1;
  static constexpr size_t kNodes = 2 * kMapPageSlots;
  // A node of one key has the key's leaf hash, at whatever level.
  enum class Below : uint8_t { kNothing, kOne, kMany };

  std::array<Hash, kNodes> hashes_{};
  std::array<Below, kNodes> below_{};
  std::array<uint32_t, kMapPageSlots> keys_{};
  std::bitset<kNodes> changed_;
};

}  // namespace dataip::ledger
