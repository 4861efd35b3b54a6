#include "services/ledger/backup_restore.h"

#include <algorithm>
#include <filesystem>
#include <memory>

#include "absl/strings/str_cat.h"
#include "client/export/durable_file.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "services/common/error.h"
#include "services/common/rocks_backup.h"
#include "services/ledger/backup_files.h"
#include "services/ledger/self_check.h"
#include "services/ledger/store.h"
#include "services/ledger/whole_check.h"

namespace dataip::ledger {
namespace {

namespace fs = std::filesystem;

constexpr char kScratchSuffix[] = ".map";

absl::Status Wrong(uint32_t id, const std::string& en, const std::string& zh) {
  return services::MakeStatus(
      rpc::v1::DATA_LOSS,
      {absl::StrCat("backup ", id, ": ", en,
                    "; use another backup, and make a new one"),
       absl::StrCat("备份 ", id, "：", zh, "；请改用其他备份，并重新备份")});
}

absl::Status CheckFiles(const BackupFiles& files, uint32_t id,
                        const std::vector<BackupFile>& listed) {
  for (const BackupFile& file : listed) {
    const auto now = files.Digest(file.path);
    if (absl::IsNotFound(now.status())) {
      return Wrong(id, absl::StrCat("the file ", file.path, " is missing"),
                   absl::StrCat("缺少文件 ", file.path));
    }
    RETURN_IF_ERROR(now.status());
    if (*now == file) continue;
    return Wrong(
        id,
        absl::StrCat("the file ", file.path, " is not the one that was saved"),
        absl::StrCat("文件 ", file.path, " 与备份时不同"));
  }
  return absl::OkStatus();
}

// What RocksDB would restore is what the manifest lists.
absl::Status CheckSameFiles(const services::RocksBackups& backups, uint32_t id,
                            const std::vector<BackupFile>& listed) {
  const auto known = backups.FilesOf(id);
  if (known.ok() &&
      std::equal(known->begin(), known->end(), listed.begin(), listed.end(),
                 [](const services::RocksBackups::File& a,
                    const BackupFile& b) { return a.path == b.path; })) {
    return absl::OkStatus();
  }
  return Wrong(id, "RocksDB knows other files than the manifest lists",
               "RocksDB 所知的文件与清单不同");
}

absl::StatusOr<CheckedManifest> Verify(const services::RocksBackups& backups,
                                       const std::string& folder, uint32_t id,
                                       const Signing& signing) {
  const BackupFiles files(folder);
  ASSIGN_OR_RETURN(const ManifestBytes bytes, files.ReadManifest(id));
  ASSIGN_OR_RETURN(CheckedManifest checked, ReadManifest(bytes.note, signing));
  const BackupManifest& manifest = checked.manifest;
  if (manifest.id != id) {
    return Wrong(id, absl::StrCat("the manifest is that of ", manifest.id),
                 absl::StrCat("清单属于备份 ", manifest.id));
  }
  if (manifest.files_sha256 != hash::Sha256(hash::AsBytes(bytes.list))) {
    return Wrong(id, "the list of files is not the one that was signed",
                 "文件列表不是所签名的那一份");
  }
  ASSIGN_OR_RETURN(const auto listed, ParseFileList(bytes.list));
  RETURN_IF_ERROR(CheckFiles(files, id, listed));
  RETURN_IF_ERROR(CheckSameFiles(backups, id, listed));
  return checked;
}

absl::Status MustBeEmpty(const std::string& data_dir) {
  std::error_code error;
  if (!fs::exists(data_dir, error) ||
      (fs::is_directory(data_dir, error) && fs::is_empty(data_dir, error))) {
    return absl::OkStatus();
  }
  return services::MakeStatus(
      rpc::v1::ALREADY_EXISTS,
      {absl::StrCat(data_dir, " is not empty; name a new folder"),
       absl::StrCat(data_dir, " 不为空，请指定新的目录")});
}

// The disk must take the map a second time while it is checked.
absl::StatusOr<uint64_t> CheckRestored(const std::string& database_path,
                                       const CheckedManifest& checked,
                                       const Signing& signing) {
  ASSIGN_OR_RETURN(
      const auto store,
      Store::Open(database_path, limits::kDefaultDatabaseCacheBytes));
  ASSIGN_OR_RETURN(const auto identity, store->ReadIdentity());
  const uint32_t id = checked.manifest.id;
  if (identity != IdentityOf(signing)) {
    return Wrong(id, "the database is of another ledger, keys or schema",
                 "数据库属于另一账本、另一组密钥或另一格式版本");
  }
  RETURN_IF_ERROR(CheckWhole(*store, signing.origin, checked.checkpoint,
                             database_path + kScratchSuffix));
  ASSIGN_OR_RETURN(const Head head, store->ReadHead());
  return head.size;
}

// What was checked gets the name that a ledger opens.
absl::Status Rename(const std::string& data_dir) {
  std::error_code error;
  fs::rename(data_dir + kRestoringFolder, data_dir + kRestoredFolder, error);
  if (error) {
    return services::MakeStatus(
        rpc::v1::INTERNAL,
        {absl::StrCat("cannot rename ", data_dir, kRestoringFolder, ": ",
                      error.message()),
         absl::StrCat("无法重命名 ", data_dir, kRestoringFolder, "：",
                      error.message())});
  }
  return client::SyncFolder(data_dir);
}

absl::Status Unfit(const std::string& en, const std::string& zh) {
  return services::MakeStatus(rpc::v1::RULE_REFUSES, {en, zh});
}

}  // namespace

absl::StatusOr<CheckedManifest> VerifyBackup(const std::string& folder,
                                             uint32_t id,
                                             const Signing& signing) {
  ASSIGN_OR_RETURN(const auto backups, services::RocksBackups::Open(folder));
  return Verify(*backups, folder, id, signing);
}

absl::StatusOr<BackupNumbers> ListBackups(const std::string& folder) {
  BackupNumbers numbers;
  std::error_code error;
  if (!std::filesystem::exists(folder, error)) return numbers;
  ASSIGN_OR_RETURN(numbers.finished, BackupFiles(folder).Manifests());
  ASSIGN_OR_RETURN(const auto backups, services::RocksBackups::Open(folder));
  for (const uint32_t id : backups->List()) {
    if (!std::binary_search(numbers.finished.begin(), numbers.finished.end(),
                            id)) {
      numbers.unfinished.push_back(id);
    }
  }
  return numbers;
}

absl::StatusOr<RestoredBackup> RestoreBackup(const RestoreOrder& order,
                                             const Signing& signing) {
  RETURN_IF_ERROR(MustBeEmpty(order.data_dir));
  ASSIGN_OR_RETURN(const auto backups,
                   services::RocksBackups::Open(order.folder));
  RestoredBackup restored;
  ASSIGN_OR_RETURN(restored.checked,
                   Verify(*backups, order.folder, order.id, signing));
  const std::string database_path = order.data_dir + kRestoringFolder;
  RETURN_IF_ERROR(client::MakeFolderDurably(database_path));
  RETURN_IF_ERROR(backups->Restore(order.id, database_path));
  ASSIGN_OR_RETURN(restored.size,
                   CheckRestored(database_path, restored.checked, signing));
  RETURN_IF_ERROR(Rename(order.data_dir));
  return restored;
}

absl::Status CheckNotRolledBack(const RestoredBackup& restored,
                                const PublishedFile& published,
                                const Signing& signing) {
  ASSIGN_OR_RETURN(const auto last,
                   published.Read(signing.origin, signing.verifiers));
  if (!last.has_value()) {
    return Unfit(
        absl::StrCat(
            "there is no ", published.path(),
            ", which remembers the last checkpoint that was published; without "
            "it the ledger refuses to start. Ask the witnesses, the mirrors "
            "and the registry for the newest checkpoint that they have; when "
            "its size is at most ",
            restored.size, ", put that note there"),
        absl::StrCat("没有 ", published.path(),
                     "，无从得知最后公布的检查点，账本将拒绝启动。请向见证"
                     "方、镜像与登记系统索取最新的检查点；若其规模不大于 ",
                     restored.size, "，将其存为该文件"));
  }
  if (last->size <= restored.size) return absl::OkStatus();
  return Unfit(
      absl::StrCat(
          published.path(), " says that ", last->size,
          " entries were published, the backup has ", restored.size,
          ": acknowledged entries are missing, and the ledger refuses to sign. "
          "Look for a newer backup, or for the old disk. If there is none, "
          "this ledger is over: a successor needs a new origin and new keys, "
          "and its first entry names this origin and its last checkpoint"),
      absl::StrCat(published.path(), " 记载已公布 ", last->size,
                   " 个条目，备份只有 ", restored.size,
                   " 个：已确认的条目缺失，账本将拒绝签名。请寻找更新的备份或"
                   "原磁盘；若都没有，本账本即告终止，须以新的来源名和密钥另立"
                   "账本，其首个条目载明原来源名与最后的检查点"));
}

}  // namespace dataip::ledger
