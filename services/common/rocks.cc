#include "services/common/rocks.h"

#include <rocksdb/cache.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>
#include <rocksdb/write_buffer_manager.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "client/export/durable_file.h"
#include "core/base/status_macros.h"
#include "services/common/descriptors.h"
#include "services/common/error.h"
#include "services/common/logging.h"
#include "services/common/room.h"

namespace dataip::services {
namespace {

constexpr int kBloomBitsPerKey = 10;
constexpr size_t kKeyBytes = 8;
// Files that are searched for a key before they are merged.
constexpr int kScatteredFiles = 8;
constexpr size_t kHintBytes = 1;
constexpr size_t kLogBlockBytes = 16 << 10;
constexpr uint64_t kWalBytes = uint64_t{96} << 20;
constexpr size_t kLeastBufferedBytes = size_t{16} << 20;

rocksdb::ColumnFamilyOptions OptionsOf(
    FamilyUse use, const RocksOptions& options,
    const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions family;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.cache_index_and_filter_blocks = true;
  table.format_version = 5;
  // Debian's build computes CRC-32C without the processor's instruction.
  table.checksum = rocksdb::kXXH3;
  family.write_buffer_size = options.write_buffer_bytes;
  family.compression = rocksdb::kNoCompression;
  family.force_consistency_checks = true;
  if (use == FamilyUse::kLog) table.block_size = kLogBlockBytes;
  if (use == FamilyUse::kLookup) {
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kBloomBitsPerKey));
  }
  if (use == FamilyUse::kScattered) {
    // Each new file has keys all over: by levels, every merge would rewrite
    // all of the level below, and what snapshots keep of it.
    family.compaction_style = rocksdb::kCompactionStyleUniversal;
    family.level0_file_num_compaction_trigger = kScatteredFiles;
    // Keys are looked for beside the one before.
    family.memtable_insert_with_hint_prefix_extractor.reset(
        rocksdb::NewFixedPrefixTransform(kHintBytes));
  }
  if (use == FamilyUse::kSmall) family.write_buffer_size = size_t{1} << 20;
  family.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return family;
}

// A write or sync that failed in one of RocksDB's own threads: it would go on
// by itself once there is room again, with pages that the kernel has dropped.
class EndOnError final : public rocksdb::EventListener {
 public:
  void OnBackgroundError(rocksdb::BackgroundErrorReason reason,
                         rocksdb::Status* status) override {
    Fatal("the database failed; the process ends",
          {{"reason", std::to_string(static_cast<int>(reason))},
           {"error", status->ToString()}});
  }
};

rocksdb::DBOptions DatabaseOptions(
    const RocksOptions& wanted, const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::DBOptions options;
  options.create_if_missing = true;
  options.create_missing_column_families = true;
  // RocksDB's default, kPointInTimeRecovery, drops acknowledged entries
  // without a word when a record in the middle is broken.
  options.wal_recovery_mode =
      rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.paranoid_checks = true;
  options.max_background_jobs = 2;
  // Kept open, but never so many that a log or table file could not be made:
  // a failed write ends the process.
  options.max_open_files = static_cast<int>(Descriptors().database);
  // What a start reads again at most.
  options.max_total_wal_size = kWalBytes;
  // A start does not read properties of every table.
  options.skip_stats_update_on_db_open = true;
  // One thread writes almost all.
  options.allow_concurrent_memtable_write = false;
  // What was written last counts as cached: both together stay within the
  // cache's size.
  options.write_buffer_manager = std::make_shared<rocksdb::WriteBufferManager>(
      std::max(wanted.cache_bytes / 2, kLeastBufferedBytes), cache);
  options.keep_log_file_num = 4;
  options.max_log_file_size = size_t{4} << 20;
  options.info_log_level = rocksdb::WARN_LEVEL;
  options.bytes_per_sync = size_t{1} << 20;
  options.max_bgerror_resume_count = 0;
  options.listeners.push_back(std::make_shared<EndOnError>());
  return options;
}

}  // namespace

absl::Status FromRocks(const rocksdb::Status& status, absl::string_view doing) {
  if (status.ok()) return absl::OkStatus();
  const std::string text = absl::StrCat(doing, ": ", status.ToString());
  if (status.IsNotFound()) return absl::NotFoundError(text);
  if (status.IsCorruption()) {
    return MakeStatus(rpc::v1::DATA_LOSS,
                      {absl::StrCat(text, "; restore a backup"),
                       absl::StrCat("数据库损坏，请从备份恢复：", text)});
  }
  if (status.IsNoSpace()) {
    return MakeStatus(rpc::v1::INTERNAL,
                      {absl::StrCat(text, "; the disk is full: make room"),
                       absl::StrCat("磁盘空间不足，请清理或扩容：", text)});
  }
  return MakeStatus(rpc::v1::INTERNAL,
                    {text, absl::StrCat("数据库出错：", text)});
}

absl::StatusOr<std::unique_ptr<Rocks>> Rocks::Open(
    const RocksOptions& options) {
  const auto cache = rocksdb::NewLRUCache(options.cache_bytes);
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  families.emplace_back(rocksdb::kDefaultColumnFamilyName,
                        OptionsOf(FamilyUse::kSmall, options, cache));
  for (const ColumnFamily& family : options.families) {
    families.emplace_back(family.name, OptionsOf(family.use, options, cache));
    families.back().options.compaction_filter = family.filter;
  }
  // RocksDB syncs what is in its folder, nobody the folder's own name: a loss
  // of power would take the whole database away.
  RETURN_IF_ERROR(client::KeepFolderDurably(options.path));
  RETURN_IF_ERROR(CheckRoom(options.path));
  std::unique_ptr<Rocks> rocks(new Rocks);
  rocks->cache_ = cache;
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status =
      rocksdb::DB::Open(DatabaseOptions(options, cache), options.path, families,
                        &rocks->handles_, &db);
  if (status.IsIOError() &&
      status.ToString().find("lock") != std::string::npos) {
    return MakeStatus(
        rpc::v1::WRONG_LEDGER,
        {absl::StrCat(
             "data directory in use by another process: ", options.path, ": ",
             status.ToString(), "; stop that one or choose another directory"),
         absl::StrCat("数据目录 ", options.path,
                      " 正被另一进程使用，请停止该进程或换一个目录")});
  }
  RETURN_IF_ERROR(FromRocks(status, absl::StrCat("opening ", options.path)));
  rocks->db_.reset(db);
  return rocks;
}

Rocks::~Rocks() {
  if (db_ == nullptr) return;
  for (rocksdb::ColumnFamilyHandle* handle : handles_) {
    db_->DestroyColumnFamilyHandle(handle);
  }
  // Errors at closing lose nothing: what counts was synced when written.
  db_->Close().PermitUncheckedError();
}

std::string NumberKey(uint64_t number) {
  std::string key(kKeyBytes, '\0');
  for (size_t i = 0; i < kKeyBytes; ++i) {
    key[kKeyBytes - 1 - i] = static_cast<char>(number >> (8 * i));
  }
  return key;
}

uint64_t NumberOfKey(const rocksdb::Slice& key) {
  DATAIP_ASSERT(key.size() == kKeyBytes);
  uint64_t number = 0;
  for (size_t i = 0; i < kKeyBytes; ++i) {
    number = number << 8 | static_cast<uint8_t>(key[i]);
  }
  return number;
}

}  // namespace dataip::services
