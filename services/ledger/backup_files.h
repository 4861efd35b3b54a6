// The files of a backup folder as bytes: manifests beside RocksDB's folders
// (backup.h). Knows no signatures.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/ledger/backup_manifest.h"

namespace dataip::ledger {

// Both files of one manifest.
struct ManifestBytes {
  std::string note;
  std::string list;
};

class BackupFiles {
 public:
  explicit BackupFiles(std::string folder) : folder_(std::move(folder)) {}

  // Whether a backup was ever begun here.
  absl::StatusOr<bool> HoldsAnything() const;

  // Numbers that have a manifest, ascending. Empty without a folder.
  absl::StatusOr<std::vector<uint32_t>> Manifests() const;

  // NOT_FOUND without such a manifest, INTERNAL when it cannot be read,
  // DATA_LOSS when a file is larger than it is ever written.
  absl::StatusOr<ManifestBytes> ReadManifest(uint32_t id) const;
  absl::StatusOr<std::string> ReadNote(uint32_t id) const;
  // The list first, then the note, each synced and renamed. INTERNAL when
  // one is too large to be read again.
  absl::Status WriteManifest(uint32_t id, const ManifestBytes& bytes) const;
  // OK when there is none.
  absl::Status RemoveManifest(uint32_t id) const;

  // Size and digest of a file as it is now. NOT_FOUND or INTERNAL.
  absl::StatusOr<BackupFile> Digest(const std::string& path) const;

 private:
  std::string ManifestPath(uint32_t id) const;
  std::string ListPath(uint32_t id) const;

  std::string folder_;
};

}  // namespace dataip::ledger
