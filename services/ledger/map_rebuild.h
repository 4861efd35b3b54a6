// The map of an old size, made again from the headers: in a database of its
// own, so that memory stays bounded however many keys there are. The disk
// takes what the map takes.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "services/ledger/map_version.h"
#include "services/ledger/store.h"

namespace dataip::ledger {

// Where rebuilt maps lie while they are used. For one thread at a time.
class MapRebuilds {
 public:
  // Removes what an earlier process left in the folder, which is this
  // object's alone and is made when needed.
  explicit MapRebuilds(std::string folder);

  // The map of the first `size` entries. As long as it is held, its files
  // stay. DATA_LOSS when a header is missing or broken, NOT_SERVING when it
  // was stopped, else the database's errors.
  absl::StatusOr<std::shared_ptr<const MapVersion>> Rebuild(const Store& store,
                                                            uint64_t size);

  // The process ends: what is under way ends soon, and so does every later
  // one. From any thread; does not wait.
  void Stop() { stopping_ = true; }

 private:
  const std::string folder_;
  std::atomic<bool> stopping_ = false;
  uint64_t made_ = 0;
};

}  // namespace dataip::ledger
