#include "services/ledger/store.h"

#include <rocksdb/write_batch.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "services/common/rocks.h"
#include "services/common/rocks_backup.h"
#include "services/ledger/store_database.h"

namespace dataip::ledger {
namespace {

using services::FamilyUse;
using services::FromRocks;
using services::NumberKey;
using services::NumberOfKey;

constexpr char kHeadKey[] = "head";
constexpr char kIdentityKey[] = "identity";
constexpr char kEpochKey[] = "epoch";
constexpr char kClockKey[] = "clock";

constexpr size_t kHeadBytes = 8 + 8 + 32 + 1 + 8 + 32 + 8;

std::string TileKey(TileId id) {
  return static_cast<char>(id.level) + NumberKey(id.number);
}

// Records that nothing else vouches for end with the first bytes of a digest,
// so that one changed on the disk is refused at the start.
constexpr size_t kCheckBytes = 8;

std::string CheckOf(std::string_view key, std::string_view value) {
  const Hash digest = hash::Sha256({hash::AsBytes(key), hash::AsBytes(value)});
  return std::string(digest.text().substr(0, kCheckBytes));
}

std::string WithCheck(std::string_view key, std::string value) {
  return value + CheckOf(key, value);
}

absl::StatusOr<std::string> WithoutCheck(std::string_view key,
                                         const std::string& bytes) {
  if (bytes.size() < kCheckBytes) return Broken(std::string(key));
  std::string value = bytes.substr(0, bytes.size() - kCheckBytes);
  if (WithCheck(key, value) != bytes) return Broken(std::string(key));
  return value;
}

std::string EncodeHead(const Head& head) {
  std::string bytes = NumberKey(head.size);
  bytes += NumberKey(static_cast<uint64_t>(head.time_ms));
  bytes += head.chain_head.text();
  bytes += head.has_foreign ? '\1' : '\0';
  bytes += NumberKey(head.foreign_index);
  bytes += head.foreign_leaf_hash.text();
  bytes += NumberKey(head.sealed_size);
  return bytes;
}

absl::StatusOr<Head> DecodeHead(const std::string& bytes) {
  if (bytes.size() != kHeadBytes) return Broken("head");
  const char* at = bytes.data();
  const auto number = [&at] {
    const uint64_t value = NumberOfKey(rocksdb::Slice(at, 8));
    at += 8;
    return value;
  };
  const auto hash = [&at] {
    const auto value = Hash::From(hash::AsBytes({at, hash::kHashBytes}));
    at += hash::kHashBytes;
    return *value;
  };
  Head head;
  head.size = number();
  head.time_ms = static_cast<int64_t>(number());
  head.chain_head = hash();
  head.has_foreign = *at++ != '\0';
  head.foreign_index = number();
  head.foreign_leaf_hash = hash();
  head.sealed_size = number();
  return head;
}

}  // namespace

struct Store::Batch::Writes {
  const Database& database;
  rocksdb::WriteBatch batch;
  std::vector<std::pair<TileId, std::string>> tiles;  // that `batch` puts

