// Erases payloads by order (formats 6): once the marker is written and synced
// nobody reads them; then every file that still has the bytes is rewritten or
// deleted, backups included. Headers stay. The ledger does not know what an
// order says: it checks that one stands where the caller, a writer, says.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/mutex.h"
#include "core/hash/hash.h"
#include "services/common/worker.h"
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

// Thread safe: one erasure at a time, in its own thread.
class Eraser {
 public:
  // What is borrowed outlives it.
  struct Parts {
    Store& store;
    Backups& backups;
    const Milestone& durable;
  };

  explicit Eraser(Parts parts);
  // Ends what runs; what is queued is answered with NOT_SERVING, and what was
  // begun goes on at the next start.
  ~Eraser();

  // Answers once, from the eraser's thread or at once: how many payloads stood
  // there still, when no file of the database and no backup has the bytes of
  // any of them. RULE_REFUSES when the order is not durable, is the ledger's
  // own entry, or is not later than all it names; INVALID_FIELD when a named
  // entry is the ledger's own or has other digests; NOT_SERVING while a reader
  // still holds a file (call again: it is erased already); OVERLOADED when
  // too many wait.
  using Done = std::function<void(absl::StatusOr<uint32_t>)>;
  void Erase(ErasureRequest request, Done done);

  // Goes on with what an earlier process began.
  void Resume();

 private:
  absl::Status Check(const ErasureRequest& request) const;
  absl::StatusOr<uint32_t> Run(const ErasureRequest& request);
  absl::Status Purge();

  Parts parts_;
  base::Mutex mutex_;
  bool stopping_ DATAIP_GUARDED_BY(mutex_) = false;
  services::Worker worker_;
};

}  // namespace dataip::ledger
