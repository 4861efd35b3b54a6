// Whether a disk takes what a program is about to write.
#pragma once

#include <string>

#include "absl/status/status.h"

namespace dataip::services {

// Writes and syncs a file of 1 MiB in this folder, which is there, and
// removes it again. A RocksDB that is opened on a full disk ends the process
// with an assertion instead of a reason. INTERNAL with the system's reason and
// a remedy: it is no fault of the configuration, and a later start may go.
absl::Status CheckRoom(const std::string& folder);

}  // namespace dataip::services
