// Files that the command line names.
#pragma once

#include <cstddef>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/export/regular_file.h"
#include "client/local_fault.h"

namespace dataip::client {

// One table for every command (exit codes in client/cli/exit_codes.h):
//   a file that is not there                    NOT_FOUND, 3
//   one that is there but cannot be read        INTERNAL, 1
//   one that is not what it should be: larger
//   than its kind, a folder, a pipe, a device   INVALID_ARGUMENT, 2
//   an output that cannot be written            INTERNAL, 1
// (`verify` and the auditor: whatever it is, 22.)

// What reading a named file answered, by the table above.
template <typename T>
absl::StatusOr<T> AsUsage(absl::StatusOr<T> result) {
  if (result.ok() || absl::IsNotFound(result.status())) return result;
  const absl::Status status = AsLocalFault(result.status());
  if (absl::IsInternal(status)) return status;
  return absl::InvalidArgumentError(status.message());
}

// The whole file, of at most so many bytes; "-" is standard input. By the table
// above.
absl::StatusOr<std::string> ReadInputFile(const std::string& path,
                                          size_t most_bytes);

// A bundle, the same way. Of one that is too long so much that whoever decodes
// it says so: that is a verdict, not a file that cannot be read.
absl::StatusOr<std::string> ReadBundleFile(const std::string& path);

// Replaces `path` whole or not at all. By the table above.
absl::Status WriteOutputFile(const std::string& path,
                             absl::string_view content);

// Makes the folder unless it is there. By the table above.
absl::Status MakeOutputFolder(const std::string& path);

// The path without a last `.csv`.
std::string WithoutCsv(const std::string& path);

}  // namespace dataip::client
