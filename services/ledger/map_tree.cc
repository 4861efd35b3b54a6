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

uint64_t FirstBytes(const Hash& hash) {
  uint64_t number = 0;
  for (size_t i = 0; i < sizeof(number); ++i) {
    number = number << 8 | hash.bytes[i];
  }
  return number;
}

// Ascending, the last change of each key.
void SortChanges(std::vector<MapChange>& changes) {
  // Moving 16 bytes is cheaper than moving 64, and comparing 8 than 32.
  struct Place {
    uint64_t first_bytes;
    size_t at;
  };
  std::vector<Place> places;
  places.reserve(changes.size());
  for (size_t i = 0; i < changes.size(); ++i) {
    places.push_back({FirstBytes(changes[i].key_hash), i});
  }
  std::sort(
      places.begin(), places.end(), [&changes](const Place& a, const Place& b) {
        if (a.first_bytes != b.first_bytes) {
          return a.first_bytes < b.first_bytes;
        }
        const auto order = changes[a.at].key_hash <=> changes[b.at].key_hash;
        return order != 0 ? order < 0 : a.at < b.at;
      });
  std::vector<MapChange> sorted;
  sorted.reserve(changes.size());
  for (const Place& place : places) {
    const MapChange& change = changes[place.at];
    if (!sorted.empty() && sorted.back().key_hash == change.key_hash) {
      sorted.back() = change;
    } else {
      sorted.push_back(change);
    }
  }
  changes = std::move(sorted);
}

std::vector<proof::MapLeaf> LeavesOf(const std::vector<MapChange>& changes) {
  std::vector<proof::MapLeaf> leaves;
  leaves.reserve(changes.size());
  for (const MapChange& change : changes) {
    leaves.push_back({change.key_hash, change.value});
  }
  HashMapLeaves(leaves);
  return leaves;
}

// Both ascending. What has changed, unless there are too many now.
MapLeavesChanged Merge(std::span<const proof::MapLeaf> changes,
                       std::vector<proof::MapLeaf>& leaves) {
  MapLeavesChanged changed = 0;
  for (const proof::MapLeaf& change : changes) {
    const auto at = std::lower_bound(
        leaves.begin(), leaves.end(), change,
        [](const proof::MapLeaf& leaf, const proof::MapLeaf& wanted) {
          return leaf.key_hash < wanted.key_hash;
        });
    if (at != leaves.end() && at->key_hash == change.key_hash) {
      at->hash = change.hash;
      if (changed != kAllLeavesChanged) {
        changed |= MapLeavesChanged{1} << (at - leaves.begin());
      }
      continue;
    }
    const auto place = at - leaves.begin();
    if (leaves.size() == leaves.capacity()) {
      // Twice as much as there is would be waste in a full cache.
      leaves.reserve(leaves.size() + leaves.size() / 4 + 1);
    }
    leaves.insert(leaves.begin() + place, change);
    changed = kAllLeavesChanged;
  }
  return changed;
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
  RETURN_IF_ERROR(ApplyTo(root_, LeavesOf(changes)));
  HashApplied();
  rows_.insert(rows_.end(), changes.begin(), changes.end());
  Evict();
  return absl::OkStatus();
}

absl::Status MapTree::ApplyTo(Page& page,
                              std::span<const proof::MapLeaf> changes) {
  const size_t depth = page.prefix.size();
  while (!changes.empty()) {
    const auto group = Alike(changes, depth);
    const uint8_t number = group.front().key_hash.bytes[depth];
    RETURN_IF_ERROR(ApplyBelow(page, number, group));
    page.to_set.set(number);
    page.changed.set(number / kMapStripSlots);
    changes = changes.subspan(group.size());
  }
  if (applied_pages_.size() <= depth) applied_pages_.resize(depth + 1);
  applied_pages_[depth].push_back(&page);
  Changed(page);
  return absl::OkStatus();
}

absl::Status MapTree::ApplyBelow(Page& page, uint8_t number,
                                 std::span<const proof::MapLeaf> changes) {
  ASSIGN_OR_RETURN(Unit* const unit, Load(page, number));
  Page* const below = unit->AsPage();
  if (below != nullptr) return ApplyTo(*below, changes);
  auto& bucket = static_cast<Bucket&>(*unit);
  std::vector<proof::MapLeaf>& leaves = bucket.leaves;
  const MapLeavesChanged changed = Merge(changes, leaves);
  if (leaves.size() <= limits::kMapBucketKeys) {
    AddBucketNodes(leaves, 8 * (page.prefix.size() + 1), changed, bucket.inner,
                   nodes_);
    Resize(bucket, BytesOf(bucket));
    Changed(bucket);
  } else {
    const std::vector<proof::MapLeaf> all = std::move(leaves);
    Remove(bucket);
    Split(page, number, all);
  }
  return absl::OkStatus();
}

void MapTree::HashApplied() {
  nodes_.HashAll();
  for (size_t depth = applied_pages_.size(); depth > 0; --depth) {
    for (Page* const page : applied_pages_[depth - 1]) {
      for (size_t i = 0; i < kMapPageSlots; ++i) {
        if (!page->to_set[i]) continue;
        page->page.SetSlot(static_cast<uint8_t>(i), SlotOf(*page->below[i]));
      }
      page->to_set.reset();
      page->page.AddNodes(nodes_);
    }
    nodes_.HashAll();
    applied_pages_[depth - 1].clear();
  }
}

MapSlot MapTree::SlotOf(Unit& unit) {
  const Page* const page = unit.AsPage();
  if (page != nullptr) {
    return {static_cast<uint32_t>(page->page.keys()), page->page.hash()};
  }
  const auto& bucket = static_cast<const Bucket&>(unit);
  return {static_cast<uint32_t>(bucket.leaves.size()),
          BucketHash(bucket.leaves, bucket.inner)};
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
      bucket->inner = std::move(read.inner);
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
      Bucket& placed = *bucket;
      Place(page, slot, std::move(bucket));
      Resize(placed, BytesOf(placed));
      Changed(placed);
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

size_t MapTree::BytesOf(const Bucket& bucket) {
  return sizeof(Bucket) + bucket.leaves.capacity() * sizeof(proof::MapLeaf) +
         bucket.inner.capacity() * sizeof(Hash);
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
