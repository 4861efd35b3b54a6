#include "services/common/rocks_backup.h"

#include <fcntl.h>
#include <rocksdb/utilities/backup_engine.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "services/common/error.h"
#include "services/common/rocks.h"

namespace dataip::services {
namespace {

constexpr char kLockFile[] = "lock";
constexpr char kMetaFolder[] = "meta/";

absl::Status CannotOpen(const std::string& path) {
  const std::string why = std::strerror(errno);
  return MakeStatus(rpc::v1::INTERNAL,
                    {absl::StrCat("cannot open ", path, ": ", why),
                     absl::StrCat("无法打开 ", path, "：", why)});
}

// Held until the descriptor is closed, by a kill too.
absl::StatusOr<int> LockFolder(const std::string& folder) {
  const std::string path = absl::StrCat(folder, "/", kLockFile);
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) return CannotOpen(path);
  if (flock(file, LOCK_EX | LOCK_NB) == 0) return file;
  close(file);
  return MakeStatus(
      rpc::v1::NOT_SERVING,
      {absl::StrCat("another backup command is at work in ", folder,
                    "; try again when it has ended"),
       absl::StrCat("另一备份命令正在使用 ", folder, "，请待其结束后重试")});
}

rocksdb::BackupEngineOptions OptionsOf(const std::string& folder) {
  rocksdb::BackupEngineOptions options(folder);
  options.sync = true;
  options.share_table_files = true;
  options.share_files_with_checksum = true;
  return options;
}

}  // namespace

struct RocksBackups::Engine {
  std::string folder;
  int lock = -1;
  std::unique_ptr<rocksdb::BackupEngine> backups;

  ~Engine() {
    backups.reset();
    if (lock >= 0) close(lock);
  }
};

RocksBackups::RocksBackups(std::unique_ptr<Engine> engine)
    : engine_(std::move(engine)) {}

RocksBackups::~RocksBackups() = default;

absl::StatusOr<std::unique_ptr<RocksBackups>> RocksBackups::Open(
    const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    return MakeStatus(
        rpc::v1::INTERNAL,
        {absl::StrCat("cannot create ", folder, ": ", error.message()),
         absl::StrCat("无法创建 ", folder, "：", error.message())});
  }
  auto engine = std::make_unique<Engine>();
  engine->folder = folder;
  ASSIGN_OR_RETURN(engine->lock, LockFolder(folder));
  rocksdb::BackupEngine* opened = nullptr;
  const rocksdb::Status status = rocksdb::BackupEngine::Open(
      OptionsOf(folder), rocksdb::Env::Default(), &opened);
  engine->backups.reset(opened);
  RETURN_IF_ERROR(FromRocks(status, absl::StrCat("opening ", folder)));
  return std::unique_ptr<RocksBackups>(new RocksBackups(std::move(engine)));
}

absl::StatusOr<uint32_t> RocksBackups::Create(Rocks& rocks) {
  rocksdb::CreateBackupOptions options;
  // So that the log, which holds what may be erased later, is not copied.
  options.flush_before_backup = true;
  rocksdb::BackupID id = 0;
  RETURN_IF_ERROR(
      FromRocks(engine_->backups->CreateNewBackup(options, &rocks.db(), &id),
                "making a backup"));
  return id;
}

void RocksBackups::Stop() { engine_->backups->StopBackup(); }

std::vector<uint32_t> RocksBackups::List() const {
  std::vector<rocksdb::BackupInfo> backups;
  engine_->backups->GetBackupInfo(&backups);
  std::vector<uint32_t> ids;
  for (const auto& backup : backups) ids.push_back(backup.backup_id);
  std::sort(ids.begin(), ids.end());
  return ids;
}

absl::StatusOr<std::vector<RocksBackups::File>> RocksBackups::FilesOf(
    uint32_t id) const {
  rocksdb::BackupInfo backup;
  RETURN_IF_ERROR(FromRocks(engine_->backups->GetBackupInfo(id, &backup, true),
                            absl::StrCat("reading backup ", id)));
  std::vector<File> files;
  for (const auto& file : backup.file_details) {
    files.push_back({file.relative_filename, file.size});
  }
  const std::string meta = absl::StrCat(kMetaFolder, id);
  std::error_code error;
  const auto meta_bytes =
      std::filesystem::file_size(engine_->folder + "/" + meta, error);
  if (error) {
    return absl::InternalError(absl::StrCat(meta, ": ", error.message()));
  }
  files.push_back({meta, meta_bytes});
  std::sort(files.begin(), files.end(),
            [](const File& a, const File& b) { return a.path < b.path; });
  return files;
}

absl::Status RocksBackups::Delete(uint32_t id) {
  return FromRocks(engine_->backups->DeleteBackup(id),
                   absl::StrCat("deleting backup ", id));
}

absl::Status RocksBackups::CollectGarbage() {
  return FromRocks(engine_->backups->GarbageCollect(),
                   "removing what belongs to no backup");
}

absl::Status RocksBackups::Restore(uint32_t id,
                                   const std::string& database_path) const {
  return FromRocks(
      engine_->backups->RestoreDBFromBackup(id, database_path, database_path),
      absl::StrCat("restoring backup ", id));
}

}  // namespace dataip::services
