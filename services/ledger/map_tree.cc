#include "services/ledger/map_tree.h"

#include <algorithm>
#include <utility>

#include "core/base/limits.h"
#include "core/base/status_macros.h"

namespace dataip::ledger {
namespace {

constexpr size_t kReadersShare = 4;  // of the cache
// Of a unit beside itself: the place in the list, what allocating costs.
constexpr size_t kUnitBytes = 64;

// Ascending, the last change of each key.
void SortChanges(std::vector<MapChange>& changes) {
  std::stable_sort(changes.begin(), changes.end(),
                   [](const MapChange& a, const MapChange& b) {
                     return a.key_hash < b.key_hash;
                   });
  // From the back, so that the last one of equals is met first.
  const auto first = std::unique(changes.rbegin(), changes.rend(),
                                 [](const MapChange& a, const MapChange& b) {
                                   return a.key_hash == b.key_hash;
                                 });
  changes.erase(changes.begin(), first.base());
}

void Merge(std::span<const MapChange> changes,
           std::vector<proof::MapLeaf>& leaves) {
  // Half as much again as there is would be waste in a full cache.
  leaves.reserve(leaves.size() + changes.size());
  for (const MapChange& change : changes) {
    const Hash& key = change.key_hash;
    const auto at =
        std::lower_bound(leaves.begin(), leaves.end(), key,
                         [](const proof::MapLeaf& leaf, const Hash& wanted) {
                           return leaf.key_hash < wanted;
                         });
    const Hash hash = proof::MapLeafHash(key, change.value);
    if (at != leaves.end() && at->key_hash == key) {
      at->hash = hash;
    } else {
      leaves.insert(at, {key, hash});
    }
  }
}

// Those at the front whose key hashes have the same byte there.
template <typename Keyed>
std::span<const Keyed> Alike(std::span<const Keyed> all, size_t position) {
  const uint8_t byte = all.front().key_hash.bytes[position];
  const auto end = std::find_if(all.begin(), all.end(), [&](const Keyed& each) {
    return each.key_hash.bytes[position] != byte;
  });
  return all.first(static_cast<size_t>(end - all.begin()));
}

std::string Below(const std::string& prefix, uint8_t number) {
  return prefix + static_cast<char>(number);
}

}  // namespace

MapTree::MapTree(Store& store, size_t cache_bytes)
    : store_(store),
      cache_bytes_(cache_bytes - cache_bytes / kReadersShare),
      readers_(std::make_shared<MapPageCache>(cache_bytes / kReadersShare)) {}

MapTree::~MapTree() = default;

absl::StatusOr<std::unique_ptr<MapTree>> MapTree::Open(Store& store,
                                                       const Hash& root,
                                                       size_t cache_bytes) {
  std::unique_ptr<MapTree> tree(new MapTree(store, cache_bytes));
  tree->Reopen();
  ASSIGN_OR_RETURN(const auto page, ReadMapPage(*tree->cursor_, "", {0, root}));
  if (page->keys() == 0) {
    RETURN_IF_ERROR(ReadMapBucket(*tree->cursor_, "", {}).status());
  }
  tree->root_.page = *page;
  tree->kept_ = std::make_shared<MapVersion>(
      MapVersion::Parts{tree->stored_, tree->readers_}, root);
  return tree;
}

void MapTree::Reopen() {
  cursor_.reset();
  stored_ = std::make_shared<MapSnapshot>(store_);
  cursor_ = std::make_unique<MapCursor>(*stored_);
}

const Hash& MapTree::root() const { return root_.page.hash(); }

uint64_t MapTree::keys() const { return root_.page.keys(); }

absl::Status MapTree::Apply(std::vector<MapChange> changes) {
  if (changes.empty()) return absl::OkStatus();
  SortChanges(changes);
  RETURN_IF_ERROR(ApplyTo(root_, changes));
  rows_.insert(rows_.end(), changes.begin(), changes.end());
  Evict();
  return absl::OkStatus();
}

absl::Status MapTree::ApplyTo(Page& page, std::span<const MapChange> changes) {
  while (!changes.empty()) {
    const auto group = Alike(changes, page.prefix.size());
    const uint8_t number = group.front().key_hash.bytes[page.prefix.size()];
    ASSIGN_OR_RETURN(const MapSlot slot, ApplyBelow(page, number, group));
    page.page.SetSlot(number, slot);
    page.changed.set(number / kMapStripSlots);
    changes = changes.subspan(group.size());
  }
  page.page.Fold();
  Changed(page);
  return absl::OkStatus();
}

absl::StatusOr<MapSlot> MapTree::ApplyBelow(
    Page& page, uint8_t number, std::span<const MapChange> changes) {
  ASSIGN_OR_RETURN(Unit* const unit, Load(page, number));
  Page* below = unit->AsPage();
  if (below != nullptr) {
    RETURN_IF_ERROR(ApplyTo(*below, changes));
  } else {
    auto& bucket = static_cast<Bucket&>(*unit);
    std::vector<proof::MapLeaf>& leaves = bucket.leaves;
    Merge(changes, leaves);
    if (leaves.size() <= limits::kMapBucketKeys) {
      Resize(bucket, sizeof(Bucket) + leaves.capacity() * sizeof(leaves[0]));
      Changed(bucket);
      return MapSlot{
          static_cast<uint32_t>(leaves.size()),
          proof::MapSubtreeHash(leaves, 8 * (page.prefix.size() + 1))};
    }
    const std::vector<proof::MapLeaf> all = std::move(leaves);
    Remove(bucket);
    below = &Split(page, number, all);
  }
  return MapSlot{static_cast<uint32_t>(below->page.keys()), below->page.hash()};
}

absl::StatusOr<MapTree::Unit*> MapTree::Load(Page& page, uint8_t number) {
  if (page.below[number] != nullptr) return page.below[number].get();
  const MapSlot slot = page.page.slot(number);
  const std::string prefix = Below(page.prefix, number);
  if (slot.keys <= limits::kMapBucketKeys) {
    auto bucket = std::make_unique<Bucket>();
    if (slot.keys > 0) {
      ASSIGN_OR_RETURN(MapBucket read, ReadMapBucket(*cursor_, prefix, slot));
      bucket->leaves = std::move(read.leaves);
    }
    return &Place(page, number, std::move(bucket));
  }
  if (prefix.size() == hash::kHashBytes) return MapNotOfSeal(prefix);
  auto below = std::make_unique<Page>();
  ASSIGN_OR_RETURN(const auto read, ReadMapPage(*cursor_, prefix, slot));
  below->page = *read;
  below->prefix = prefix;
  return &Place(page, number, std::move(below));
}

MapTree::Page& MapTree::Split(Page& parent, uint8_t number,
                              std::span<const proof::MapLeaf> leaves) {
  auto made = std::make_unique<Page>();
  Page& page = *made;
  page.prefix = Below(parent.prefix, number);
  Place(parent, number, std::move(made));
  while (!leaves.empty()) {
    const auto group = Alike(leaves, page.prefix.size());
    const uint8_t slot = group.front().key_hash.bytes[page.prefix.size()];
    const auto keys = static_cast<uint32_t>(group.size());
    if (keys > limits::kMapBucketKeys) {
      page.page.SetSlot(slot, {keys, Split(page, slot, group).page.hash()});
    } else {
      auto bucket = std::make_unique<Bucket>();
      bucket->leaves.assign(group.begin(), group.end());
      Changed(Place(page, slot, std::move(bucket)));
      page.page.SetSlot(slot, {keys, proof::MapSubtreeHash(
                                         group, 8 * (page.prefix.size() + 1))});
    }
    leaves = leaves.subspan(group.size());
  }
  page.page.Fold();
  page.changed.set();
  Changed(page);
  return page;
}

MapTree::Unit& MapTree::Place(Page& parent, uint8_t number,
                              std::unique_ptr<Unit> unit) {
  Unit& placed = *unit;
  placed.parent = &parent;
  placed.number = number;
  recent_.push_front(&placed);
  placed.place = recent_.begin();
  parent.below[number] = std::move(unit);
  Resize(placed, placed.AsPage() != nullptr ? sizeof(Page) : sizeof(Bucket));
  return placed;
}

void MapTree::Remove(Unit& unit) {
  Resize(unit, 0);
  recent_.erase(unit.place);
  unit.parent->below[unit.number].reset();
}

void MapTree::Changed(Unit& unit) {
  Page* const page = unit.AsPage();
  if (page != nullptr && page->changed_in != part_) {
    changed_pages_.push_back(page);
  }
  unit.changed_in = part_;
  if (unit.parent == nullptr) return;
  recent_.splice(recent_.begin(), recent_, unit.place);
}

void MapTree::Resize(Unit& unit, size_t bytes) {
  if (bytes > 0) bytes += kUnitBytes;
  cached_bytes_ = cached_bytes_ + bytes - unit.bytes;
  unit.bytes = bytes;
}

void MapTree::Evict() {
  // A page is moved to the front after what is below it, so it is the last
  // of these to go.
  while (cached_bytes_ > cache_bytes_ && !recent_.empty() &&
         recent_.back()->changed_in <= written_) {
    Remove(*recent_.back());
  }
}

void MapTree::Cut(uint64_t size) {
  CutMap cut{size, part_, root(), !rows_.empty(), store_.NewBatch()};
  SortChanges(rows_);
  for (const MapChange& row : rows_) {
    cut.batch.SetMapValue(row.key_hash, row.value);
  }
  rows_.clear();
  std::sort(changed_pages_.begin(), changed_pages_.end(),
            [](const Page* a, const Page* b) {
              const size_t a_level = a->prefix.size();
              const size_t b_level = b->prefix.size();
              return a_level != b_level ? a_level < b_level
                                        : a->prefix < b->prefix;
            });
  for (Page* page : changed_pages_) {
    for (size_t strip = 0; strip < kMapPageStrips; ++strip) {
      if (!page->changed[strip]) continue;
      const MapStrip slots = page->page.strip(strip);
      if (!HasKeys(slots)) continue;
      cut.batch.SetMapStrip(MapStripKey(page->prefix, strip),
                            EncodeMapStrip(slots));
    }
    page->changed.reset();
  }
  changed_pages_.clear();
  cut.batch.SetMappedSize(size);
  cuts_.push_back(std::move(cut));
  ++part_;
}

absl::StatusOr<std::shared_ptr<const MapVersion>> MapTree::Keep(uint64_t size) {
  DATAIP_ASSERT(!cuts_.empty() && cuts_.front().size == size);
  CutMap cut = std::move(cuts_.front());
  cuts_.pop_front();
  RETURN_IF_ERROR(store_.CommitMap(cut.batch));
  written_ = cut.part;
  if (cut.changed) {
    Reopen();
    kept_ = std::make_shared<MapVersion>(MapVersion::Parts{stored_, readers_},
                                         cut.root);
  }
  Evict();
  return kept_;
}

}  // namespace dataip::ledger
