#include "services/ledger/store_map.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/hex.h"
#include "core/base/limits.h"
#include "services/ledger/store_database.h"

namespace dataip::ledger {
namespace {

using services::FromRocks;

std::string HexOf(std::string_view prefix) {
  return base::HexEncode(hash::AsBytes(prefix));
}

bool BeginsWith(const rocksdb::Slice& key, std::string_view prefix) {
  return key.starts_with(SliceOf(prefix));
}

const rocksdb::Snapshot* SnapshotOf(const void* snapshot) {
  return static_cast<const rocksdb::Snapshot*>(snapshot);
}

}  // namespace

const rocksdb::Snapshot* Snapshots::Take(rocksdb::DB& db) {
  base::MutexLock lock(mutex_);
  db_ = &db;
  const rocksdb::Snapshot* const snapshot = db.GetSnapshot();
  taken_.insert(snapshot);
  return snapshot;
}

void Snapshots::Drop(const rocksdb::Snapshot* snapshot) {
  base::MutexLock lock(mutex_);
  if (taken_.erase(snapshot) > 0) db_->ReleaseSnapshot(snapshot);
}

void Snapshots::Close() {
  base::MutexLock lock(mutex_);
  for (const rocksdb::Snapshot* snapshot : taken_) {
    db_->ReleaseSnapshot(snapshot);
  }
  taken_.clear();
}

MapSnapshot::MapSnapshot(const Store& store)
    : store_(store),
      all_(store.database_->snapshots),
      snapshot_(all_->Take(store.database_->db())) {}

MapSnapshot::~MapSnapshot() { all_->Drop(SnapshotOf(snapshot_)); }

struct MapCursor::Iterators {
  const Store::Database& database;
  rocksdb::ReadOptions options;
  std::unique_ptr<rocksdb::Iterator> rows;
  std::unique_ptr<rocksdb::Iterator> strips;

  // Made when first needed.
  rocksdb::Iterator& Of(Family family,
                        std::unique_ptr<rocksdb::Iterator>& iterator) const {
    if (iterator == nullptr) {
      iterator.reset(
          database.db().NewIterator(options, database.family(family)));
    }
    return *iterator;
  }
};

MapCursor::MapCursor(const MapSnapshot& snapshot)
    : iterators_(new Iterators{*snapshot.store_.database_, {}, {}, {}}) {
  iterators_->options.snapshot = SnapshotOf(snapshot.snapshot_);
}

MapCursor::~MapCursor() = default;

absl::StatusOr<std::vector<MapChange>> MapCursor::ReadRows(
    std::string_view prefix, size_t max_rows) {
  rocksdb::Iterator& rows = iterators_->Of(kMap, iterators_->rows);
  std::vector<MapChange> read;
  read.reserve(std::min(max_rows, limits::kMapBucketKeys));
  for (rows.Seek(SliceOf(prefix));
       rows.Valid() && BeginsWith(rows.key(), prefix); rows.Next()) {
    const auto key = Hash::From(hash::AsBytes(ViewOf(rows.key())));
    const auto value = Hash::From(hash::AsBytes(ViewOf(rows.value())));
    if (!key.has_value() || !value.has_value() || read.size() == max_rows) {
      return Broken(absl::StrCat("row of the map below ", HexOf(prefix)));
    }
    read.push_back({*key, *value});
  }
  RETURN_IF_ERROR(FromRocks(rows.status(), "reading the map"));
  return read;
}

absl::Status MapCursor::ReadPage(std::string_view prefix, MapPage& page) {
  const std::string begin = MapStripKey(prefix, 0);
  const std::string_view same =
      std::string_view(begin).substr(0, begin.size() - 1);
  rocksdb::Iterator& strips = iterators_->Of(kPages, iterators_->strips);
  for (strips.Seek(begin); strips.Valid() && BeginsWith(strips.key(), same);
       strips.Next()) {
    const auto number =
        static_cast<uint8_t>(strips.key()[strips.key().size() - 1]);
    const auto strip = DecodeMapStrip(ViewOf(strips.value()));
    if (strips.key().size() != begin.size() || number >= kMapPageStrips ||
        !strip.has_value()) {
      return Broken(absl::StrCat("page of the map at ", HexOf(prefix)));
    }
    page.SetStrip(number, *strip);
  }
  RETURN_IF_ERROR(FromRocks(strips.status(), "reading the map"));
  page.Fold();
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> Store::ReadMappedSize() const {
  const auto bytes =
      database_->Get(database_->family(kHead), kMappedKey, "reading the map");
  if (absl::IsNotFound(bytes.status())) return 0;
  if (!bytes.ok()) return bytes.status();
  if (bytes->size() != sizeof(uint64_t)) return Broken("size of the map");
  return services::NumberOfKey(*bytes);
}

uint64_t Store::MapBytes() const {
  uint64_t bytes = 0;
  for (const Family family : {kMap, kPages}) {
    uint64_t of_family = 0;
    database_->db().GetIntProperty(database_->family(family),
                                   rocksdb::DB::Properties::kTotalSstFilesSize,
                                   &of_family);
    bytes += of_family;
  }
  return bytes;
}

}  // namespace dataip::ledger
