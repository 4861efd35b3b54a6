// Journal of an import, or of a correction of many: what was signed before it
// was sent, and what came of it, so that one that was interrupted goes on with
// the same bytes.
//
// A text file beside the table, readable by its owner only (it holds the
// openings): one JSON object a line, the first names format, origin and
// party. Each line is synced before Append returns; a last line without its
// LF, from a crash, is dropped.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/mutex.h"
#include "core/hash/hash.h"
#include "dataip/registry/v1/registry_service.pb.h"

namespace dataip::client {

// The last that the journal knows of one client reference.
struct JournalRow {
  // Of the data file; of a correction, that of the row (row_corrections.h).
  hash::Hash file_sha256;
  int64_t expires_at_ms = 0;
  // The exact request; absent once refused.
  std::optional<registry::v1::SubmitCommandRequest> request;
  std::string application_no;  // once filed
};

// Thread safe.
class ImportJournal {
 public:
  struct Binding {
    std::string origin;
    std::string party_number;
  };
  // Reads or makes it. FAILED_PRECONDITION when it belongs to another ledger
  // or party; UNIMPLEMENTED for a higher format; INTERNAL with the remedy
  // when a line before the last cannot be read, or the file cannot be
  // written.
  static absl::StatusOr<std::unique_ptr<ImportJournal>> Open(
      const std::string& path, const Binding& binding);
  ~ImportJournal();

  std::optional<JournalRow> Find(const std::string& reference) const;

  // Before sending.
  absl::Status Signed(const std::string& reference, const JournalRow& row);
  // After the answer; a refused command is forgotten.
  absl::Status Filed(const std::string& reference,
                     const std::string& application_no,
                     const hash::Hash& file_sha256);
  absl::Status Refused(const std::string& reference);

 private:
  ImportJournal(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
  absl::Status Append(const std::string& line) DATAIP_REQUIRES(mutex_);

  const int fd_;
  const std::string path_;
  mutable base::Mutex mutex_;
  std::map<std::string, JournalRow> rows_ DATAIP_GUARDED_BY(mutex_);
};

}  // namespace dataip::client
