// The file that remembers the last checkpoint outside the database and its
// backups: a database that is older than this file has lost entries that the
// world has seen (architecture.md, "Ledger service").
//
// Content: the signed note; before the first checkpoint the lines "origin"
// and "0".
#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/crypto/note_signer.h"
#include "core/hash/hash.h"
#include "services/common/kept_file.h"

namespace dataip::ledger {

struct PublishedCheckpoint {
  uint64_t size = 0;  // 0: nothing was published yet; the rest is then empty
  hash::Hash root;
  hash::Hash chain_head;
  std::string note;
};

// One thread. Written as services/common/kept_file.h says.
class PublishedFile {
 public:
  explicit PublishedFile(std::string path) : file_(std::move(path)) {}

  const std::string& path() const { return file_.path(); }

  // Nothing when there is no file. DATA_LOSS when it is not what this ledger
  // wrote: another origin, a note that one of the keys has not signed.
  absl::StatusOr<std::optional<PublishedCheckpoint>> Read(
      const std::string& origin,
      std::span<const crypto::NoteVerifier> verifiers) const;

  // UNAVAILABLE when there was no free descriptor: nothing was written, later
  // it may go. After any other error it is unknown what the file holds: the
  // caller ends the process.
  absl::Status WriteNote(const std::string& note);
  absl::Status WriteNothingYet(const std::string& origin);

 private:
  services::KeptFile file_;
};

// A note of this ledger, signed by all keys. DATA_LOSS otherwise.
absl::StatusOr<PublishedCheckpoint> ReadNote(
    const std::string& note, const std::string& origin,
    std::span<const crypto::NoteVerifier> verifiers);

}  // namespace dataip::ledger
