// The thread that keeps the map (formats.md 4): it hashes the changes of each
// batch while the sequencer goes on, and keeps the map of each seal readable.
//
// The sequencer's part, in this order:
//   Add(changes of the batch)      as each batch is built
//   RootAt(size)                   to seal: everything added so far, hashed
//   Keep(size, kept)               once that seal is durable
// After Keep the rows and pages of the seal are written, not synced: a crash
// leaves them at an older seal, and the start rolls forward from there.
//
// Stored bytes that do not lead to the root, or a failed write, end the
// process: nothing is signed over a map that may be wrong.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <variant>
#include <vector>

#include "core/base/limits.h"
#include "core/base/mutex.h"
#include "services/ledger/map_tree.h"
#include "services/ledger/map_version.h"

namespace dataip::ledger {

// Thread safe; but Add and RootAt are for one thread, which gives the order.
class Mapper {
 public:
  explicit Mapper(std::unique_ptr<MapTree> tree);
  // As Stop.
  ~Mapper();

  // Waits while more than limits::kUnmappedUpdates changes are not hashed.
  void Add(std::vector<MapChange> changes);

  // The root after all that was added, which are the changes of the first
  // `size` entries; waits for the last of them only. `size` is the index of
  // the seal that is being made.
  Hash RootAt(uint64_t size);

  // The seal of this RootAt is durable: writes the map as it was there and
  // gives it to `kept`, in the mapper's thread; `kept` must not wait. One
  // call for each RootAt, in the same order, from any thread.
  using Kept = std::function<void(std::shared_ptr<const MapVersion>)>;
  void Keep(uint64_t size, Kept kept);

  // So much has changed since the last RootAt that a seal should follow now:
  // until it is kept, the changes stay in memory. For the thread that adds.
  bool WantsSeal() const { return since_seal_ >= limits::kMapChangesPerSeal; }

  // Does all that was asked, then ends the thread.
  void Stop();

 private:
  struct SealItem {
    uint64_t size = 0;
  };
  struct KeepItem {
    uint64_t size = 0;
    Kept kept;
  };
  using Item = std::variant<std::vector<MapChange>, SealItem, KeepItem>;

  void Run();
  // Takes what queues; false when there is nothing left to do.
  bool Take(std::deque<Item>& items);
  // Hashes what has gathered.
  void Apply();
  void Do(const std::vector<MapChange>& changes);
  void Do(const SealItem& seal);
  void Do(const KeepItem& keep);

  // The mapper's thread only.
  std::unique_ptr<MapTree> tree_;
  std::vector<MapChange> gathered_;
  // The caller of Add and RootAt.
  size_t since_seal_ = 0;

  base::Mutex mutex_;
  base::CondVar changed_;
  base::CondVar done_;
  std::deque<Item> queue_ DATAIP_GUARDED_BY(mutex_);
  size_t unmapped_ DATAIP_GUARDED_BY(mutex_) = 0;
  std::optional<Hash> root_ DATAIP_GUARDED_BY(mutex_);
  bool stopping_ DATAIP_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace dataip::ledger
