// The map while it grows: pages and buckets (map_page.h) in memory as far as
// they are needed and there is room, the rest in the store.
//
// Changes are applied in batches: sorted by key hash, so that a node above
// several of them is hashed once. A cut marks where a seal stands; when the
// seal is durable, Keep writes what had changed up to the cut, in one write
// that is not synced. Until then what changed stays in memory, so what is
// read from the store is always the map of the last Keep; and it is compared
// with the hash that the page above has of it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/ledger/map_nodes.h"
#include "services/ledger/map_page.h"
#include "services/ledger/map_version.h"
#include "services/ledger/store.h"
#include "services/ledger/store_map.h"

namespace dataip::ledger {

// For one thread. After an error the object is of no use: DATA_LOSS when the
// store does not hold what the root stands for, else the store's.
class MapTree {
 public:
  // The stored map, which has this root: DATA_LOSS otherwise. Reads the root
  // page only. A quarter of the bytes is for readers of versions.
  static absl::StatusOr<std::unique_ptr<MapTree>> Open(Store& store,
                                                       const Hash& root,
                                                       size_t cache_bytes);
  ~MapTree();

  // In their order: of several changes of one key the last one holds.
  absl::Status Apply(std::vector<MapChange> changes);

  const Hash& root() const;
  uint64_t keys() const;

  // What was applied so far is the map of the first `size` entries.
  void Cut(uint64_t size);
  // Writes the map of the first cut that was not kept, which is of this size
  // (asserted).
  absl::StatusOr<std::shared_ptr<const MapVersion>> Keep(uint64_t size);
  // As last kept; at first as opened.
  const std::shared_ptr<const MapVersion>& kept() const { return kept_; }

  // Pages and buckets in memory; above the limit only while they must stay.
  size_t cached_bytes() const { return cached_bytes_; }

 private:
  struct Page;
  // A page or a bucket below a page. The one used last stands first in
  // `recent_`; those that must stay stand before all others.
  struct Unit {
    virtual ~Unit() = default;
    virtual Page* AsPage() { return nullptr; }

    Page* parent = nullptr;  // null for the root, which always stays
    uint8_t number = 0;      // the parent's slot
    size_t bytes = 0;
    // The part between two cuts in which it changed last.
    uint64_t changed_in = 0;
    std::list<Unit*>::iterator place;
  };
  struct Bucket : Unit {
    std::vector<proof::MapLeaf> leaves;
    MapInner inner;
  };
  struct Page : Unit {
    Page* AsPage() override { return this; }

    std::string prefix;
    MapPage page;
    std::array<std::unique_ptr<Unit>, kMapPageSlots> below;
    std::bitset<kMapPageStrips> changed;  // since the last cut
    std::bitset<kMapPageSlots> to_set;    // by the changes that are applied
  };
  struct CutMap {
    uint64_t size = 0;
    uint64_t part = 0;
    Hash root;
    bool changed = false;
    Store::Batch batch;
  };

  MapTree(Store& store, size_t cache_bytes);

  // Puts the leaves into the buckets; nodes_ and applied_pages_ say what is
  // to be hashed then.
  absl::Status ApplyTo(Page& page, std::span<const proof::MapLeaf> changes);
  absl::Status ApplyBelow(Page& page, uint8_t number,
                          std::span<const proof::MapLeaf> changes);
  // From the buckets up, all pages of one level together.
  void HashApplied();
  static MapSlot SlotOf(Unit& unit);
  // What stands in the slot, read when it is not in memory.
  absl::StatusOr<Unit*> Load(Page& page, uint8_t number);
  // Puts a page where a bucket grew too large.
  Page& Split(Page& parent, uint8_t number,
              std::span<const proof::MapLeaf> leaves);
  Unit& Place(Page& parent, uint8_t number, std::unique_ptr<Unit> unit);
  void Remove(Unit& unit);
  // Moves it to the front, and keeps it until the next cut is kept.
  void Changed(Unit& unit);
  void Resize(Unit& unit, size_t bytes);
  static size_t BytesOf(const Bucket& bucket);
  void Evict();
  void Reopen();

  Store& store_;
  const size_t cache_bytes_;
  const std::shared_ptr<MapPageCache> readers_;
  std::shared_ptr<const MapSnapshot> stored_;  // of the last Keep
  std::unique_ptr<MapCursor> cursor_;          // at `stored_`
  std::shared_ptr<const MapVersion> kept_;

  Page root_;
  std::list<Unit*> recent_;
  size_t cached_bytes_ = 0;
  // Parts are numbered from 1; those up to `written_` are in the store.
  uint64_t part_ = 1;
  uint64_t written_ = 0;
  MapNodes nodes_;
  // In one call of Apply, by the bytes of their prefixes.
  std::vector<std::vector<Page*>> applied_pages_;
  std::vector<MapChange> rows_;       // changed in this part
  std::vector<Page*> changed_pages_;  // changed in this part
  std::deque<CutMap> cuts_;
};

}  // namespace dataip::ledger
