// What nothing on the ledger came for is deleted: openings without a
// commitment, files that no opening names, and files that were ordered erased.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "services/common/metrics.h"
#include "services/registry/files.h"
#include "services/registry/store.h"
#include "services/registry/uploads.h"

namespace dataip::registryd {

// Thread safe but for Begin.
class Orphans {
 public:
  struct Parts {
    Store& store;
    const FileStore& files;
    Uploads& uploads;
  };
  // The parts outlive it.
  explicit Orphans(Parts parts) : parts_(parts) {}

  // Digests that the ledger commits to, and those whose openings were ordered
  // erased.
  struct OnLedger {
    const std::set<std::string>& committed;
    const std::set<std::string, std::less<>>& erased;
  };
  // At start, before anything is decided. When the ledger commits to what the
  // store has no opening for and none was ordered erased, the store is lost or
  // an older one: that is logged, and this run deletes nothing, for the right
  // store may be put back and names the files.
  absl::Status Begin(const OnLedger& on_ledger);
  // Commitments without their openings, as counted at start.
  uint64_t missing() const { return missing_; }

  // Files that no opening names and that are older than
  // limits::kUnusedFileKeptS, and what is known of uploads so old.
  absl::Status SweepFiles();
  // Files that only erased openings named, however young: what was uploaded
  // again meanwhile has to be uploaded once more.
  absl::Status EraseFiles();
  // EraseFiles, then what the disk still holds of erased openings.
  absl::Status Purge();

 private:
  absl::Status Sweep(int64_t unused_for_s);

  const Parts parts_;
  std::atomic<uint64_t> missing_{0};
};

void MeasureOrphans(const Orphans& orphans, services::Metrics& metrics);

}  // namespace dataip::registryd
