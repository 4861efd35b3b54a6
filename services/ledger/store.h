// The ledger's bytes in RocksDB. Knows families and encodings, no rules.
//
//   default      identity, epoch           headers      index -> header
//   head         head, mapped size, clock  payloads     index -> payload
//   erased       index -> order that erased the payload, whether it is gone
//   tiles        level, number -> 256 hashes, full tiles only
//   map          key hash -> value, as of the seal that `mapped` names
//   pages        the map's inner nodes (map_page.h), as of the same seal
//   checkpoints  size -> signed note
//
// Every read may run in any thread; Commit and the other writes are synced
// unless their comment says otherwise. A failed write leaves the database in
// a state only a restart clears: the caller ends the process
// (architecture.md: DB::Resume() is never called).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/hash/hash.h"

namespace dataip::services {
class RocksBackups;
}  // namespace dataip::services

namespace dataip::ledger {

using hash::Hash;

// The end of the ledger.
struct Head {
  uint64_t size = 0;
  int64_t time_ms = 0;  // of the last entry
  Hash chain_head;      // `prev` of the next entry
  // The last entry that is not the ledger's own, if any.
  bool has_foreign = false;
  uint64_t foreign_index = 0;
  Hash foreign_leaf_hash;
  // The last seal: its index + 1, 0 for none.
  uint64_t sealed_size = 0;

  friend bool operator==(const Head&, const Head&) = default;
};

// How far the wall clock was ahead of the monotonic one (clock.h).
struct ClockOffset {
  std::string boot_id;
  int64_t ms = 0;
};

struct TileId {
  uint32_t level = 0;  // of tlog-tiles: nodes of level 8 * level
  uint64_t number = 0;

  friend auto operator<=>(const TileId&, const TileId&) = default;
};

inline constexpr size_t kTileHashes = 256;
inline constexpr size_t kTileBytes = kTileHashes * hash::kHashBytes;

// An entry's two byte strings.
struct StoredEntry {
  std::string header;
  std::string payload;
};

// The same as it passes by; lives as long as the visit.
struct EntryView {
  uint64_t index = 0;
  std::string_view header;
  std::string_view payload;  // empty when erased
  // Index of the entry that ordered the payload erased, if one did.
  std::optional<uint64_t> erased_by;
};

// Half-open.
struct IndexRange {
  uint64_t begin = 0;
  uint64_t end = 0;
};

class Store {
 public:
  // Writes that are made together or not at all.
  class Batch {
   public:
    ~Batch();
    Batch(Batch&&) noexcept;
    Batch& operator=(Batch&&) noexcept;

    void AddEntry(uint64_t index, std::string_view header,
                  std::string_view payload);
    void AddTile(TileId id, std::string_view hashes);
    void SetMapValue(const Hash& key_hash, const Hash& value);
    // The map's values are those after the entries before `size`.
    void SetMappedSize(uint64_t size);
    void SetMapStrip(std::string_view strip_key, std::string_view strip);
    void SetHead(const Head& head);
    void SetClockOffset(const ClockOffset& offset);

   private:
    friend class Store;
    struct Writes;
    explicit Batch(std::unique_ptr<Writes> writes);
    std::unique_ptr<Writes> writes_;
  };

  // Creates an empty database when there is none.
  static absl::StatusOr<std::unique_ptr<Store>> Open(const std::string& path,
                                                     size_t cache_bytes);
  ~Store();

  // An empty one; it lives no longer than the store. Up to `expected_bytes` it
  // grows without being copied.
  Batch NewBatch(size_t expected_bytes = 0) const;

  // One synced write. DATA_LOSS, and nothing is written, when a tile of the
  // batch is there already with other hashes.
  absl::Status Commit(Batch& batch);
  // Not synced: for the map, which a start rolls forward. What was committed
  // before it is never lost without it.
  absl::Status CommitMap(Batch& batch);

  // What the database was created for; nothing when it is new.
  absl::StatusOr<std::optional<std::string>> ReadIdentity() const;
  absl::Status WriteIdentity(std::string_view identity);

