// What the store says of openings and uploads beside keeping openings.
#include <utility>

#include "core/base/status_macros.h"
#include "services/common/rocks.h"
#include "services/registry/store.h"

namespace dataip::registryd {
namespace {

using services::FromRocks;
using services::ToSlice;

// Families, as Store::Open lists them.
constexpr size_t kOpenings = 1;
constexpr size_t kUploads = 3;

}  // namespace

absl::StatusOr<bool> Store::HasOpening(const Hash& digest) const {
  std::string record;
  const rocksdb::Status found =
      rocks_->db().Get(rocksdb::ReadOptions(), rocks_->family(kOpenings),
                       {digest.text().data(), digest.text().size()}, &record);
  if (found.IsNotFound()) return false;
  RETURN_IF_ERROR(FromRocks(found, "looking for an opening"));
  return true;
}

std::set<Hash> Store::ErasedDigests() const {
  const base::MutexLock lock(deleting_);
  return erased_;
}

void Store::ForgetErased(const std::set<Hash>& digests) {
  const base::MutexLock lock(deleting_);
  for (const Hash& digest : digests) erased_.erase(digest);
}

absl::Status Store::PutUpload(const std::string& key,
                              const std::string& record) {
  return FromRocks(
      rocks_->db().Put(rocksdb::WriteOptions(), rocks_->family(kUploads),
                       ToSlice(key), ToSlice(record)),
      "noting an upload");
}

absl::Status Store::DeleteUpload(const std::string& key) {
  return FromRocks(rocks_->db().Delete(rocksdb::WriteOptions(),
                                       rocks_->family(kUploads), ToSlice(key)),
                   "forgetting an upload");
}

absl::Status Store::ForEachUpload(
    const std::function<void(const std::string& key,
                             const std::string& record)>& take) const {
  const std::unique_ptr<rocksdb::Iterator> at(rocks_->db().NewIterator(
      rocksdb::ReadOptions(), rocks_->family(kUploads)));
  for (at->SeekToFirst(); at->Valid(); at->Next()) {
    take(at->key().ToString(), at->value().ToString());
  }
  return FromRocks(at->status(), "reading uploads");
}

}  // namespace dataip::registryd
