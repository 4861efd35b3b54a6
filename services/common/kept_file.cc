#include "services/common/kept_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "services/common/descriptors.h"
#include "services/common/error.h"

namespace dataip::services {
namespace {

absl::Status Failed(const std::string& doing, const std::string& path) {
  return absl::InternalError(
      absl::StrCat(doing, " ", path, ": ", std::strerror(errno)));
}

// Before anything was written.
absl::Status FailedToOpen(const std::string& path) {
  if (!IsOutOfDescriptors(errno)) return Failed("opening", path);
  return absl::UnavailableError(
      absl::StrCat("opening ", path, ": ", std::strerror(errno)));
}

absl::Status WriteSynced(int file, const std::string& path,
                         std::string_view content) {
  size_t written = 0;
  while (written < content.size()) {
    const ssize_t count =
        write(file, content.data() + written, content.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return Failed("writing", path);
    written += static_cast<size_t>(count);
  }
  if (fsync(file) != 0) return Failed("syncing", path);
  return absl::OkStatus();
}

}  // namespace

KeptFile::KeptFile(std::string path) : path_(std::move(path)) {
  // Whoever writes is told.
  Reserve().IgnoreError();
}

KeptFile::~KeptFile() {
  if (folder_ >= 0) close(folder_);
  if (spare_ >= 0) close(spare_);
}

absl::StatusOr<std::optional<std::string>> KeptFile::Read(
    size_t most_bytes) const {
  std::error_code error;
  const auto size = std::filesystem::file_size(path_, error);
  if (error == std::errc::no_such_file_or_directory) return std::nullopt;
  if (error) {
    return absl::InternalError(
        absl::StrCat("reading ", path_, ": ", error.message()));
  }
  if (size > most_bytes) {
    return MakeStatus(rpc::v1::DATA_LOSS,
                      {absl::StrCat(path_, " is larger than we write it"),
                       absl::StrCat(path_, " 大于本程序写入的大小")});
  }
  std::ifstream file(path_, std::ios::binary);
  std::string content((std::istreambuf_iterator<char>(file)),
                      std::istreambuf_iterator<char>());
  if (content.size() != size) {
    return absl::InternalError(absl::StrCat("reading ", path_));
  }
  return std::optional<std::string>(std::move(content));
}

absl::Status KeptFile::Reserve() {
  if (folder_ < 0) {
    const std::string folder =
        std::filesystem::absolute(path_).parent_path().string();
    folder_ = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder_ < 0) return FailedToOpen(folder);
  }
  if (spare_ < 0) spare_ = fcntl(folder_, F_DUPFD_CLOEXEC, 0);
  return absl::OkStatus();
}

int KeptFile::OpenTemporary(const std::string& name) {
  constexpr int kFlags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC;
  constexpr mode_t kMode = 0644;
  const int file = openat(folder_, name.c_str(), kFlags, kMode);
  if (file >= 0 || !IsOutOfDescriptors(errno) || spare_ < 0) return file;
  close(spare_);
  spare_ = -1;
  return openat(folder_, name.c_str(), kFlags, kMode);
}

absl::Status KeptFile::Write(std::string_view content) {
  RETURN_IF_ERROR(Reserve());
  const std::string name = std::filesystem::path(path_).filename().string();
  const std::string temporary = name + ".new";
  const int file = OpenTemporary(temporary);
  if (file < 0) return FailedToOpen(temporary);
  const absl::Status written = WriteSynced(file, temporary, content);
  close(file);
  RETURN_IF_ERROR(written);
  if (renameat(folder_, temporary.c_str(), folder_, name.c_str()) != 0) {
    return Failed("renaming", temporary);
  }
  if (fsync(folder_) != 0) return Failed("syncing the folder of", path_);
  return Reserve();
}

}  // namespace dataip::services
