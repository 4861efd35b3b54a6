#include "client/export/regular_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace dataip::client {
namespace {

// Read beyond what a file says that it has, to see that it ends there.
constexpr uint64_t kOneMore = 1;

absl::Status NotRegular(const std::string& path) {
  return absl::FailedPreconditionError(
      absl::StrCat(path, ": 不是普通文件/not a regular file"));
}

absl::Status CannotRead(const std::string& path, int error) {
  return absl::UnavailableError(
      absl::StrCat(path, ": 无法读取/cannot be read: ",
                   std::error_code(error, std::generic_category()).message()));
}

absl::StatusOr<std::string> ReadOpened(int file, const std::string& path,
                                       uint64_t most_bytes) {
  struct stat about = {};
  if (fstat(file, &about) != 0) return CannotRead(path, errno);
  if (!S_ISREG(about.st_mode)) return NotRegular(path);
  const auto stated = static_cast<uint64_t>(std::max<off_t>(about.st_size, 0));
  const absl::Status too_large = absl::OutOfRangeError(absl::StrCat(
      path, ": 大于此类文件的上限/larger than such a file can be, ", most_bytes,
      " bytes"));
  if (stated > most_bytes) return too_large;
  std::string bytes;
  // A file that grows meanwhile ends where it ended.
  bytes.resize(stated + kOneMore);
  uint64_t size = 0;
  while (size < bytes.size()) {
    const ssize_t count =
        ::read(file, bytes.data() + size, bytes.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return CannotRead(path, errno);
    if (count == 0) break;
    size += static_cast<uint64_t>(count);
  }
  bytes.resize(size);
  if (size > most_bytes) return too_large;
  return bytes;
}

}  // namespace

absl::StatusOr<std::string> ReadRegularFile(const std::string& path,
                                            uint64_t most_bytes) {
  const int file =
      open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (file < 0 && (errno == ENOENT || errno == ENOTDIR)) {
    return absl::NotFoundError(
        absl::StrCat(path, ": 没有这个文件/no such file"));
  }
  if (file < 0 && (errno == ELOOP || errno == ENXIO)) return NotRegular(path);
  if (file < 0) return CannotRead(path, errno);
  auto bytes = ReadOpened(file, path, most_bytes);
  close(file);
  return bytes;
}

absl::Status CheckNoLinks(const std::string& dir, absl::string_view path) {
  std::string whole = dir;
  for (const absl::string_view part : absl::StrSplit(path, '/')) {
    absl::StrAppend(&whole, "/", part);
    struct stat about = {};
    if (lstat(whole.c_str(), &about) != 0) return absl::OkStatus();
    if (!S_ISLNK(about.st_mode)) continue;
    return absl::FailedPreconditionError(absl::StrCat(
        whole,
        ": 是符号链接，不会跟随；请移走它/a symbolic link, which is not "
        "followed: move it away"));
  }
  return absl::OkStatus();
}

}  // namespace dataip::client
