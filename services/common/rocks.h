// RocksDB as our stores open it: named column families, paranoid checks, and
// a torn tail of the log cut off instead of acknowledged records dropped
// (kTolerateCorruptedTailRecords; architecture.md, "At start").
#pragma once

#include <rocksdb/cache.h>
#include <rocksdb/compaction_filter.h>
#include <rocksdb/db.h>
#include <rocksdb/options.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dataip::services {

enum class FamilyUse {
  kSmall,   // heads, metadata: small values that are rewritten
  kLog,     // appended in key order, read in ranges, never rewritten
  kLookup,  // read by single keys (bloom filter)
  // Rewritten all over, each time many keys in ascending order; read in ranges.
  kScattered,
};

struct ColumnFamily {
  std::string name;
  FamilyUse use = FamilyUse::kSmall;
  // Outlives the database; may be none.
  const rocksdb::CompactionFilter* filter = nullptr;
};

struct RocksOptions {
  std::string path;
  std::vector<ColumnFamily> families;  // beside "default", which always is
  size_t cache_bytes = size_t{64} << 20;
  size_t write_buffer_bytes = size_t{16} << 20;
};

// An open database. Closed by the destructor; the handles go with it.
class Rocks {
 public:
  // Creates what is missing. FAILED_PRECONDITION when another process has it
  // open, DATA_LOSS when RocksDB finds it corrupt.
  static absl::StatusOr<std::unique_ptr<Rocks>> Open(
      const RocksOptions& options);
  ~Rocks();

  rocksdb::DB& db() { return *db_; }
  // By position in RocksOptions::families.
  rocksdb::ColumnFamilyHandle* family(size_t position) const {
    return handles_[position + 1];
  }
  rocksdb::ColumnFamilyHandle* default_family() const { return handles_[0]; }
  // "default" first, then as in RocksOptions::families.
  const std::vector<rocksdb::ColumnFamilyHandle*>& all_families() const {
    return handles_;
  }
  rocksdb::Cache& cache() { return *cache_; }

 private:
  Rocks() = default;
  std::shared_ptr<rocksdb::Cache> cache_;
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> handles_;
};

// NOT_FOUND, DATA_LOSS (corruption), RESOURCE_EXHAUSTED (no space),
// FAILED_PRECONDITION (locked), else INTERNAL; `doing` says what was tried.
absl::Status FromRocks(const rocksdb::Status& status, absl::string_view doing);

inline rocksdb::Slice ToSlice(absl::string_view bytes) {
  return {bytes.data(), bytes.size()};
}

// Eight bytes big-endian: keys that sort like numbers.
std::string NumberKey(uint64_t number);
// Takes what NumberKey made (asserted).
uint64_t NumberOfKey(const rocksdb::Slice& key);

}  // namespace dataip::services
