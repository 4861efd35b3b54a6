// What a witness must never forget: the last checkpoint that it signed of
// every log.
//
//   DIR/witness           "dataip-witness 1", the witness's vkey, and one line
//                         "<SHA-256 of the origin in hex> <origin>" a log
//   DIR/<hex>.checkpoint  that log's last checkpoint with our cosignature;
//                         "<origin>", "0" when it was never signed
//   DIR/lock              held while a program runs on the folder
//
// What is found at a start: a file that is missing, broken, of another
// witness or of another log. What no witness can find by itself is a whole
// folder put back to an earlier day; a ledger sees it, when the witness
// answers with a smaller size than it has signed (docs/OPERATIONS.md).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/crypto/note_signer.h"
#include "services/common/kept_file.h"
#include "services/witness/memory_files.h"

namespace dataip::witness {

// The last checkpoint of one log. Not thread safe.
class SeenFile {
 public:
  SeenFile(std::string path, std::string origin);

  const Seen& seen() const { return seen_; }

  // What the file says. DATA_LOSS, in both languages, when it is missing or
  // not what `witness` wrote for this log.
  absl::Status Read(const crypto::NoteVerifier& witness);

  absl::Status WriteNothingYet();

  // The text of a checkpoint of `seen` and our cosignature of it. UNAVAILABLE:
  // nothing was written; after another error it is unknown what the file holds
  // and the caller ends the process.
  absl::Status Write(const Seen& seen, const std::string& text,
                     const std::string& line);

 private:
  const std::string origin_;
  services::KeptFile file_;
  Seen seen_;
};

// The folder. Not thread safe; the files that it hands out are each other's
// strangers.
class Memory {
 public:
  // Creates what is new, durably up to the folder's own name, checks what is
  // there, and keeps other programs out. `origins` are the logs to be signed
  // for; logs that are no longer among them are remembered. DATA_LOSS says what
  // was found and what to do; INVALID_FIELD when the folder cannot be used.
  static absl::StatusOr<std::unique_ptr<Memory>> Open(
      const std::string& folder, const crypto::NoteVerifier& witness,
      const std::vector<std::string>& origins);
  ~Memory();
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  // One of Open's origins.
  SeenFile& Of(const std::string& origin) { return *files_.at(origin); }

 private:
  explicit Memory(std::string folder);
  absl::Status Lock();
  // The origins that the folder knows.
  absl::StatusOr<std::vector<std::string>> ReadIndex(const std::string& vkey);
  absl::Status WriteIndex(const std::string& vkey);
  absl::Status Load(const crypto::NoteVerifier& witness,
                    const std::vector<std::string>& known);
  absl::Status Add(const std::string& origin);
  std::string PathOf(const std::string& origin) const;

  const std::string folder_;
  services::KeptFile index_;
  int lock_ = -1;
  std::map<std::string, std::unique_ptr<SeenFile>> files_;  // by origin
};

}  // namespace dataip::witness
