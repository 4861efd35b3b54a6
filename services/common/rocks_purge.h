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
// value for as long as there is a snapshot from before. Until PurgeKeys has
// run, readers see the value. Thread safe.
class DroppedKeys final : public rocksdb::CompactionFilter {
 public:
  void Add(const std::string& key);
  void Remove(const std::string& key);
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

// `keys` of `family`, ascending, are in its DroppedKeys; or they were deleted
// or overwritten by writes that are done, in a database whose snapshots are
// all later. Flushes every family, so that the log's older files go; rewrites
// each table file of the family that may hold an older value of one of them;
// empties the block cache. Writes and reads go on meanwhile. OK only when
// every file that could hold an old value is gone from the folder;
// UNAVAILABLE while an iterator or a backup under way holds one: call again.
// What the file system keeps in blocks that it has freed is not in our reach.
absl::Status PurgeKeys(Rocks& rocks, rocksdb::ColumnFamilyHandle* family,
                       const std::vector<std::string>& keys);

}  // namespace dataip::services
