// The database behind Store, shared by its sources (store*.cc). No other file
// includes it.
#pragma once

#include <rocksdb/db.h>

#include <atomic>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/mutex.h"
#include "core/base/status_macros.h"
#include "services/common/rocks.h"
#include "services/common/rocks_purge.h"
#include "services/ledger/store.h"

namespace dataip::ledger {

// In the order in which Store::Open names them.
enum Family : size_t {
  kHead,
  kHeaders,
  kPayloads,
  kTiles,
  kMap,
  kCheckpoints,
  kErased,
  kPages,
};

inline constexpr char kMappedKey[] = "mapped";  // of kHead

inline rocksdb::Slice SliceOf(std::string_view bytes) {
  return {bytes.data(), bytes.size()};
}

inline std::string_view ViewOf(const rocksdb::Slice& slice) {
  return {slice.data(), slice.size()};
}

// DATA_LOSS: what is stored is not what was written.
absl::Status Broken(const std::string& what);

inline rocksdb::WriteOptions Synced() {
  rocksdb::WriteOptions options;
  options.sync = true;
  return options;
}

// The snapshots that were taken and not yet dropped: closing the database
// drops them, whoever still holds one. Thread safe.
class Snapshots {
 public:
  const rocksdb::Snapshot* Take(rocksdb::DB& db);
  void Drop(const rocksdb::Snapshot* snapshot);
  // The database goes.
  void Close();

 private:
  base::Mutex mutex_;
  rocksdb::DB* db_ DATAIP_GUARDED_BY(mutex_) = nullptr;
  std::set<const rocksdb::Snapshot*> taken_ DATAIP_GUARDED_BY(mutex_);
};

struct Store::Database {
  ~Database() { snapshots->Close(); }

  // Of kPayloads: erased, and perhaps still in a file.
  services::DroppedKeys dropped;
  base::Mutex purging;  // one PurgeErased at a time
  services::OldTables old_payloads DATAIP_GUARDED_BY(purging);
  std::atomic<bool> purge_stop = false;
  std::unique_ptr<services::Rocks> rocks;
  std::shared_ptr<Snapshots> snapshots = std::make_shared<Snapshots>();

  rocksdb::DB& db() const { return rocks->db(); }
  rocksdb::ColumnFamilyHandle* family(Family which) const {
    return rocks->family(which);
  }

  absl::StatusOr<std::string> Get(rocksdb::ColumnFamilyHandle* family,
                                  std::string_view key,
                                  const char* what) const {
    std::string value;
    RETURN_IF_ERROR(services::FromRocks(
        db().Get(rocksdb::ReadOptions(), family, SliceOf(key), &value), what));
    return value;
  }

  std::unique_ptr<rocksdb::Iterator> Iterate(Family which) const {
    return std::unique_ptr<rocksdb::Iterator>(
        db().NewIterator(rocksdb::ReadOptions(), family(which)));
  }
};

}  // namespace dataip::ledger
