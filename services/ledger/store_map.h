// The map's families in RocksDB: `map` (key hash -> value) and `pages`
// (map_page.h), read as they were at one moment.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "core/hash/hash.h"
#include "services/ledger/map_page.h"
#include "services/ledger/store.h"

namespace dataip::ledger {

class Snapshots;

// Keeps readable what the map's families held when it was taken; the database
// keeps that much more until it is dropped. Thread safe. Read only while the
// store is open; it may be dropped later.
class MapSnapshot {
 public:
  explicit MapSnapshot(const Store& store);
  ~MapSnapshot();
  MapSnapshot(const MapSnapshot&) = delete;
  MapSnapshot& operator=(const MapSnapshot&) = delete;

 private:
  friend class MapCursor;
  const Store& store_;
  const std::shared_ptr<Snapshots> all_;
  const void* const snapshot_;
};

// Reads at a snapshot, which lives at least as long. For one thread.
class MapCursor {
 public:
  explicit MapCursor(const MapSnapshot& snapshot);
  ~MapCursor();

  // The rows whose key hashes begin with `prefix`, ascending. DATA_LOSS when
  // there are more than `max_rows` or one does not decode.
  absl::StatusOr<std::vector<MapChange>> ReadRows(std::string_view prefix,
                                                  size_t max_rows);

  // The page at `prefix`, folded; without keys when nothing is stored.
  // DATA_LOSS when a strip does not decode.
  absl::Status ReadPage(std::string_view prefix, MapPage& page);

 private:
  struct Iterators;
  std::unique_ptr<Iterators> iterators_;
};

}  // namespace dataip::ledger
