// Faults of this machine's files and folders: exit code 1, never one of a
// server's or of something that was signed.
#pragma once

#include <string>

#include "absl/status/status.h"

namespace dataip::client {

// INTERNAL with both messages; the Chinese one says the remedy.
absl::Status LocalFault(const std::string& zh, const std::string& en);

// A failure of the system to read or write a file (PERMISSION_DENIED,
// UNAVAILABLE, INTERNAL without a detail) becomes one; other statuses stay as
// they are.
absl::Status AsLocalFault(const absl::Status& status);

}  // namespace dataip::client
