// The last checkpoint of every ledger that a client has seen, kept in a
// folder, so that a ledger that shows this client two histories is caught.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/hash/hash.h"

namespace dataip::client {

class LedgerClient;

// Several processes may use one folder: files are replaced whole. One thread.
class CheckpointStore {
 public:
  // Makes the folder when it is missing.
  static absl::StatusOr<CheckpointStore> Open(const std::string& folder);

  // Path of consistency between two sizes, old first (RFC 6962 2.1.2).
  using ConsistencyProof =
      std::function<absl::StatusOr<std::vector<hash::Hash>>(uint64_t old_size,
                                                            uint64_t new_size)>;
  // Asks a ledger. `ledger` outlives the function.
  static ConsistencyProof AskLedger(LedgerClient& ledger);

  // Takes a checkpoint whose signatures by the ledger's keys the caller has
  // verified. The first of an origin is kept as it is. A later one must be
  // consistent with the kept one; the larger of the two is kept. DATA_LOSS
  // when they contradict each other: both notes are kept under evidence/ of
  // the folder, and the message names sizes, roots and paths.
  // UNAVAILABLE when it is smaller and the ledger refuses to prove the kept
  // one: it may have been rolled back.
  // Without `proof` (no ledger to ask) only equal sizes can be compared: a
  // larger one is answered with false and the kept one stays; a smaller one,
  // which may be of another history, is FAILED_PRECONDITION when an earlier
  // program kept the larger, else (answers that overtook each other) false.
  // True when the two were compared.
  absl::StatusOr<bool> Accept(absl::string_view note,
                              const ConsistencyProof& proof);

  // The kept note of this origin.
  absl::StatusOr<std::optional<std::string>> Last(
      absl::string_view origin) const;

 private:
  explicit CheckpointStore(std::string folder) : folder_(std::move(folder)) {}
  std::string PathOf(absl::string_view origin) const;
  struct Seen;
  // Keeps both as evidence.
  absl::Status Contradicts(const Seen& kept, const Seen& came,
                           absl::string_view why) const;

  std::string folder_;
  std::set<std::string> first_here_;  // origins that this object kept first
};

}  // namespace dataip::client
