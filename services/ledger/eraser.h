// Erases payloads by order (formats 6): once the marker is written and synced
// nobody reads them; then every file that still has the bytes is rewritten or
// deleted, backups included. Headers stay. The ledger does not know what an
// order says: it checks that the entry which the caller, a writer, names as
// one stands, and what can be seen of it without its content (TRUST.md).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/mutex.h"
#include "core/hash/hash.h"
#include "services/ledger/backup.h"
#include "services/ledger/milestone.h"
#include "services/ledger/store.h"

namespace dataip::ledger {

struct PayloadErasure {
  uint64_t index = 0;
  Hash payload_sha256;
  Hash payload_sm3;
};

struct ErasureRequest {
  uint64_t order_index = 0;
  std::vector<PayloadErasure> payloads;  // ascending by index
};

// Thread safe: works in its own thread.
class Eraser {
 public:
  // What is borrowed outlives it. After a failure the disk is cleaned again
  // after `first_pause`, then after twice as long each time, up to
  // `last_pause`, whether somebody asks or not.
  struct Parts {
    Store& store;
    Backups& backups;
    const Milestone& durable;
    std::chrono::milliseconds first_pause{1'000};
    std::chrono::milliseconds last_pause{60'000};
  };

  explicit Eraser(Parts parts);
  // Stop().
  ~Eraser();

  // Answers once, from the eraser's thread or at once: how many payloads stood
  // there still, when no file of the database and no backup in `backup_dir` has
  // the bytes of any that an order erased. All that is asked for is marked
  // before the disk is cleaned. RULE_REFUSES when the order is not durable, is
  // the ledger's own entry, was erased itself, or is not later than all it
  // names and of their type; INVALID_FIELD when a named entry is the ledger's
  // own or has other digests; DATA_LOSS when what is named cannot be read, and
  // nothing is erased; NOT_SERVING while a reader still holds a file (it is
  // erased already, and the eraser tries again by itself) and when the ledger
  // stops; else why the disk is not clean; OVERLOADED when too many wait. A
  // write that fails ends the process.
  using Done = std::function<void(absl::StatusOr<uint32_t>)>;
  void Erase(ErasureRequest request, Done done);

  // Goes on with what an earlier process began.
  void Resume();

  // Ends what runs, soon when the backups are stopped too; what is queued is
  // answered with NOT_SERVING. What was begun goes on at the next start.
  void Stop();

 private:
  using Clock = std::chrono::steady_clock;
  struct Asked {
    ErasureRequest request;
    Done done;
  };
  struct Marked {
    uint32_t erased = 0;
    Done done;
  };

  void Run();
  bool WaitForWork(std::vector<Asked>& taken) DATAIP_EXCLUDES(mutex_);
  absl::Status Check(const ErasureRequest& request) const;
  absl::StatusOr<uint32_t> Mark(const ErasureRequest& request);
  absl::Status Clean(bool more) DATAIP_EXCLUDES(mutex_);
  absl::Status Purge();

  const Parts parts_;
  base::Mutex mutex_;
  base::CondVar changed_;
  std::vector<Asked> queue_ DATAIP_GUARDED_BY(mutex_);
  bool stopping_ DATAIP_GUARDED_BY(mutex_) = false;
  // When the disk is to be cleaned without being asked; nothing when it is
  // clean.
  std::optional<Clock::time_point> clean_at_ DATAIP_GUARDED_BY(mutex_);
  // Of the thread.
  std::chrono::milliseconds pause_;
  absl::Status failed_;
  std::thread thread_;
};

}  // namespace dataip::ledger
