#include "services/registry/store.h"

#include <rocksdb/write_batch.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/crypto/random.h"
#include "services/common/error.h"
#include "services/common/rocks.h"
#include "services/common/rocks_purge.h"
#include "services/registry/openings_key.h"

namespace dataip::registryd {
namespace {

using services::FromRocks;
using services::ToSlice;

// Families: what older versions kept in clear, and what is sealed.
constexpr size_t kPlainOpenings = 0;
constexpr size_t kOpenings = 1;
constexpr size_t kSketches = 2;
constexpr size_t kTakenOverAtOnce = 1'000;
constexpr size_t kSaltBytes = 32;
constexpr size_t kTokenKeyBytes = 32;
constexpr char kMarkKey[] = "mark";
constexpr char kTokenKey[] = "token_key";
// A record sealed when the key was first used: shows that it still is that.
constexpr char kKeyCheck[] = "openings_key_check";
// Digests of openings that were erased and may still be in the files.
constexpr char kToPurge[] = "openings_to_purge";

rocksdb::Slice SliceOf(const Hash& hash) {
  return {hash.text().data(), hash.text().size()};
}

std::string RecordName(const Hash& digest) {
  return "openings/" + std::string(digest.text());
}

rocksdb::WriteOptions Synced() {
  rocksdb::WriteOptions synced;
  synced.sync = true;
  return synced;
}

absl::Status KeyIsMissing(const std::string& path) {
  return services::InvalidField(
      "openings_key",
      {absl::StrCat(path,
                    " is missing, and without it the openings of this "
                    "registry cannot be read: put it back"),
       absl::StrCat("缺少密钥文件 ", path,
                    "，无此文件则无法读取本登记系统保存的原值，请放回")});
}

absl::Status KeyIsAnother(const std::string& path) {
  return services::InvalidField(
      "openings_key",
      {absl::StrCat(path,
                    " is not the key that this registry's openings were "
                    "sealed under: put that one back"),
       absl::StrCat(path, " 不是本登记系统封存原值所用的密钥，请放回原密钥")});
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

absl::StatusOr<std::unique_ptr<Store>> Store::Open(
    const std::string& path, const std::string& key_path) {
  services::RocksOptions options;
  options.path = path;
  options.families = {{"openings", services::FamilyUse::kLookup},
                      {"sealed_openings", services::FamilyUse::kLookup},
                      {"sealed_sketches", services::FamilyUse::kLookup},
                      {"uploads", services::FamilyUse::kLookup}};
  ASSIGN_OR_RETURN(auto rocks, services::Rocks::Open(options));
  std::unique_ptr<Store> store(new Store(std::move(rocks)));
  RETURN_IF_ERROR(store->LoadTokenKey());
  RETURN_IF_ERROR(
      store->LoadSealer(key_path.empty() ? path + ".key" : key_path));
  RETURN_IF_ERROR(store->SealPlainOpenings());
  std::string to_purge;
  store->opened_unpurged_ =
      store->rocks_->db().Get(rocksdb::ReadOptions(), kToPurge, &to_purge).ok();
  const absl::Status purged = store->PurgeErased();
  if (!purged.ok() && !absl::IsUnavailable(purged)) return purged;
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

absl::Status Store::LoadSealer(const std::string& key_path) {
  rocksdb::DB& db = rocks_->db();
  std::string check;
  const rocksdb::Status read =
      db.Get(rocksdb::ReadOptions(), kKeyCheck, &check);
  if (!read.ok() && !read.IsNotFound()) {
    return FromRocks(read, "reading the check of the openings' key");
  }
  auto sealer = ReadOpeningsKey(key_path);
  if (absl::IsNotFound(sealer.status())) {
    if (read.ok()) return KeyIsMissing(key_path);
    sealer = MakeOpeningsKey(key_path);
  }
  if (!sealer.ok()) return sealer.status();
  sealer_ = *std::move(sealer);
  if (read.ok()) {
    return sealer_->Open(kKeyCheck, check).ok() ? absl::OkStatus()
                                                : KeyIsAnother(key_path);
  }
  return FromRocks(
      db.Put(Synced(), kKeyCheck, ToSlice(sealer_->Seal(kKeyCheck, ""))),
      "writing the check of the openings' key");
}

// Each batch is whole: a crash between two of them is taken up at next start.
absl::Status Store::SealPlainOpenings() {
  rocksdb::DB& db = rocks_->db();
  std::vector<std::string> keys;
  rocksdb::WriteBatch batch;
  const auto write = [&]() -> absl::Status {
    RETURN_IF_ERROR(
        FromRocks(db.Write(Synced(), &batch), "sealing older openings"));
    batch.Clear();
    return absl::OkStatus();
  };
  {
    const std::unique_ptr<rocksdb::Iterator> at(
        db.NewIterator(rocksdb::ReadOptions(), rocks_->family(kPlainOpenings)));
    for (at->SeekToFirst(); at->Valid(); at->Next()) {
      keys.push_back(at->key().ToString());
      const auto digest = Hash::From(hash::AsBytes(keys.back()));
      if (digest.has_value()) {
        const std::string record =
            sealer_->Seal(RecordName(*digest), at->value().ToString());
        RETURN_IF_ERROR(
            FromRocks(batch.Put(rocks_->family(kOpenings), at->key(), record),
                      "gathering older openings"));
      }
      RETURN_IF_ERROR(
          FromRocks(batch.Delete(rocks_->family(kPlainOpenings), at->key()),
                    "gathering older openings"));
      if (keys.size() % kTakenOverAtOnce == 0) RETURN_IF_ERROR(write());
    }
    RETURN_IF_ERROR(FromRocks(at->status(), "reading older openings"));
  }
  if (keys.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(write());
  return services::PurgeOverwritten(
      {*rocks_, rocks_->family(kPlainOpenings), std::move(keys)});
}

absl::Status Store::PutOpenings(const std::vector<StoredOpening>& openings) {
  if (openings.empty()) return absl::OkStatus();
  rocksdb::WriteBatch batch;
  for (const StoredOpening& opening : openings) {
    DATAIP_ASSERT(opening.salt.size() == kSaltBytes);
    const std::string record = sealer_->Seal(
        RecordName(opening.digest), absl::StrCat(opening.salt, opening.value));
    RETURN_IF_ERROR(
        FromRocks(batch.Put(rocks_->family(kOpenings), SliceOf(opening.digest),
                            ToSlice(record)),
                  "gathering openings"));
  }
  RETURN_IF_ERROR(
      FromRocks(rocks_->db().Write(Synced(), &batch), "writing openings"));
  if (openings_sink_) openings_sink_(openings);
  return absl::OkStatus();
}

absl::StatusOr<StoredOpening> Store::Unseal(const Hash& digest,
                                            absl::string_view record) const {
  ASSIGN_OR_RETURN(const std::string bytes,
                   sealer_->Open(RecordName(digest), record));
  if (bytes.size() < kSaltBytes) {
    return absl::DataLossError("a stored opening is shorter than its salt");
  }
  return StoredOpening{digest, bytes.substr(0, kSaltBytes),
                       bytes.substr(kSaltBytes)};
}

absl::StatusOr<StoredOpening> Store::GetOpening(const Hash& digest) const {
  std::string record;
  RETURN_IF_ERROR(FromRocks(
      rocks_->db().Get(rocksdb::ReadOptions(), rocks_->family(kOpenings),
                       SliceOf(digest), &record),
      "reading an opening"));
  return Unseal(digest, record);
}

absl::Status Store::ForEachOpening(
    const std::function<void(const StoredOpening& opening)>& take) const {
  const std::unique_ptr<rocksdb::Iterator> at(rocks_->db().NewIterator(
      rocksdb::ReadOptions(), rocks_->family(kOpenings)));
  for (at->SeekToFirst(); at->Valid(); at->Next()) {
    const auto digest =
        Hash::From(hash::AsBytes({at->key().data(), at->key().size()}));
    if (!digest.has_value()) continue;
    ASSIGN_OR_RETURN(const StoredOpening opening,
                     Unseal(*digest, at->value().ToString()));
    take(opening);
  }
  return FromRocks(at->status(), "reading openings");
}

absl::Status Store::PutSketch(const Hash& digest, const std::string& sealed) {
  const base::MutexLock lock(deleting_);
  std::string record;
  RETURN_IF_ERROR(FromRocks(
      rocks_->db().Get(rocksdb::ReadOptions(), rocks_->family(kOpenings),
                       SliceOf(digest), &record),
      "reading the opening of a sample"));
  return FromRocks(
      rocks_->db().Put(rocksdb::WriteOptions(), rocks_->family(kSketches),
                       SliceOf(digest), ToSlice(sealed)),
      "writing a sketch");
}

absl::StatusOr<std::string> Store::GetSketch(const Hash& digest) const {
  std::string sealed;
  RETURN_IF_ERROR(FromRocks(
      rocks_->db().Get(rocksdb::ReadOptions(), rocks_->family(kSketches),
                       SliceOf(digest), &sealed),
      "reading a sketch"));
  return sealed;
}

absl::Status Store::EraseOpenings(const std::vector<Hash>& digests) {
  const base::MutexLock lock(deleting_);
  rocksdb::DB& db = rocks_->db();
  std::string to_purge;
  const rocksdb::Status read =
      db.Get(rocksdb::ReadOptions(), kToPurge, &to_purge);
  if (!read.ok() && !read.IsNotFound()) {
    return FromRocks(read, "reading what is to be purged");
  }
  rocksdb::WriteBatch batch;
  std::string record;
  std::set<Hash> erased;
  for (const Hash& digest : digests) {
    const rocksdb::Status found =
        db.Get(rocksdb::ReadOptions(), rocks_->family(kOpenings),
               SliceOf(digest), &record);
    if (found.IsNotFound()) continue;
    RETURN_IF_ERROR(FromRocks(found, "reading an opening to erase"));
    RETURN_IF_ERROR(
        FromRocks(batch.Delete(rocks_->family(kOpenings), SliceOf(digest)),
                  "gathering openings to erase"));
    RETURN_IF_ERROR(
        FromRocks(batch.Delete(rocks_->family(kSketches), SliceOf(digest)),
                  "gathering sketches to erase"));
    to_purge += digest.text();
    const auto opening = Unseal(digest, record);
    if (!opening.ok()) continue;  // a damaged record is erased too
    const auto value = Hash::From(hash::AsBytes(opening->value));
    if (value.has_value()) erased.insert(*value);
  }
  if (batch.Count() == 0) return absl::OkStatus();
  RETURN_IF_ERROR(
      FromRocks(batch.Put(kToPurge, to_purge), "gathering what to purge"));
  RETURN_IF_ERROR(FromRocks(db.Write(Synced(), &batch), "erasing openings"));
  erased_.insert(erased.begin(), erased.end());
  return absl::OkStatus();
}

absl::Status Store::PurgeErased() {
  rocksdb::DB& db = rocks_->db();
  std::string to_purge;
  const rocksdb::Status read =
      db.Get(rocksdb::ReadOptions(), kToPurge, &to_purge);
  if (read.IsNotFound()) return absl::OkStatus();
  RETURN_IF_ERROR(FromRocks(read, "reading what is to be purged"));
  std::vector<std::string> keys;
  for (size_t at = 0; at + hash::kHashBytes <= to_purge.size();
       at += hash::kHashBytes) {
    keys.push_back(to_purge.substr(at, hash::kHashBytes));
  }
  std::sort(keys.begin(), keys.end());
  RETURN_IF_ERROR(
      services::PurgeOverwritten({*rocks_, rocks_->family(kSketches), keys}));
  RETURN_IF_ERROR(services::PurgeOverwritten(
      {*rocks_, rocks_->family(kOpenings), std::move(keys)}));
  std::string now;
  const rocksdb::Status again = db.Get(rocksdb::ReadOptions(), kToPurge, &now);
  // More was erased meanwhile: the next call takes it up.
  if (!again.ok() || now != to_purge) return absl::OkStatus();
  return FromRocks(db.Delete(Synced(), kToPurge), "purging openings");
}

absl::StatusOr<uint64_t> Store::SweepOpenings(
    const std::function<bool(const Hash& digest)>& keep) {
  const base::MutexLock lock(deleting_);
  rocksdb::DB& db = rocks_->db();
  uint64_t count = 0;
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
    RETURN_IF_ERROR(
        FromRocks(batch.Delete(rocks_->family(kSketches), at->key()),
                  "gathering sketches of orphans"));
    ++count;
  }
  RETURN_IF_ERROR(FromRocks(at->status(), "reading openings"));
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
