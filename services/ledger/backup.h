// Backups of a ledger that is open: BackupEngine's files and a signed manifest
// beside them (backup_manifest.h).
//
//   FOLDER/{shared_checksum,private,meta}   the database's files
//   FOLDER/manifest/ID                      signed note
//   FOLDER/manifest/ID.files                the list that it names
//
// A backup counts when its manifest stands: it is written last, synced and
// renamed. One without is what a killed process left; the next backup removes
// it. A folder is one ledger's own (backup_folder.h).
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/mutex.h"
#include "services/ledger/checkpointer.h"
#include "services/ledger/store.h"

namespace dataip::ledger {

struct BackupOptions {
  std::string folder;  // "" = none is configured
  size_t keep = 0;     // the newest so many stay; 0 = all
};

struct BackupMade {
  uint32_t id = 0;
  uint64_t size = 0;  // of the checkpoint that it leads to
};

// Thread safe: one call works at a time, others wait for it.
class Backups {
 public:
  // The newest published checkpoint, "" when there is none.
  using NewestNote = std::function<std::string()>;

  // What is borrowed outlives it.
  Backups(BackupOptions options, Store& store, const Signing& signing,
          NewestNote newest_note);

  const std::string& folder() const { return options_.folder; }
  bool configured() const { return !options_.folder.empty(); }

  // Makes one while the ledger is read and written, then removes those that
  // retention does not keep. FAILED_PRECONDITION when no folder is configured
  // or nothing was published yet, or when the folder holds backups of another
  // ledger, of which nothing is touched; UNAVAILABLE when another process is
  // at work in the folder. Long; not in gRPC's threads.
  absl::StatusOr<BackupMade> Create();

  // After an erasure: makes one and deletes all older ones, with the files
  // that only they shared; nothing to do when the folder holds no backup.
  // Answers with the folder that holds no older backup any more, "" without
  // one. It knows of no other: what was made in a former `backup_dir` stays
  // there. After an error old bytes may still be there: call again.
  // UNAVAILABLE when Create would be refused.
  absl::StatusOr<std::string> Remake();

  // The process ends: what is under way, and every later call, ends soon with
  // NOT_SERVING. Does not wait.
  void Stop() DATAIP_EXCLUDES(stop_mutex_);

 private:
  // Names the engine that Stop() stops, for as long as it lives.
  class AtWork;
  absl::StatusOr<BackupMade> Make(size_t keep) DATAIP_REQUIRES(mutex_);
  absl::Status GoesOn() DATAIP_EXCLUDES(stop_mutex_);

  const BackupOptions options_;
  Store& store_;
  const Signing& signing_;
  const NewestNote newest_note_;
  base::Mutex mutex_;
  base::Mutex stop_mutex_;
  bool stopping_ DATAIP_GUARDED_BY(stop_mutex_) = false;
  services::RocksBackups* at_work_ DATAIP_GUARDED_BY(stop_mutex_) = nullptr;
};

}  // namespace dataip::ledger