  // A WriteBatch in memory takes every put; only Commit can fail.
  void Put(Family family, std::string_view key, std::string_view value) {
    batch.Put(database.family(family), SliceOf(key), SliceOf(value))
        .PermitUncheckedError();
  }
};

Store::Batch::Batch(std::unique_ptr<Writes> writes)
    : writes_(std::move(writes)) {}
Store::Batch::~Batch() = default;
Store::Batch::Batch(Batch&&) noexcept = default;
Store::Batch& Store::Batch::operator=(Batch&&) noexcept = default;

void Store::Batch::AddEntry(uint64_t index, std::string_view header,
                            std::string_view payload) {
  const std::string key = NumberKey(index);
  writes_->Put(kHeaders, key, header);
  writes_->Put(kPayloads, key, payload);
}

void Store::Batch::AddTile(TileId id, std::string_view hashes) {
  DATAIP_ASSERT(hashes.size() == kTileBytes);
  writes_->Put(kTiles, TileKey(id), hashes);
  writes_->tiles.emplace_back(id, hashes);
}

void Store::Batch::SetMapValue(const Hash& key_hash, const Hash& value) {
  writes_->Put(kMap, key_hash.text(), value.text());
}

void Store::Batch::SetMappedSize(uint64_t size) {
  writes_->Put(kHead, kMappedKey, NumberKey(size));
}

void Store::Batch::SetMapStrip(std::string_view strip_key,
                               std::string_view strip) {
  writes_->Put(kPages, strip_key, strip);
}

void Store::Batch::SetHead(const Head& head) {
  writes_->Put(kHead, kHeadKey, WithCheck(kHeadKey, EncodeHead(head)));
}

void Store::Batch::SetClockOffset(const ClockOffset& offset) {
  writes_->Put(
      kHead, kClockKey,
      WithCheck(kClockKey,
                NumberKey(static_cast<uint64_t>(offset.ms)) + offset.boot_id));
}

Store::Store(std::unique_ptr<Database> database)
    : database_(std::move(database)) {}
Store::~Store() = default;

absl::StatusOr<std::unique_ptr<Store>> Store::Open(const std::string& path,
                                                   size_t cache_bytes) {
  services::RocksOptions options;
  options.path = path;
  options.cache_bytes = cache_bytes;
  // In the order of Family.
  auto database = std::make_unique<Database>();
  options.families = {
      {"head", FamilyUse::kSmall},
      {"headers", FamilyUse::kLog},
      {"payloads", FamilyUse::kLog, &database->dropped},
      {"tiles", FamilyUse::kLog},
      {"map", FamilyUse::kScattered},
      {"checkpoints", FamilyUse::kLog},
      {"erased", FamilyUse::kSmall},
      {"pages", FamilyUse::kScattered},
  };
  ASSIGN_OR_RETURN(database->rocks, services::Rocks::Open(options));
  std::unique_ptr<Store> store(new Store(std::move(database)));
  RETURN_IF_ERROR(store->DropUnpurged());
  return store;
}

Store::Batch Store::NewBatch(size_t expected_bytes) const {
  return Batch(std::unique_ptr<Batch::Writes>(
      new Batch::Writes{*database_, rocksdb::WriteBatch(expected_bytes), {}}));
}

// What readers have cached for a year may not change. A read of a key that is
// not there costs little, and there is one in 256 entries.
absl::Status Store::CheckTilesAreNew(const Batch& batch) const {
  for (const auto& [id, hashes] : batch.writes_->tiles) {
    const auto stored = database_->Get(database_->family(kTiles), TileKey(id),
                                       "reading a tile");
    if (absl::IsNotFound(stored.status())) continue;
    if (!stored.ok()) return stored.status();
    if (*stored != hashes) {
      return Broken(absl::StrCat("tile ", id.level, "/", id.number,
                                 " is there with other hashes"));
    }
  }
  return absl::OkStatus();
}

absl::Status Store::Commit(Batch& batch) {
  RETURN_IF_ERROR(CheckTilesAreNew(batch));
  return FromRocks(database_->db().Write(Synced(), &batch.writes_->batch),
                   "writing entries");
}

absl::Status Store::CommitMap(Batch& batch) {
  return FromRocks(
      database_->db().Write(rocksdb::WriteOptions(), &batch.writes_->batch),
      "writing the map");
}

absl::StatusOr<std::optional<std::string>> Store::ReadIdentity() const {
  auto identity = database_->Get(database_->rocks->default_family(),
                                 kIdentityKey, "reading the identity");
  if (absl::IsNotFound(identity.status())) return std::nullopt;
  if (!identity.ok()) return identity.status();
  return std::optional<std::string>(*std::move(identity));
}

absl::Status Store::WriteIdentity(std::string_view identity) {
  return FromRocks(
      database_->db().Put(Synced(), kIdentityKey, SliceOf(identity)),
      "writing the identity");
}

absl::StatusOr<uint64_t> Store::ReadEpoch() const {
  const auto bytes = database_->Get(database_->rocks->default_family(),
                                    kEpochKey, "reading the epoch");
  if (absl::IsNotFound(bytes.status())) return 0;
  if (!bytes.ok()) return bytes.status();
  ASSIGN_OR_RETURN(const std::string epoch, WithoutCheck(kEpochKey, *bytes));
  if (epoch.size() != sizeof(uint64_t)) return Broken(kEpochKey);
  return NumberOfKey(epoch);
}

absl::Status Store::WriteEpoch(uint64_t epoch) {
  return FromRocks(database_->db().Put(Synced(), kEpochKey,
                                       WithCheck(kEpochKey, NumberKey(epoch))),
                   "writing the epoch");
}

absl::StatusOr<Head> Store::ReadHead() const {
  const auto bytes =
      database_->Get(database_->family(kHead), kHeadKey, "reading the head");
  if (absl::IsNotFound(bytes.status())) return Head();
  if (!bytes.ok()) return bytes.status();
  ASSIGN_OR_RETURN(const std::string head, WithoutCheck(kHeadKey, *bytes));
  return DecodeHead(head);
}

absl::StatusOr<std::optional<ClockOffset>> Store::ReadClockOffset() const {
  const auto bytes =
      database_->Get(database_->family(kHead), kClockKey, "reading the clock");
  if (absl::IsNotFound(bytes.status())) return std::nullopt;
  if (!bytes.ok()) return bytes.status();
  ASSIGN_OR_RETURN(const std::string clock, WithoutCheck(kClockKey, *bytes));
  if (clock.size() < sizeof(uint64_t)) return Broken(kClockKey);
  const auto ms = NumberOfKey(rocksdb::Slice(clock.data(), sizeof(uint64_t)));
  return ClockOffset{clock.substr(sizeof(uint64_t)), static_cast<int64_t>(ms)};
}

absl::StatusOr<std::string> Store::ReadHeader(uint64_t index) const {
  auto header = database_->Get(database_->family(kHeaders), NumberKey(index),
                               "reading a header");
  if (!absl::IsNotFound(header.status())) return header;
  return Broken(absl::StrCat("header ", index, " is missing"));
}

absl::Status Store::ForEachHeader(IndexRange range,
                                  const VisitHeader& visit) const {
  if (range.begin >= range.end) return absl::OkStatus();
  const auto headers = database_->Iterate(kHeaders);
  headers->Seek(NumberKey(range.begin));
  for (uint64_t index = range.begin; index < range.end; ++index) {
    if (!headers->Valid() || NumberOfKey(headers->key()) != index) {
      RETURN_IF_ERROR(FromRocks(headers->status(), "reading headers"));
      return Broken(absl::StrCat("header ", index, " is missing"));
    }
    if (!visit(index, ViewOf(headers->value()))) break;
    headers->Next();
  }
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> Store::CountHeaders() const {
  const auto headers = database_->Iterate(kHeaders);
  headers->SeekToLast();
  RETURN_IF_ERROR(FromRocks(headers->status(), "reading headers"));
  return headers->Valid() ? NumberOfKey(headers->key()) + 1 : 0;
}

absl::StatusOr<std::string> Store::ReadTile(TileId id) const {
  auto tile =
      database_->Get(database_->family(kTiles), TileKey(id), "reading a tile");
  if (absl::IsNotFound(tile.status()) ||
      (tile.ok() && tile->size() != kTileBytes)) {
    return Broken(absl::StrCat("tile ", id.level, "/", id.number,
                               " is missing or too short"));
  }
  return tile;
}

absl::Status Store::WriteCheckpoint(const StoredCheckpoint& checkpoint) {
  return FromRocks(
      database_->db().Put(Synced(), database_->family(kCheckpoints),
                          NumberKey(checkpoint.size), checkpoint.note),
      "writing a checkpoint");
}

absl::StatusOr<std::string> Store::ReadCheckpoint(uint64_t size) const {
  return database_->Get(database_->family(kCheckpoints), NumberKey(size),
                        "reading a checkpoint");
}

absl::StatusOr<Store::StoredCheckpoint> Store::LastCheckpoint() const {
  const auto checkpoints = database_->Iterate(kCheckpoints);
  checkpoints->SeekToLast();
  RETURN_IF_ERROR(FromRocks(checkpoints->status(), "reading checkpoints"));
  if (!checkpoints->Valid()) return StoredCheckpoint();
  return StoredCheckpoint{NumberOfKey(checkpoints->key()),
                          checkpoints->value().ToString()};
}

absl::StatusOr<uint32_t> Store::BackUp(services::RocksBackups& backups) {
  return backups.Create(*database_->rocks);
}

}  // namespace dataip::ledger
