#include "services/common/rocks_purge.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "services/common/error.h"

namespace dataip::services {
namespace {

namespace fs = std::filesystem;

struct Table {
  std::string path;
  std::string smallest;
  std::string largest;

  bool Spans(const std::string& key) const {
    return smallest <= key && key <= largest;
  }
};

// Table files of the family whose range takes in one of the keys.
std::vector<Table> TablesAround(rocksdb::DB& db,
                                rocksdb::ColumnFamilyHandle* family,
                                const std::vector<std::string>& keys) {
  std::vector<rocksdb::LiveFileMetaData> live;
  db.GetLiveFilesMetaData(&live);
  std::vector<Table> tables;
  for (const rocksdb::LiveFileMetaData& file : live) {
    if (file.column_family_name != family->GetName()) continue;
    Table table{absl::StrCat(file.directory, "/", file.relative_filename),
                file.smallestkey, file.largestkey};
    if (std::any_of(keys.begin(), keys.end(),
                    [&](const auto& key) { return table.Spans(key); })) {
      tables.push_back(std::move(table));
    }
  }
  return tables;
}

// A rewrite costs the files that it touches: a key whose files an earlier one
// has rewritten costs nothing.
absl::Status Compact(rocksdb::DB& db, rocksdb::ColumnFamilyHandle* family,
                     const std::vector<std::string>& keys,
                     const std::vector<Table>& before) {
  rocksdb::CompactRangeOptions options;
  options.exclusive_manual_compaction = true;
  options.bottommost_level_compaction =
      rocksdb::BottommostLevelCompaction::kForce;
  for (const std::string& key : keys) {
    const std::vector<Table> now = TablesAround(db, family, {key});
    const bool old = std::any_of(now.begin(), now.end(), [&](const auto& one) {
      return std::any_of(before.begin(), before.end(), [&](const auto& other) {
        return one.path == other.path;
      });
    });
    if (!old) continue;
    const rocksdb::Slice at = ToSlice(key);
    RETURN_IF_ERROR(
        FromRocks(db.CompactRange(options, family, &at, &at), "compacting"));
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

void DroppedKeys::Remove(const std::string& key) {
  base::MutexLock lock(mutex_);
  keys_.erase(key);
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

absl::Status PurgeKeys(Rocks& rocks, rocksdb::ColumnFamilyHandle* family,
                       const std::vector<std::string>& keys) {
  if (keys.empty()) return absl::OkStatus();
  rocksdb::DB& db = rocks.db();
  const rocksdb::SequenceNumber sequence = db.GetLatestSequenceNumber();
  rocksdb::FlushOptions flush;
  flush.wait = true;
  flush.allow_write_stall = true;
  RETURN_IF_ERROR(FromRocks(db.Flush(flush, rocks.all_families()), "flushing"));
  const std::vector<Table> before = TablesAround(db, family, keys);
  RETURN_IF_ERROR(Compact(db, family, keys, before));
  RETURN_IF_ERROR(DeleteObsolete(db));
  rocks.cache().EraseUnRefEntries();
  ASSIGN_OR_RETURN(const bool old_log, HasOldLog(db, sequence));
  if (old_log) return StillHeld();
  std::error_code error;
  for (const Table& table : before) {
    if (fs::exists(table.path, error) || error) return StillHeld();
  }
  return absl::OkStatus();
}

}  // namespace dataip::services
