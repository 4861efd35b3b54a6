// Removes deleted and overwritten values from the files of a database: for
// what must not be on the disk any more (erasure, formats 6).
#pragma once

#include <atomic>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "core/base/mutex.h"
#include "services/common/rocks.h"

namespace dataip::services {

// Keys that compactions leave out, snapshots or not: a deletion would keep the
// value for as long as there is a snapshot from before. Until PurgeDropped has
// run, readers see the value, and an iterator from before does afterwards:
// hence none is ever taken back. Thread safe.
class DroppedKeys final : public rocksdb::CompactionFilter {
 public:
  void Add(const std::string& key);
  bool Has(const rocksdb::Slice& key) const;

  Decision FilterV2(int level, const rocksdb::Slice& key, ValueType type,
                    const rocksdb::Slice& value, std::string* new_value,
                    std::string* skip_until) const override;
  const char* Name() const override { return "dataip.dropped"; }

 private:
  mutable base::Mutex mutex_;
  std::set<std::string> keys_ DATAIP_GUARDED_BY(mutex_);
  std::atomic<size_t> count_ = 0;  // of keys_: most often none
};

// Table files that the newest version of a database has no use for, which may
// hold what is to go: kept from one call of PurgeDropped to the next while keys
// stay the same, since a file that is held then is not told from one that is
// being written now. Begin with a new one after DroppedKeys::Add and a start.
struct OldTables {
  bool listed = false;
  std::set<std::string> paths;
};

// What is to go from the files of a database.
struct Purge {
  Rocks& rocks;
  rocksdb::ColumnFamilyHandle* family;
  std::vector<std::string> keys;
  // Set by another thread to end it soon, with UNAVAILABLE; outlives the call.
  std::atomic<bool>* stop = nullptr;
};

// The keys are in the family's DroppedKeys, and were written once. Flushes
// every family, so that the log's older files go; rewrites the table files of
// keys that are still found, so that a second call rewrites nothing; empties
// the block cache. Writes and reads go on meanwhile. OK only when none of the
// keys is found and no file that could hold one is in the folder any more;
// UNAVAILABLE while an iterator or a backup
// under way holds such a file: call again. What the file system keeps in
// blocks that it has freed is not in our reach.
absl::Status PurgeDropped(const Purge& purge, OldTables& old);

// The same for older values of keys that were deleted or overwritten by writes
// that are done, in a database whose snapshots are all later. Rewrites the
// table files of the whole range of keys, with each call.
absl::Status PurgeOverwritten(const Purge& purge);

}  // namespace dataip::services
