// Backups of a RocksDB database (BackupEngine), whose files lie in
// FOLDER/{shared_checksum,private,meta}. One process at a time changes them:
// the folder is locked (FOLDER/lock) while an object of this class lives.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace dataip::services {

class Rocks;

class RocksBackups {
 public:
  // A file of a backup, its path relative to the folder.
  struct File {
    std::string path;
    uint64_t byte_size = 0;
  };

  // Creates the folder. UNAVAILABLE when another process is at work in it,
  // INTERNAL when it cannot be made or read. What a process that was killed
  // left behind unfinished is removed; finished backups stay.
  static absl::StatusOr<std::unique_ptr<RocksBackups>> Open(
      const std::string& folder);
  ~RocksBackups();
  RocksBackups(const RocksBackups&) = delete;
  RocksBackups& operator=(const RocksBackups&) = delete;

  // What the database holds now, flushed, copied and synced, while it is read
  // and written; returns the number. Files that another backup has already
  // are shared. A failure or a crash leaves the other backups as they were.
  absl::StatusOr<uint32_t> Create(Rocks& rocks);
  // Ends a Create under way, and those to come, soon with an error; from any
  // thread. Does not wait.
  void Stop();

  // Numbers of the finished backups, ascending.
  std::vector<uint32_t> List() const;

  // All files of a backup, ascending by path; that of meta/ too. NOT_FOUND
  // without such a backup.
  absl::StatusOr<std::vector<File>> FilesOf(uint32_t id) const;

  // The files that no other backup shares are removed too. NOT_FOUND without
  // such a backup.
  absl::Status Delete(uint32_t id);

  // Removes what belongs to no backup.
  absl::Status CollectGarbage();

  // Copies a backup to the folder `database_path`, synced; the database opens
  // only when all was copied. DATA_LOSS when a file is not what was saved.
  absl::Status Restore(uint32_t id, const std::string& database_path) const;

 private:
  struct Engine;
  explicit RocksBackups(std::unique_ptr<Engine> engine);
  std::unique_ptr<Engine> engine_;
};

}  // namespace dataip::services
