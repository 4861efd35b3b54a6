// A small file that is always whole: the old content or the new one, over
// kill -9 and loss of power. For what a program must not forget: `published`
// of the ledger, the checkpoints of the witness (architecture.md).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace dataip::services {

// One thread. Keeps its folder and one spare descriptor open, so that it can
// write when there is no free one.
class KeptFile {
 public:
  // Opens nothing that it cannot open again when it writes.
  explicit KeptFile(std::string path);
  ~KeptFile();
  KeptFile(const KeptFile&) = delete;
  KeptFile& operator=(const KeptFile&) = delete;

  const std::string& path() const { return path_; }

  // Nothing when there is no file; DATA_LOSS when it has more than
  // `most_bytes`, INTERNAL when it cannot be read.
  absl::StatusOr<std::optional<std::string>> Read(size_t most_bytes) const;

  // Writes, syncs, renames, syncs the folder. UNAVAILABLE when there was no
  // free descriptor: nothing was written, later it may go. After any other
  // error it is unknown what the file holds: the caller ends the process.
  absl::Status Write(std::string_view content);

 private:
  // Opens what is not open of folder_ and spare_.
  absl::Status Reserve();
  // Gives the spare descriptor up when there is no other.
  int OpenTemporary(const std::string& name);

  std::string path_;
  int folder_ = -1;
  int spare_ = -1;
};

}  // namespace dataip::services
