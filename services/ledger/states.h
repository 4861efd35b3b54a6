// The published sizes that can be proved at once: those of the last ten
// minutes, as many as limits::kStatesKept, and the newest however old it is.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include "core/base/limits.h"
#include "core/base/mutex.h"
#include "services/ledger/map_version.h"

namespace dataip::ledger {

// Everything at one published size. Immutable once shared.
struct State {
  uint64_t size = 0;
  std::string note;
  int64_t seal_time_ms = 0;
  std::string seal_header;   // of index size - 1
  std::string seal_payload;  // 64 bytes
  // Null when it must be rebuilt from the headers first.
  std::shared_ptr<const MapVersion> map;
};

// Thread safe.
class States {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit States(std::chrono::milliseconds kept) : kept_(kept) {}

  // A size that is not smaller than any before (asserted); the same one takes
  // the newest's place, with another note. Drops what is older than the time
  // kept.
  void Add(std::shared_ptr<const State> state, Time now);

  // Null when nothing was published yet.
  std::shared_ptr<const State> Newest() const;
  // Null when this size is not kept.
  std::shared_ptr<const State> At(uint64_t size) const;

 private:
  struct Kept {
    std::shared_ptr<const State> state;
    Time since;
  };

  const std::chrono::milliseconds kept_;
  mutable base::Mutex mutex_;
  std::deque<Kept> states_ DATAIP_GUARDED_BY(mutex_);
};

}  // namespace dataip::ledger
