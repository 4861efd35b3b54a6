#include "services/common/rocks_purge.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "services/common/error.h"

namespace dataip::services {
namespace {

namespace fs = std::filesystem;

constexpr char kTableSuffix[] = ".sst";
constexpr int kCompactionTries = 4;

// Table files in the folder that no newest version uses: held by somebody,
// or not yet finished.
absl::StatusOr<std::set<std::string>> UnusedTables(rocksdb::DB& db) {
  std::set<std::string> unused;
  std::error_code error;
  for (fs::directory_iterator file(db.GetName(), error), end;
       !error && file != end; file.increment(error)) {
    if (file->path().extension() == kTableSuffix) {
      unused.insert(file->path().filename());
    }
  }
  if (error) {
    return absl::InternalError(
        absl::StrCat("cannot list ", db.GetName(), ": ", error.message()));
  }
  std::vector<rocksdb::LiveFileMetaData> live;
  db.GetLiveFilesMetaData(&live);
  for (const rocksdb::LiveFileMetaData& file : live) {
    unused.erase(file.relative_filename);
  }
  return unused;
}

absl::Status Stopped() {
  return MakeStatus(rpc::v1::NOT_SERVING,
                    {"the database is closing; try again when it is open",
                     "数据库正在关闭，请待其重新打开后再试"});
}

bool ToStop(const Purge& purge) {
  return purge.stop != nullptr && purge.stop->load();
}

absl::Status CompactRange(const Purge& purge, const std::string& first,
                          const std::string& last) {
  if (ToStop(purge)) return Stopped();
  rocksdb::CompactRangeOptions options;
  // Waits for compactions that began before the keys were dropped.
  options.exclusive_manual_compaction = true;
  options.bottommost_level_compaction =
      rocksdb::BottommostLevelCompaction::kForce;
  options.canceled = purge.stop;
  const rocksdb::Slice begin = ToSlice(first);
  const rocksdb::Slice end = ToSlice(last);
  const rocksdb::Status done =
      purge.rocks.db().CompactRange(options, purge.family, &begin, &end);
  return ToStop(purge) ? Stopped() : FromRocks(done, "compacting");
}

absl::StatusOr<bool> IsFound(const Purge& purge, const std::string& key) {
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  rocksdb::PinnableSlice value;
  const rocksdb::Status read =
      purge.rocks.db().Get(options, purge.family, ToSlice(key), &value);
  if (read.IsNotFound()) return false;
  RETURN_IF_ERROR(FromRocks(read, "looking for what is to go"));
  return true;
}

// A key that no longer is found is in no file of the newest version, so no
// compaction, whenever it began, can bring it back: it would have to read such
// a file. A compaction that waits for an earlier one may then find nothing to
// do where it looks, hence the tries.
absl::Status CompactFound(const Purge& purge) {
  for (const std::string& key : purge.keys) {
    ASSIGN_OR_RETURN(bool found, IsFound(purge, key));
    for (int i = 0; found && i < kCompactionTries; ++i) {
      RETURN_IF_ERROR(CompactRange(purge, key, key));
      ASSIGN_OR_RETURN(found, IsFound(purge, key));
    }
    if (!found) continue;
    return absl::InternalError(
        "compactions have not left out what is to go; try again");
  }
  return absl::OkStatus();
}

// Deletes what nobody holds any more now rather than with the next flush.
absl::Status DeleteObsolete(rocksdb::DB& db) {
  RETURN_IF_ERROR(FromRocks(db.DisableFileDeletions(), "deleting files"));
  return FromRocks(db.EnableFileDeletions(/*force=*/false), "deleting files");
}

// Whether a log file that was written before `sequence` is still there.
absl::StatusOr<bool> HasOldLog(rocksdb::DB& db,
                               rocksdb::SequenceNumber sequence) {
  rocksdb::VectorLogPtr logs;
  RETURN_IF_ERROR(FromRocks(db.GetSortedWalFiles(logs), "listing log files"));
  for (const auto& log : logs) {
    // An empty log has no first record.
    if (log->SizeFileBytes() > 0 && log->StartSequence() <= sequence) {
      return true;
    }
  }
  return false;
}

absl::Status StillHeld() {
  return MakeStatus(rpc::v1::NOT_SERVING,
                    {"a read or a backup under way still holds a file with "
                     "what was erased; try again",
                     "尚有读取或备份占用含已删除内容的文件，请稍后重试"});
}

}  // namespace

void DroppedKeys::Add(const std::string& key) {
  base::MutexLock lock(mutex_);
  keys_.insert(key);
  count_ = keys_.size();
}

bool DroppedKeys::Has(const rocksdb::Slice& key) const {
  if (count_ == 0) return false;
  base::MutexLock lock(mutex_);
  return keys_.count(key.ToString()) > 0;
}

rocksdb::CompactionFilter::Decision DroppedKeys::FilterV2(
    int, const rocksdb::Slice& key, ValueType, const rocksdb::Slice&,
    std::string*, std::string*) const {
  return Has(key) ? Decision::kRemove : Decision::kKeep;
}

namespace {

absl::Status Run(const Purge& purge, OldTables& old,
                 const std::function<absl::Status()>& compact) {
  if (purge.keys.empty()) return absl::OkStatus();
  if (ToStop(purge)) return Stopped();
  rocksdb::DB& db = purge.rocks.db();
  const rocksdb::SequenceNumber sequence = db.GetLatestSequenceNumber();
  rocksdb::FlushOptions flush;
  flush.wait = true;
  flush.allow_write_stall = true;
  RETURN_IF_ERROR(
      FromRocks(db.Flush(flush, purge.rocks.all_families()), "flushing"));
  const absl::Status compacted = compact();
  if (!old.listed || !compacted.ok()) {
    ASSIGN_OR_RETURN(auto unused, UnusedTables(db));
    old.paths.merge(unused);
  }
  RETURN_IF_ERROR(compacted);
  old.listed = true;
  RETURN_IF_ERROR(DeleteObsolete(db));
  purge.rocks.cache().EraseUnRefEntries();
  ASSIGN_OR_RETURN(const auto unused, UnusedTables(db));
  std::erase_if(old.paths,
                [&](const auto& path) { return unused.count(path) == 0; });
  ASSIGN_OR_RETURN(const bool old_log, HasOldLog(db, sequence));
  return old_log || !old.paths.empty() ? StillHeld() : absl::OkStatus();
}

}  // namespace

absl::Status PurgeDropped(const Purge& purge, OldTables& old) {
  return Run(purge, old, [&] { return CompactFound(purge); });
}

absl::Status PurgeOverwritten(const Purge& purge) {
  OldTables old;
  return Run(purge, old, [&] {
    const auto [first, last] =
        std::minmax_element(purge.keys.begin(), purge.keys.end());
    // The first may have waited for others and found nothing to do.
    RETURN_IF_ERROR(CompactRange(purge, *first, *last));
    return CompactRange(purge, *first, *last);
  });
}

}  // namespace dataip::services
