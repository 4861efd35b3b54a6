#include "services/ledger/map_page.h"

#include <algorithm>
#include <bit>
#include <numeric>

#include "core/base/status_macros.h"
#include "core/proof/map.h"

namespace dataip::ledger {
namespace {

constexpr size_t kMaskBytes = 2;
constexpr size_t kKeysBytes = 4;
constexpr size_t kSlotBytes = kKeysBytes + hash::kHashBytes;

void PutNumber(uint32_t number, size_t bytes, std::string& to) {
  for (size_t i = bytes; i > 0; --i) {
    to += static_cast<char>(number >> (8 * (i - 1)));
  }
}

uint32_t TakeNumber(size_t bytes, std::string_view& from) {
  uint32_t number = 0;
  for (size_t i = 0; i < bytes; ++i) {
    number = number << 8 | static_cast<uint8_t>(from[i]);
  }
  from.remove_prefix(bytes);
  return number;
}

// Of a node of the heap, counted from below.
size_t LevelOf(size_t node) { return kMapPageLevels - std::bit_width(node); }

constexpr uint32_t MaskOf(size_t slot) {
  return uint32_t{1} << (kMapStripSlots - 1 - slot);
}

}  // namespace

void AddMapChanges(const std::vector<proof::Update>& updates,
                   std::vector<MapChange>& changes) {
  for (const proof::Update& update : updates) {
    changes.push_back({proof::MapKeyHash(update.key), update.value});
  }
}

bool HasKeys(const MapStrip& strip) {
  return std::any_of(strip.begin(), strip.end(),
                     [](const MapSlot& slot) { return slot.keys > 0; });
}

std::string MapStripKey(std::string_view prefix, size_t strip) {
  DATAIP_ASSERT(prefix.size() < hash::kHashBytes && strip < kMapPageStrips);
  std::string key(1, static_cast<char>(prefix.size()));
  key += prefix;
  key += static_cast<char>(strip);
  return key;
}

std::string EncodeMapStrip(const MapStrip& strip) {
  uint32_t mask = 0;
  std::string slots;
  for (size_t i = 0; i < strip.size(); ++i) {
    if (strip[i].keys == 0) continue;
    mask |= MaskOf(i);
    PutNumber(strip[i].keys, kKeysBytes, slots);
    slots += strip[i].hash.text();
  }
  DATAIP_ASSERT(mask != 0);
  std::string bytes;
  PutNumber(mask, kMaskBytes, bytes);
  return bytes + slots;
}

std::optional<MapStrip> DecodeMapStrip(std::string_view bytes) {
  if (bytes.size() < kMaskBytes) return std::nullopt;
  const uint32_t mask = TakeNumber(kMaskBytes, bytes);
  const auto count = static_cast<size_t>(std::popcount(mask));
  if (count == 0 || bytes.size() != count * kSlotBytes) return std::nullopt;
  MapStrip strip;
  for (size_t i = 0; i < strip.size(); ++i) {
    if ((mask & MaskOf(i)) == 0) continue;
    strip[i].keys = TakeNumber(kKeysBytes, bytes);
    if (strip[i].keys == 0) return std::nullopt;
    strip[i].hash =
        *Hash::From(hash::AsBytes(bytes.substr(0, hash::kHashBytes)));
    bytes.remove_prefix(hash::kHashBytes);
  }
  return strip;
}

MapSlot MapPage::slot(uint8_t number) const {
  return {keys_[number], hashes_[kMapPageSlots + number]};
}

void MapPage::SetSlot(uint8_t number, const MapSlot& slot) {
  const size_t node = kMapPageSlots + number;
  keys_[number] = slot.keys;
  hashes_[node] = slot.hash;
  below_[node] = slot.keys == 0   ? Below::kNothing
                 : slot.keys == 1 ? Below::kOne
                                  : Below::kMany;
  changed_[node] = true;
}

MapStrip MapPage::strip(size_t number) const {
  MapStrip strip;
  for (size_t i = 0; i < strip.size(); ++i) {
    strip[i] = slot(static_cast<uint8_t>(number * kMapStripSlots + i));
  }
  return strip;
}

void MapPage::SetStrip(size_t number, const MapStrip& strip) {
  for (size_t i = 0; i < strip.size(); ++i) {
    if (strip[i].keys == 0) continue;
    SetSlot(static_cast<uint8_t>(number * kMapStripSlots + i), strip[i]);
  }
}

void MapPage::Fold() {
  MapNodes nodes;
  AddNodes(nodes);
  nodes.HashAll();
}

void MapPage::AddNodes(MapNodes& nodes) {
  for (size_t node = kMapPageSlots - 1; node >= kTop; --node) {
    const size_t left = 2 * node;
    const size_t right = left + 1;
    if (!changed_[left] && !changed_[right]) continue;
    changed_[node] = true;
    if (below_[right] == Below::kNothing && below_[left] != Below::kMany) {
      below_[node] = below_[left];
      hashes_[node] = hashes_[left];
    } else if (below_[left] == Below::kNothing &&
               below_[right] == Below::kOne) {
      below_[node] = below_[right];
      hashes_[node] = hashes_[right];
    } else {
      below_[node] = Below::kMany;
      nodes.Add(LevelOf(node), hashes_[left], hashes_[right], hashes_[node]);
    }
  }
  changed_.reset();
}

uint64_t MapPage::keys() const {
  return std::accumulate(keys_.begin(), keys_.end(), uint64_t{0});
}

std::optional<uint8_t> MapPage::Descend(uint8_t bits,
                                        std::vector<Hash>& siblings) const {
  size_t node = kTop;
  for (size_t level = 0; level < kMapPageLevels; ++level) {
    if (below_[node] != Below::kMany) break;
    const size_t child = 2 * node + (bits >> (kMapPageLevels - 1 - level) & 1);
    siblings.push_back(hashes_[child ^ 1]);
    node = child;
  }
  if (below_[node] == Below::kNothing) return std::nullopt;
  while (node < kMapPageSlots) {
    // The one key lies on the side that is not empty.
    node = 2 * node;
    if (below_[node] == Below::kNothing) ++node;
  }
  return static_cast<uint8_t>(node - kMapPageSlots);
}

}  // namespace dataip::ledger
