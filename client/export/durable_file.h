// Files that are whole or absent after a crash: written beside, synced,
// renamed, and the folder synced.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace dataip::client {

struct DurablePath {
  std::string path;
  // Where it is written first, on the same file system; replaced if it is
  // there. In a folder that readers do not look at, so that they never meet a
  // half of it.
  std::string temporary;
};

// UNAVAILABLE, with the path and the system's reason, when it cannot be done:
// then `path` is as it was, or whole. Folders are the caller's to make.
absl::Status WriteDurably(const DurablePath& target, absl::string_view bytes);

// As WriteDurably, but the folder is the caller's to sync: a loss of power may
// leave the old name, or none.
absl::Status WriteSynced(const DurablePath& target, absl::string_view bytes);

// Makes the folder and those above it that are missing, each entry synced.
absl::Status MakeFolderDurably(const std::string& folder);

// The same for a folder in which a program keeps what it must not lose: its
// name and, where it may be opened, that of the folder above are synced though
// they are there. An earlier start may have died before it did.
absl::Status KeepFolderDurably(const std::string& folder);

// What was created, renamed or removed in it stays so.
absl::Status SyncFolder(const std::string& folder);

}  // namespace dataip::client
