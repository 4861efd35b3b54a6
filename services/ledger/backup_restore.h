// What can be done with backups when no ledger is open: verify and restore.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/ledger/backup_manifest.h"

namespace dataip::ledger {

// Manifest: both signatures, and the checkpoint it leads to. Files: exactly
// those of the list, each with its size and SHA-256. NOT_FOUND without such a
// backup, DATA_LOSS with the first thing that is wrong.
absl::StatusOr<CheckedManifest> VerifyBackup(const std::string& folder,
                                             uint32_t id,
                                             const Signing& signing);

// Numbers with a manifest, ascending; of `unfinished` those without.
struct BackupNumbers {
  std::vector<uint32_t> finished;
  std::vector<uint32_t> unfinished;
};
absl::StatusOr<BackupNumbers> ListBackups(const std::string& folder);

struct RestoredBackup {
  CheckedManifest checked;
  uint64_t size = 0;  // entries in the database that was restored
};

// Verifies the backup, copies it to `data_dir`/db.restoring (data_dir new or
// empty, else ALREADY_EXISTS), opens it and hashes everything again
// (whole_check.h). Only then it is called `data_dir`/db. When something is
// wrong with it, it stays under the other name.
inline constexpr char kRestoredFolder[] = "/db";
inline constexpr char kRestoringFolder[] = "/db.restoring";
struct RestoreOrder {
  std::string folder;
  uint32_t id = 0;
  std::string data_dir;
};
absl::StatusOr<RestoredBackup> RestoreBackup(const RestoreOrder& order,
                                             const Signing& signing);

// Whether a restored ledger may go on: OK when `published` (the file that
// remembers what the world has seen) is there, signed, and no larger than
// what was restored. Otherwise what was found and what can be done: the
// ledger itself will refuse to start too (self_check.h).
absl::Status CheckNotRolledBack(const RestoredBackup& restored,
                                const PublishedFile& published,
                                const Signing& signing);

}  // namespace dataip::ledger
