// The map of one sealed size, readable by any thread while the map goes on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/mutex.h"
#include "core/proof/map.h"
#include "services/ledger/map_page.h"
#include "services/ledger/store_map.h"

namespace dataip::ledger {

// Pages that readers share, found by the hash they fold to: whatever version
// needs a page of this hash, it is this one. Bounded by bytes, the longest
// unused go first. Thread safe.
class MapPageCache {
 public:
  explicit MapPageCache(size_t max_bytes) : max_bytes_(max_bytes) {}

  std::shared_ptr<const MapPage> Find(const Hash& hash);
  void Add(std::shared_ptr<const MapPage> page);

 private:
  using Pages = std::list<std::shared_ptr<const MapPage>>;

  const size_t max_bytes_;
  base::Mutex mutex_;
  Pages pages_ DATAIP_GUARDED_BY(mutex_);  // the last one used first
  std::map<Hash, Pages::iterator> places_ DATAIP_GUARDED_BY(mutex_);
};

// DATA_LOSS: what is stored of the map does not lead to the root of its seal.
absl::Status MapNotOfSeal(std::string_view prefix);

// Reads the page at `prefix`; DATA_LOSS unless it is what the slot above says.
// A page is known by its hash; the keys of the root page, which nobody states,
// are not compared when `above.keys` is 0.
absl::StatusOr<std::unique_ptr<MapPage>> ReadMapPage(MapCursor& cursor,
                                                     std::string_view prefix,
                                                     const MapSlot& above);

// Reads the rows below `prefix`, with their hashes; DATA_LOSS unless they are
// what the slot above says.
struct MapBucket {
  std::vector<MapChange> rows;
  std::vector<proof::MapLeaf> leaves;
  MapInner inner;
};
absl::StatusOr<MapBucket> ReadMapBucket(MapCursor& cursor,
                                        std::string_view prefix,
                                        const MapSlot& above);

// Thread safe, unchanging. Whatever it reads is compared with the hash that
// the page above has of it, up to the root.
class MapVersion {
 public:
  struct Parts {
    std::shared_ptr<const MapSnapshot> snapshot;
    std::shared_ptr<MapPageCache> cache;
  };
  MapVersion(Parts parts, const Hash& root)
      : parts_(std::move(parts)), root_(root) {}

  const Hash& root() const { return root_; }

  // Of presence or of absence. DATA_LOSS when stored bytes do not lead to the
  // root.
  absl::StatusOr<proof::MapProof> Prove(const Hash& key_hash) const;
  absl::StatusOr<proof::MapProof> Prove(std::string_view key) const {
    return Prove(proof::MapKeyHash(key));
  }

  // Reads every page and row: DATA_LOSS as above. The number of keys.
  absl::StatusOr<uint64_t> CheckAll() const;

 private:
  absl::StatusOr<std::shared_ptr<const MapPage>> PageAt(
      MapCursor& cursor, std::string_view prefix, const MapSlot& above) const;
  absl::Status CheckBelow(MapCursor& cursor, std::string& prefix,
                          const MapPage& page) const;

  const Parts parts_;
  const Hash root_;
};

}  // namespace dataip::ledger
