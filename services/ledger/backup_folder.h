// Whose a backup folder is. Each ledger needs one of its own: whoever works in
// it deletes what retention or an erasure does not keep.
#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/ledger/backup_files.h"
#include "services/ledger/checkpointer.h"

namespace dataip::ledger {

// Of a manifest that another ledger has signed, its origin; nothing when all
// are ours or damaged. That an origin is ours is not enough: a ledger is its
// keys too. INTERNAL when the folder cannot be read.
absl::StatusOr<std::optional<std::string>> ForeignOriginIn(
    const BackupFiles& files, const Signing& signing);

// What a start and `backup create` demand of `backup_dir`, beside that files
// can be made there: it is new, or empty, or holds backups of this ledger, and
// lies in no other backup folder. INVALID_FIELD otherwise.
absl::Status CheckBackupFolder(const std::string& folder,
                               const Signing& signing);

}  // namespace dataip::ledger
