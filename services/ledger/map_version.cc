#include "services/ledger/map_version.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/hex.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "services/common/error.h"

namespace dataip::ledger {

std::shared_ptr<const MapPage> MapPageCache::Find(const Hash& hash) {
  base::MutexLock lock(mutex_);
  const auto place = places_.find(hash);
  if (place == places_.end()) return nullptr;
  pages_.splice(pages_.begin(), pages_, place->second);
  return pages_.front();
}

void MapPageCache::Add(std::shared_ptr<const MapPage> page) {
  base::MutexLock lock(mutex_);
  const Hash hash = page->hash();
  if (places_.contains(hash)) return;
  pages_.push_front(std::move(page));
  places_[hash] = pages_.begin();
  while (pages_.size() > 1 && pages_.size() * sizeof(MapPage) > max_bytes_) {
    places_.erase(pages_.back()->hash());
    pages_.pop_back();
  }
}

absl::Status MapNotOfSeal(std::string_view prefix) {
  const std::string at = base::HexEncode(hash::AsBytes(prefix));
  return services::MakeStatus(
      rpc::v1::DATA_LOSS,
      {absl::StrCat("the stored map, below \"", at,
                    "\", does not lead to the root of its seal; restore a "
                    "backup"),
       absl::StrCat("存储的映射（前缀 \"", at,
                    "\" 之下）与其封印的根不符，请从备份恢复")});
}

absl::StatusOr<std::unique_ptr<MapPage>> ReadMapPage(MapCursor& cursor,
                                                     std::string_view prefix,
                                                     const MapSlot& above) {
  auto page = std::make_unique<MapPage>();
  RETURN_IF_ERROR(cursor.ReadPage(prefix, *page));
  if (page->hash() != above.hash ||
      (above.keys != 0 && page->keys() != above.keys)) {
    return MapNotOfSeal(prefix);
  }
  return page;
}

absl::StatusOr<MapBucket> ReadMapBucket(MapCursor& cursor,
                                        std::string_view prefix,
                                        const MapSlot& above) {
  MapBucket bucket;
  ASSIGN_OR_RETURN(bucket.rows, cursor.ReadRows(prefix, above.keys));
  if (bucket.rows.size() != above.keys) return MapNotOfSeal(prefix);
  bucket.leaves.reserve(bucket.rows.size());
  for (const MapChange& row : bucket.rows) {
    bucket.leaves.push_back({row.key_hash, row.value});
  }
  HashMapLeaves(bucket.leaves);
  MapNodes nodes;
  AddBucketNodes(bucket.leaves, 8 * prefix.size(), kAllLeavesChanged,
                 bucket.inner, nodes);
  nodes.HashAll();
  if (BucketHash(bucket.leaves, bucket.inner) != above.hash) {
    return MapNotOfSeal(prefix);
  }
  return bucket;
}

absl::StatusOr<std::shared_ptr<const MapPage>> MapVersion::PageAt(
    MapCursor& cursor, std::string_view prefix, const MapSlot& above) const {
  auto page = parts_.cache->Find(above.hash);
  if (page != nullptr) return page;
  ASSIGN_OR_RETURN(page, ReadMapPage(cursor, prefix, above));
  parts_.cache->Add(page);
  return page;
}

absl::StatusOr<proof::MapProof> MapVersion::Prove(const Hash& key_hash) const {
  proof::MapProof proof;
  MapCursor cursor(*parts_.snapshot);
  std::string prefix;
  MapSlot above{0, root_};
  while (true) {
    ASSIGN_OR_RETURN(const auto page, PageAt(cursor, prefix, above));
    const auto slot =
        page->Descend(key_hash.bytes[prefix.size()], proof.siblings);
    if (!slot.has_value()) return proof;
    above = page->slot(*slot);
    prefix += static_cast<char>(*slot);
    if (above.keys <= limits::kMapBucketKeys) break;
    if (prefix.size() == hash::kHashBytes) return MapNotOfSeal(prefix);
  }
  ASSIGN_OR_RETURN(const MapBucket bucket,
                   ReadMapBucket(cursor, prefix, above));
  const auto end = proof::MapDescend(bucket.leaves, key_hash, proof.siblings);
  if (end.has_value()) {
    const MapChange& row = bucket.rows[*end];
    proof.terminal = {row.key_hash, row.value};
  }
  return proof;
}

absl::StatusOr<uint64_t> MapVersion::CheckAll() const {
  MapCursor cursor(*parts_.snapshot);
  std::string prefix;
  ASSIGN_OR_RETURN(const auto page, ReadMapPage(cursor, prefix, {0, root_}));
  RETURN_IF_ERROR(CheckBelow(cursor, prefix, *page));
  return page->keys();
}

absl::Status MapVersion::CheckBelow(MapCursor& cursor, std::string& prefix,
                                    const MapPage& page) const {
  for (size_t number = 0; number < kMapPageSlots; ++number) {
    const MapSlot slot = page.slot(static_cast<uint8_t>(number));
    prefix += static_cast<char>(number);
    if (slot.keys <= limits::kMapBucketKeys) {
      // An empty one must have no rows either.
      RETURN_IF_ERROR(ReadMapBucket(cursor, prefix, slot).status());
    } else if (prefix.size() == hash::kHashBytes) {
      return MapNotOfSeal(prefix);
    } else {
      ASSIGN_OR_RETURN(const auto below, ReadMapPage(cursor, prefix, slot));
      RETURN_IF_ERROR(CheckBelow(cursor, prefix, *below));
    }
    prefix.pop_back();
  }
  return absl::OkStatus();
}

}  // namespace dataip::ledger
