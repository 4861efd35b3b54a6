#include "services/registry/uploads.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "services/common/error.h"
#include "services/common/rocks.h"

namespace dataip::registryd {
namespace {

constexpr size_t kNumberBytes = 8;

std::string KeyOf(const Hash& sha256, const std::string& actor) {
  return std::string(sha256.text()) + actor;
}

// Time and bytes.
std::string RecordOf(int64_t at_ms, uint64_t bytes) {
  return services::NumberKey(static_cast<uint64_t>(at_ms)) +
         services::NumberKey(bytes);
}

uint64_t CountedBytes(uint64_t byte_size) {
  return std::max(byte_size, limits::kUnfiledBytesAtLeast);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Uploads>> Uploads::Open(
    Store& store, std::function<int64_t()> now_ms, const Bounds& bounds) {
  std::unique_ptr<Uploads> uploads(
      new Uploads(store, std::move(now_ms), bounds));
  const base::MutexLock lock(uploads->mutex_);
  RETURN_IF_ERROR(store.ForEachUpload([&](const std::string& key,
                                          const std::string& record) {
    const Bytes bytes = hash::AsBytes(key);
    if (bytes.size() < hash::kHashBytes || record.size() != 2 * kNumberBytes) {
      return;
    }
    const Hash sha256 = *Hash::From(bytes.first(hash::kHashBytes));
    const std::string actor = key.substr(hash::kHashBytes);
    Upload upload;
    upload.at_ms = static_cast<int64_t>(
        services::NumberOfKey(record.substr(0, kNumberBytes)));
    upload.bytes = services::NumberOfKey(record.substr(kNumberBytes));
    uploads->Add(actor, upload.bytes);
    uploads->uploads_[sha256][actor] = upload;
  }));
  return uploads;
}

void Uploads::Add(const std::string& actor, uint64_t bytes) {
  bytes_of_[actor] += bytes;
  bytes_ += bytes;
}

void Uploads::Take(const std::string& actor, uint64_t bytes) {
  const auto of_one = bytes_of_.find(actor);
  of_one->second -= bytes;
  if (of_one->second == 0) bytes_of_.erase(of_one);
  bytes_ -= bytes;
}

void Uploads::TakeUnfiled(const std::string& actor, Upload& upload) {
  if (!std::exchange(upload.filed, true)) Take(actor, upload.bytes);
}

bool Uploads::IsFresh(const Upload& upload) const {
  return now_ms_() - upload.at_ms <= limits::kUnusedFileKeptS * 1'000;
}

Uploads::Room::~Room() {
  const base::MutexLock lock(uploads_.mutex_);
  uploads_.Take(actor_, bytes_);
}

absl::StatusOr<std::unique_ptr<Uploads::Room>> Uploads::Reserve(
    const std::string& actor, uint64_t byte_size) {
  const uint64_t bytes = CountedBytes(byte_size);
  const base::MutexLock lock(mutex_);
  const auto of_one = bytes_of_.find(actor);
  const uint64_t has = of_one == bytes_of_.end() ? 0 : of_one->second;
  if (bytes > bounds_.of_one - std::min(has, bounds_.of_one)) {
    return services::MakeStatus(
        rpc::v1::TOO_LARGE,
        {absl::StrCat("you have uploaded ", has,
                      " bytes that no command was filed for; at most ",
                      bounds_.of_one,
                      ": file the commands, or wait until the oldest are a "
                      "day old"),
         absl::StrCat("您已上传而未随指令提交的文件共 ", has,
                      " 字节，最多不得超过 ", bounds_.of_one,
                      " 字节；请先提交相应指令，或待最早的上传满一日")});
  }
  if (bytes > bounds_.of_all - std::min(bytes_, bounds_.of_all)) {
    return services::Overloaded(
        {"too many uploaded files wait for their commands; try later",
         "等待提交指令的已上传文件过多，请稍后再试"});
  }
  Add(actor, bytes);
  return std::unique_ptr<Room>(new Room(*this, actor, bytes));
}

absl::Status Uploads::Note(const std::string& actor, const Hash& sha256,
                           uint64_t byte_size) {
  const base::MutexLock lock(mutex_);
  Upload upload;
  upload.at_ms = now_ms_();
  upload.bytes = CountedBytes(byte_size);
  RETURN_IF_ERROR(store_.PutUpload(KeyOf(sha256, actor),
                                   RecordOf(upload.at_ms, upload.bytes)));
  Upload& kept = uploads_[sha256][actor];
  if (kept.bytes != 0) TakeUnfiled(actor, kept);
  kept = upload;
  Add(actor, upload.bytes);
  return absl::OkStatus();
}

bool Uploads::Has(const std::set<std::string>& actors,
                  const Hash& sha256) const {
  const base::MutexLock lock(mutex_);
  const auto found = uploads_.find(sha256);
  if (found == uploads_.end()) return false;
  return std::any_of(
      actors.begin(), actors.end(), [&](const std::string& actor) {
        const auto upload = found->second.find(actor);
        return upload != found->second.end() && IsFresh(upload->second);
      });
}

void Uploads::Filed(const Hash& sha256) {
  const base::MutexLock lock(mutex_);
  const auto found = uploads_.find(sha256);
  if (found == uploads_.end()) return;
  for (auto& [actor, upload] : found->second) TakeUnfiled(actor, upload);
}

void Uploads::Filed(const std::vector<StoredOpening>& openings) {
  for (const StoredOpening& opening : openings) {
    const auto sha256 = Hash::From(hash::AsBytes(opening.value));
    if (sha256.has_value()) Filed(*sha256);
  }
}

absl::Status Uploads::Forget(const Hash& sha256) {
  const base::MutexLock lock(mutex_);
  const auto found = uploads_.find(sha256);
  if (found == uploads_.end()) return absl::OkStatus();
  for (auto& [actor, upload] : found->second) {
    RETURN_IF_ERROR(store_.DeleteUpload(KeyOf(sha256, actor)));
    TakeUnfiled(actor, upload);
  }
  uploads_.erase(found);
  return absl::OkStatus();
}

absl::Status Uploads::Sweep() {
  const base::MutexLock lock(mutex_);
  for (auto file = uploads_.begin(); file != uploads_.end();) {
    for (auto one = file->second.begin(); one != file->second.end();) {
      if (IsFresh(one->second)) {
        ++one;
        continue;
      }
      RETURN_IF_ERROR(store_.DeleteUpload(KeyOf(file->first, one->first)));
      TakeUnfiled(one->first, one->second);
      one = file->second.erase(one);
    }
    file = file->second.empty() ? uploads_.erase(file) : std::next(file);
  }
  return absl::OkStatus();
}

}  // namespace dataip::registryd
