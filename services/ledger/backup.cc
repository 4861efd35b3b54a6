#include "services/ledger/backup.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/status.h"
#include "core/base/status_macros.h"
#include "services/common/error.h"
#include "services/common/logging.h"
#include "services/common/rocks_backup.h"
#include "services/ledger/backup_files.h"
#include "services/ledger/backup_folder.h"
#include "services/ledger/backup_manifest.h"

namespace dataip::ledger {
namespace {

constexpr char kSharedFolder[] = "shared_checksum/";

absl::Status NoFolder() {
  return services::MakeStatus(rpc::v1::RULE_REFUSES,
                              {"no backup folder is configured; set backup_dir",
                               "未配置备份目录，请设置 backup_dir"});
}

absl::Status NothingYet() {
  return services::MakeStatus(
      rpc::v1::RULE_REFUSES,
      {"nothing was published yet, so there is nothing to back up",
       "尚未公布任何检查点，没有可备份的内容"});
}

int64_t NowMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// Before anything is removed: the start has looked too, but the other ledger
// may have come later.
absl::Status CheckOwner(const BackupFiles& files, const std::string& folder,
                        const Signing& signing) {
  ASSIGN_OR_RETURN(const auto origin, ForeignOriginIn(files, signing));
  if (!origin.has_value()) return absl::OkStatus();
  return services::MakeStatus(
      rpc::v1::RULE_REFUSES,
      {absl::StrCat(folder, " holds backups of another ledger, ", *origin,
                    ", or of other keys, and nothing in it was touched: set "
                    "backup_dir to a folder of this ledger's own"),
       absl::StrCat(folder, " 内有另一账本 ", *origin,
                    "（或另一组密钥）的备份，未作任何改动；请将 backup_dir "
                    "设为本账本专用的目录")});
}

// The manifest goes first: a backup that is half deleted must not count.
absl::Status DeleteBackup(uint32_t id, const BackupFiles& files,
                          services::RocksBackups& backups) {
  RETURN_IF_ERROR(files.RemoveManifest(id));
  const absl::Status deleted = backups.Delete(id);
  return absl::IsNotFound(deleted) ? absl::OkStatus() : deleted;
}

// What a process left that was killed while it made or deleted a backup.
absl::Status Sweep(const BackupFiles& files, services::RocksBackups& backups) {
  const std::vector<uint32_t> made = backups.List();
  ASSIGN_OR_RETURN(const std::vector<uint32_t> signed_ids, files.Manifests());
  for (const uint32_t id : made) {
    if (std::binary_search(signed_ids.begin(), signed_ids.end(), id)) continue;
    services::Log(services::Severity::kWarning, "unfinished backup removed",
                  {{"backup", std::to_string(id)}});
    RETURN_IF_ERROR(DeleteBackup(id, files, backups));
  }
  return absl::OkStatus();
}

// Digests of files that backups share, by path. A shared file's name says what
// is in it, so it is read when it is new only; and should its bytes have
// changed since, the new backup must not be signed for those.
using SharedFiles = std::map<std::string, BackupFile>;

// Of the newest backup whose manifest stands; nothing without one.
SharedFiles SharedFilesOf(const BackupFiles& files, const Signing& signing) {
  SharedFiles shared;
  const auto ids = files.Manifests();
  if (!ids.ok() || ids->empty()) return shared;
  const auto bytes = files.ReadManifest(ids->back());
  if (!bytes.ok()) return shared;
  const auto checked = ReadManifest(bytes->note, signing);
  const auto listed = ParseFileList(bytes->list);
  if (!checked.ok() || !listed.ok() ||
      checked->manifest.files_sha256 !=
          hash::Sha256(hash::AsBytes(bytes->list))) {
    return shared;
  }
  for (const BackupFile& file : *listed) {
    if (file.path.rfind(kSharedFolder, 0) == 0) shared[file.path] = file;
  }
  return shared;
}

absl::StatusOr<BackupFile> DigestOf(const services::RocksBackups::File& file,
                                    const SharedFiles& shared,
                                    const BackupFiles& files) {
  const auto known = shared.find(file.path);
  if (known != shared.end() && known->second.byte_size == file.byte_size) {
    return known->second;
  }
  return files.Digest(file.path);
}

// What the operator has to mend is no refusal of the order to erase: whoever
// gave it asks again.
absl::Status NotYet(const absl::Status& made) {
  const auto detail = client::ErrorDetailOf(made);
  if (!absl::IsFailedPrecondition(made) || !detail.has_value()) return made;
  return services::MakeStatus(
      rpc::v1::NOT_SERVING,
      {std::string(made.message()), detail->message_zh()});
}

absl::Status EndedByStop() {
  return services::MakeStatus(
      rpc::v1::NOT_SERVING,
      {"the ledger is stopping; make the backup when it runs again",
       "账本正在停止，请待其重新运行后再备份"});
}

}  // namespace

class Backups::AtWork {
 public:
  AtWork(Backups& owner, services::RocksBackups& engine) : owner_(owner) {
    base::MutexLock lock(owner_.stop_mutex_);
    owner_.at_work_ = &engine;
  }
  ~AtWork() {
    base::MutexLock lock(owner_.stop_mutex_);
    owner_.at_work_ = nullptr;
  }
  AtWork(const AtWork&) = delete;
  AtWork& operator=(const AtWork&) = delete;

