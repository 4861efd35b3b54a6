// A log that a witness signs for, and by which keys it is known.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/crypto/note_signer.h"
#include "core/proof/add_checkpoint.h"

namespace dataip::witness {

// Copyable, thread safe.
class WatchedLog {
 public:
  // "<origin> <vkey> [<vkey>...]"; an origin may have spaces. INVALID_ARGUMENT
  // says what is wrong, in both languages.
  static absl::StatusOr<WatchedLog> Parse(absl::string_view line);

  const std::string& origin() const { return origin_; }

  // A ledger of ours: one of the keys is SM2. Its checkpoints have three lines
  // and are signed by every key named (formats.md 3); those of other logs by
  // one at least (C2SP tlog-witness).
  bool ours() const { return ours_; }

  // INVALID_ARGUMENT when the checkpoint is not one of a ledger of ours,
  // PERMISSION_DENIED when too few keys have signed it or the line of one that
  // we trust does not verify.
  absl::Status Check(const proof::AddCheckpoint& request) const;

 private:
  WatchedLog() = default;

  std::string origin_;
  std::vector<crypto::NoteVerifier> keys_;
  bool ours_ = false;
};

}  // namespace dataip::witness
