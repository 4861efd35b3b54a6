#include "services/registry/store.h"

#include <rocksdb/write_batch.h>

#include <utility>

#include "core/base/status_macros.h"
#include "core/crypto/random.h"
#include "services/common/rocks.h"

namespace dataip::registryd {
namespace {

using services::FromRocks;
using services::ToSlice;

constexpr size_t kOpenings = 0;
constexpr size_t kSaltBytes = 32;
constexpr size_t kTokenKeyBytes = 32;
constexpr char kMarkKey[] = "mark";
constexpr char kTokenKey[] = "token_key";

rocksdb::Slice SliceOf(const Hash& hash) {
  return {hash.text().data(), hash.text().size()};
}

}  // namespace

std::string EncodeMark(const LedgerMark& mark) {
  return services::NumberKey(mark.index) + std::string(mark.leaf_hash.text());
}

std::optional<LedgerMark> DecodeMark(Bytes bytes) {
  if (bytes.size() != 8 + hash::kHashBytes) return std::nullopt;
  LedgerMark mark;
  mark.index =
      services::NumberOfKey({reinterpret_cast<const char*>(bytes.data()), 8});
  mark.leaf_hash = *Hash::From(bytes.subspan(8));
  return mark;
}

absl::StatusOr<std::unique_ptr<Store>> Store::Open(const std::string& path) {
  services::RocksOptions options;
  options.path = path;
  options.families = {{"openings", services::FamilyUse::kLookup}};
  ASSIGN_OR_RETURN(auto rocks, services::Rocks::Open(options));
  std::unique_ptr<Store> store(new Store(std::move(rocks)));
  RETURN_IF_ERROR(store->LoadTokenKey());
  return store;
}

Store::Store(std::unique_ptr<services::Rocks> rocks)
    : rocks_(std::move(rocks)) {}

Store::~Store() = default;

absl::Status Store::LoadTokenKey() {
  rocksdb::DB& db = rocks_->db();
  const rocksdb::Status read =
      db.Get(rocksdb::ReadOptions(), kTokenKey, &token_key_);
  if (read.ok() && token_key_.size() == kTokenKeyBytes) {
    return absl::OkStatus();
  }
  if (!read.ok() && !read.IsNotFound()) {
    return FromRocks(read, "reading the key of page tokens");
  }
  token_key_ = crypto::RandomBytes(kTokenKeyBytes);
  rocksdb::WriteOptions synced;
  synced.sync = true;
  return FromRocks(db.Put(synced, kTokenKey, ToSlice(token_key_)),
                   "writing the key of page tokens");
}

absl::Status Store::PutOpenings(const std::vector<StoredOpening>& openings) {
  if (openings.empty()) return absl::OkStatus();
  rocksdb::WriteBatch batch;
  for (const StoredOpening& opening : openings) {
    DATAIP_ASSERT(opening.salt.size() == kSaltBytes);
    RETURN_IF_ERROR(
        FromRocks(batch.Put(rocks_->family(kOpenings), SliceOf(opening.digest),
                            ToSlice(opening.salt + opening.value)),
                  "gathering openings"));
  }
  rocksdb::WriteOptions synced;
  synced.sync = true;
  return FromRocks(rocks_->db().Write(synced, &batch), "writing openings");
}

absl::StatusOr<StoredOpening> Store::GetOpening(const Hash& digest) const {
  std::string bytes;
  RETURN_IF_ERROR(FromRocks(
      rocks_->db().Get(rocksdb::ReadOptions(), rocks_->family(kOpenings),
                       SliceOf(digest), &bytes),
      "reading an opening"));
  if (bytes.size() < kSaltBytes) {
    return absl::DataLossError("a stored opening is shorter than its salt");
  }
  return StoredOpening{digest, bytes.substr(0, kSaltBytes),
                       bytes.substr(kSaltBytes)};
}

absl::Status Store::ForEachOpening(
    const std::function<void(const StoredOpening& opening)>& take) const {
  const std::unique_ptr<rocksdb::Iterator> at(rocks_->db().NewIterator(
      rocksdb::ReadOptions(), rocks_->family(kOpenings)));
  for (at->SeekToFirst(); at->Valid(); at->Next()) {
    const auto digest =
        Hash::From(hash::AsBytes({at->key().data(), at->key().size()}));
    const std::string bytes = at->value().ToString();
    if (!digest.has_value() || bytes.size() < kSaltBytes) continue;
    take({*digest, bytes.substr(0, kSaltBytes), bytes.substr(kSaltBytes)});
  }
  return FromRocks(at->status(), "reading openings");
}

absl::StatusOr<uint64_t> Store::SweepOpenings(
    const std::function<bool(const Hash& digest)>& keep) {
  rocksdb::DB& db = rocks_->db();
  rocksdb::WriteBatch batch;
  const std::unique_ptr<rocksdb::Iterator> at(
      db.NewIterator(rocksdb::ReadOptions(), rocks_->family(kOpenings)));
  for (at->SeekToFirst(); at->Valid(); at->Next()) {
    const auto digest =
        Hash::From(hash::AsBytes({at->key().data(), at->key().size()}));
    if (digest.has_value() && keep(*digest)) continue;
    RETURN_IF_ERROR(
        FromRocks(batch.Delete(rocks_->family(kOpenings), at->key()),
                  "gathering orphans"));
  }
  RETURN_IF_ERROR(FromRocks(at->status(), "reading openings"));
  const uint64_t count = batch.Count();
  if (count == 0) return count;
  rocksdb::WriteOptions synced;
  synced.sync = true;
  RETURN_IF_ERROR(FromRocks(db.Write(synced, &batch), "sweeping openings"));
  RETURN_IF_ERROR(
      FromRocks(db.CompactRange(rocksdb::CompactRangeOptions(),
                                rocks_->family(kOpenings), nullptr, nullptr),
                "compacting openings"));
  return count;
}

absl::Status Store::SetMark(const LedgerMark& mark) {
  return FromRocks(rocks_->db().Put(rocksdb::WriteOptions(), kMarkKey,
                                    ToSlice(EncodeMark(mark))),
                   "writing the mark");
}

absl::StatusOr<std::optional<LedgerMark>> Store::GetMark() const {
  std::string bytes;
  const rocksdb::Status read =
      rocks_->db().Get(rocksdb::ReadOptions(), kMarkKey, &bytes);
  if (read.IsNotFound()) return std::nullopt;
  RETURN_IF_ERROR(FromRocks(read, "reading the mark"));
  const auto mark = DecodeMark(hash::AsBytes(bytes));
  if (!mark.has_value()) return absl::DataLossError("the mark is damaged");
  return mark;
}

}  // namespace dataip::registryd