  // 0 when no epoch was ever opened.
  absl::StatusOr<uint64_t> ReadEpoch() const;
  absl::Status WriteEpoch(uint64_t epoch);

  // A head of size 0 when nothing was appended. DATA_LOSS when it does not
  // decode.
  absl::StatusOr<Head> ReadHead() const;

  // Of the last batch; nothing when there was none. DATA_LOSS when it does
  // not decode.
  absl::StatusOr<std::optional<ClockOffset>> ReadClockOffset() const;

  // Of an entry below the head's size: DATA_LOSS when it is not there.
  absl::StatusOr<std::string> ReadHeader(uint64_t index) const;
  // The same; NOT_FOUND when an order erased it.
  absl::StatusOr<std::string> ReadPayload(uint64_t index) const;

  // Calls `visit` for each index of the range in order until it answers
  // false. DATA_LOSS when one is missing; a payload only when no order erased
  // it.
  using VisitHeader = std::function<bool(uint64_t index, std::string_view)>;
  absl::Status ForEachHeader(IndexRange range, const VisitHeader& visit) const;
  using VisitEntry = std::function<bool(const EntryView& entry)>;
  absl::Status ForEachEntry(IndexRange range, const VisitEntry& visit) const;

  // One more than the index of the last header, whatever the head says.
  absl::StatusOr<uint64_t> CountHeaders() const;

  // kTileBytes bytes, of a tile that is full: DATA_LOSS when it is not there.
  absl::StatusOr<std::string> ReadTile(TileId id) const;

  absl::StatusOr<uint64_t> ReadMappedSize() const;
  // Of the map's families in table files, what is overwritten included.
  uint64_t MapBytes() const;

  struct StoredCheckpoint {
    uint64_t size = 0;
    std::string note;
  };
  // Synced: what a start with witnesses serves (publisher.h). One of the same
  // size is replaced.
  absl::Status WriteCheckpoint(const StoredCheckpoint& checkpoint);
  // NOT_FOUND when no checkpoint of this size was published.
  absl::StatusOr<std::string> ReadCheckpoint(uint64_t size) const;
  // The largest one, size 0 for none.
  absl::StatusOr<StoredCheckpoint> LastCheckpoint() const;

  // Erasure (store_erasure.cc; formats 6).

  // The order that erased this payload; nothing while it stands.
  absl::StatusOr<std::optional<uint64_t>> ErasedBy(uint64_t index) const;
  // Of these, those that no order has erased yet. Reads only.
  absl::StatusOr<std::vector<uint64_t>> NotErased(
      const std::vector<uint64_t>& indices) const;
  // Erases payloads that stand by writing their markers, in one synced write.
  // Nobody reads them any more, but their bytes lie on the disk until
  // PurgeErased. Fails by a failed write only.
  struct Erasing {
    uint64_t order_index = 0;
    std::vector<uint64_t> indices;  // as NotErased answers
  };
  absl::Status Erase(const Erasing& erasing);
  // Erased payloads that PurgeErased has not yet removed from the disk,
  // ascending; also those that an earlier process left.
  absl::StatusOr<std::vector<uint64_t>> UnpurgedErasures() const;
  // Rewrites the files that hold them and starts a new log, so that no file of
  // the database has their bytes. Appends and reads go on. UNAVAILABLE while
  // a read, or a backup, still holds an old file: call again.
  absl::Status PurgeErased(const std::vector<uint64_t>& indices);
  // The process ends: PurgeErased ends soon, now and later, with UNAVAILABLE.
  void StopPurging();
  // Remembers that nothing is left to do for them, backups included.
  absl::Status FinishErasures(const std::vector<uint64_t>& indices);

  // A backup of all that is stored now; its number. Reads and writes go on.
  absl::StatusOr<uint32_t> BackUp(services::RocksBackups& backups);

 private:
  friend class MapSnapshot;
  friend class MapCursor;
  struct Database;
  absl::Status CheckTilesAreNew(const Batch& batch) const;
  explicit Store(std::unique_ptr<Database> database);
  absl::Status DropUnpurged();
  std::unique_ptr<Database> database_;
};

}  // namespace dataip::ledger