 private:
  Backups& owner_;
};

void Backups::Stop() {
  base::MutexLock lock(stop_mutex_);
  stopping_ = true;
  if (at_work_ != nullptr) at_work_->Stop();
}

absl::Status Backups::GoesOn() {
  base::MutexLock lock(stop_mutex_);
  return stopping_ ? EndedByStop() : absl::OkStatus();
}

Backups::Backups(BackupOptions options, Store& store, const Signing& signing,
                 NewestNote newest_note)
    : options_(std::move(options)),
      store_(store),
      signing_(signing),
      newest_note_(std::move(newest_note)) {}

absl::StatusOr<BackupMade> Backups::Create() {
  if (!configured()) return NoFolder();
  base::MutexLock lock(mutex_);
  return Make(options_.keep);
}

absl::StatusOr<std::string> Backups::Remake() {
  if (!configured()) return "";
  base::MutexLock lock(mutex_);
  const BackupFiles files(options_.folder);
  ASSIGN_OR_RETURN(const bool any, files.HoldsAnything());
  if (any) RETURN_IF_ERROR(NotYet(Make(1).status()));
  return options_.folder;
}

absl::StatusOr<BackupMade> Backups::Make(size_t keep) {
  // Read before the copy is made, so that the copy holds all that it names.
  const std::string note = newest_note_();
  if (note.empty()) return NothingYet();
  ASSIGN_OR_RETURN(const PublishedCheckpoint checkpoint,
                   ReadNote(note, signing_.origin, signing_.verifiers));
  ASSIGN_OR_RETURN(const auto backups,
                   services::RocksBackups::Open(options_.folder));
  const BackupFiles files(options_.folder);
  const AtWork at_work(*this, *backups);
  RETURN_IF_ERROR(GoesOn());
  RETURN_IF_ERROR(CheckOwner(files, options_.folder, signing_));
  RETURN_IF_ERROR(Sweep(files, *backups));
  const auto made = store_.BackUp(*backups);
  RETURN_IF_ERROR(GoesOn());
  ASSIGN_OR_RETURN(const uint32_t id, made);
  ASSIGN_OR_RETURN(const auto stored, backups->FilesOf(id));
  const SharedFiles shared = SharedFilesOf(files, signing_);
  std::vector<BackupFile> listed;
  for (const services::RocksBackups::File& file : stored) {
    RETURN_IF_ERROR(GoesOn());
    ASSIGN_OR_RETURN(BackupFile digested, DigestOf(file, shared, files));
    listed.push_back(std::move(digested));
  }
  const std::string list = FormatFileList(listed);
  const BackupManifest manifest{
      signing_.origin, id,
      NowMs(),         note,
      listed.size(),   hash::Sha256(hash::AsBytes(list))};
  ASSIGN_OR_RETURN(const std::string signed_note,
                   SignManifest(manifest, checkpoint.chain_head, signing_));
  RETURN_IF_ERROR(files.WriteManifest(id, {signed_note, list}));
  const std::vector<uint32_t> all = backups->List();
  for (size_t i = 0; keep > 0 && i + keep < all.size(); ++i) {
    RETURN_IF_ERROR(DeleteBackup(all[i], files, *backups));
  }
  RETURN_IF_ERROR(backups->CollectGarbage());
  services::Log(services::Severity::kInfo, "backup made",
                {{"backup", std::to_string(id)},
                 {"size", std::to_string(checkpoint.size)},
                 {"files", std::to_string(listed.size())}});
  return BackupMade{id, checkpoint.size};
}

}  // namespace dataip::ledger
