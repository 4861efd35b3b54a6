#include "services/registry/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/export/durable_file.h"
#include "core/base/hex.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "core/crypto/random.h"
#include "services/common/error.h"

namespace dataip::registryd {
namespace {

namespace fs = std::filesystem;

constexpr char kTemporarySuffix[] = ".new";

absl::Status Failure(const char* doing, const std::string& path) {
  return absl::InternalError(
      absl::StrCat(doing, " ", path, ": ", strerror(errno)));
}

// Nobody is to try again what a disk refuses.
absl::Status Internal(const absl::Status& status) {
  return status.ok() ? status : absl::InternalError(status.message());
}

absl::Status NoSuchFile() {
  return services::MakeStatus(
      rpc::v1::NOT_FOUND,
      {"the registry does not have this file", "登记系统没有该文件"});
}

absl::Status TooLarge() {
  return services::MakeStatus(
      rpc::v1::TOO_LARGE,
      {absl::StrCat("a file has at most ", limits::kFileBytes,
                    " bytes and no more than announced"),
       absl::StrCat("文件不得超过 ", limits::kFileBytes,
                    " 字节，也不得超过事先声明的大小")});
}

}  // namespace

absl::StatusOr<std::unique_ptr<FileStore>> FileStore::Open(
    const std::string& folder) {
  RETURN_IF_ERROR(Internal(client::MakeFolderDurably(folder)));
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().extension() == kTemporarySuffix) {
      fs::remove(entry.path(), error);
    }
  }
  if (error) {
    return absl::InternalError(
        absl::StrCat("reading ", folder, ": ", error.message()));
  }
  return std::unique_ptr<FileStore>(new FileStore(folder));
}

std::string FileStore::PathOf(const hash::Hash& sha256) const {
  return absl::StrCat(folder_, "/", base::HexEncode(sha256.span()));
}

FileStore::Upload::Upload(const FileStore& store, const Announced& announced)
    : store_(store), announced_(announced) {}

FileStore::Upload::~Upload() {
  if (fd_ >= 0) {
    close(fd_);
    unlink(temporary_path_.c_str());
  }
}

absl::Status FileStore::Upload::Create() {
  // Two uploads of one file may run at once.
  temporary_path_ = absl::StrCat(
      store_.PathOf(announced_.sha256), ".",
      base::HexEncode(hash::AsBytes(crypto::RandomBytes(8))), kTemporarySuffix);
  fd_ = open(temporary_path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
             0600);
  return fd_ >= 0 ? absl::OkStatus() : Failure("making", temporary_path_);
}

absl::Status FileStore::Upload::Append(Bytes chunk) {
  if (chunk.size() > announced_.byte_size - received_bytes_) {
    return TooLarge();
  }
  digest_.Update(chunk);
  received_bytes_ += chunk.size();
  while (!chunk.empty()) {
    const ssize_t wrote = write(fd_, chunk.data(), chunk.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return Failure("writing", temporary_path_);
    chunk = chunk.subspan(static_cast<size_t>(wrote));
  }
  return absl::OkStatus();
}

absl::Status FileStore::Upload::Finish() {
  if (received_bytes_ != announced_.byte_size) {
    return services::InvalidField(
        "byte_size", {"fewer bytes came than were announced; send it again",
                      "收到的字节数少于声明的大小，请重新上传"});
  }
  if (digest_.Finish() != announced_.sha256) {
    return services::InvalidField(
        "sha256", {"the bytes that came have another digest; send it again",
                   "收到内容的摘要与声明不符，请重新上传"});
  }
  if (fsync(fd_) != 0) return Failure("syncing", temporary_path_);
  const std::string path = store_.PathOf(announced_.sha256);
  if (rename(temporary_path_.c_str(), path.c_str()) != 0) {
    return Failure("renaming to", path);
  }
  close(std::exchange(fd_, -1));
  return Internal(client::SyncFolder(store_.folder_));
}

absl::StatusOr<std::unique_ptr<FileStore::Upload>> FileStore::Begin(
    const Announced& announced) const {
  if (announced.byte_size > limits::kFileBytes) return TooLarge();
  std::unique_ptr<Upload> upload(new Upload(*this, announced));
  RETURN_IF_ERROR(upload->Create());
  return upload;
}

bool FileStore::Has(const hash::Hash& sha256) const {
  return SizeOf(sha256).ok();
}

bool FileStore::Claim(const hash::Hash& sha256) const {
  return utimensat(AT_FDCWD, PathOf(sha256).c_str(), nullptr, 0) == 0;
}

absl::StatusOr<uint64_t> FileStore::SizeOf(const hash::Hash& sha256) const {
  struct stat status {};
  if (stat(PathOf(sha256).c_str(), &status) != 0) return NoSuchFile();
  return static_cast<uint64_t>(status.st_size);
}

absl::Status FileStore::Remove(const hash::Hash& sha256) const {
  const std::string path = PathOf(sha256);
  if (unlink(path.c_str()) != 0) {
    return errno == ENOENT ? absl::OkStatus() : Failure("deleting", path);
  }
  return Internal(client::SyncFolder(folder_));
}

absl::Status FileStore::Read(
    const hash::Hash& sha256,
    const std::function<bool(Bytes chunk)>& take) const {
  const std::string path = PathOf(sha256);
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return NoSuchFile();
  hash::Sha256Stream digest;
  std::vector<uint8_t> buffer(limits::kFileChunkBytes);
  absl::Status result;
  for (;;) {
    const ssize_t got = read(fd, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) result = Failure("reading", path);
    if (got <= 0) break;
    const Bytes chunk(buffer.data(), static_cast<size_t>(got));
    digest.Update(chunk);
    if (!take(chunk)) {
      result = absl::CancelledError("the reader went away");
      break;
    }
  }
  close(fd);
  if (result.ok() && digest.Finish() != sha256) {
    return services::MakeStatus(rpc::v1::DATA_LOSS,
                                {"the stored file no longer has its digest",
                                 "所存文件与其摘要不符，请联系登记机构"});
  }
  return result;
}

// What the file system takes for now: the process's clock may be another.
absl::StatusOr<int64_t> FileStore::FolderTimeS() const {
  const std::string path = absl::StrCat(folder_, "/now", kTemporarySuffix);
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return Failure("making", path);
  struct stat status {};
  const bool known = futimens(fd, nullptr) == 0 && fstat(fd, &status) == 0;
  close(fd);
  unlink(path.c_str());
  if (!known) return Failure("reading", path);
  return status.st_mtime;
}

absl::StatusOr<uint64_t> FileStore::Sweep(
    int64_t unused_for_s,
    const std::function<bool(const hash::Hash& sha256)>& keep) const {
  ASSIGN_OR_RETURN(const int64_t now_s, FolderTimeS());
  uint64_t swept = 0;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder_, error)) {
    const auto name = base::HexDecode(entry.path().filename().string());
    const auto digest = hash::Hash::From(name.value_or(std::vector<uint8_t>()));
    struct stat status {};
    if (!digest.has_value() || keep(*digest) ||
        stat(entry.path().c_str(), &status) != 0 ||
        now_s - status.st_mtime <= unused_for_s) {
      continue;
    }
    if (unlink(entry.path().c_str()) == 0) ++swept;
  }
  if (error) {
    return absl::InternalError(
        absl::StrCat("reading ", folder_, ": ", error.message()));
  }
  return swept;
}

}  // namespace dataip::registryd
