// Files that the command line names.
#pragma once

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dataip::client {

// A file that the command line names and that cannot be used is a matter of
// usage (INVALID_ARGUMENT), whatever the reason.
template <typename T>
absl::StatusOr<T> AsUsage(absl::StatusOr<T> result) {
  if (result.ok()) return result;
  return absl::InvalidArgumentError(result.status().message());
}

// The whole file; "-" is standard input. INVALID_ARGUMENT when it cannot be
// read.
absl::StatusOr<std::string> ReadInputFile(const std::string& path);

// Replaces `path` whole or not at all. PERMISSION_DENIED when that fails.
absl::Status WriteOutputFile(const std::string& path,
                             absl::string_view content);

}  // namespace dataip::client
