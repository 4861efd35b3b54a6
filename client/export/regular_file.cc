#include "client/export/regular_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/base/status_macros.h"
#include "core/base/system_error.h"

namespace dataip::client {
namespace {

// Read beyond what a file may have, to see that it ends there.
constexpr uint64_t kOneMore = 1;

absl::Status NotRegular(const std::string& path) {
  return absl::FailedPreconditionError(absl::StrCat(
      path,
      ": 不是普通文件（是目录、管道、设备或链接），未读取/not a regular file "
      "(a folder, pipe, device or link), it was not read"));
}

absl::Status TooLarge(const std::string& path, uint64_t most_bytes) {
  return absl::OutOfRangeError(absl::StrCat(
      path, ": 大于此类文件的上限 ", most_bytes,
      " 字节，请检查是否拿错了文件/larger than such a file can be, ",
      most_bytes, " bytes: check that it is the right one"));
}

absl::Status CannotRead(const std::string& path, int error) {
  return absl::UnavailableError(
      absl::StrCat(path, ": 无法读取（", base::ChineseOf(error),
                   "）/cannot be read: ", std::strerror(error)));
}

absl::StatusOr<int> OpenFile(const std::string& path, int more_flags) {
  // A pipe without a writer would block.
  const int file =
      open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | more_flags);
  if (file < 0 && (errno == ENOENT || errno == ENOTDIR)) {
    return absl::NotFoundError(
        absl::StrCat(path, ": 没有这个文件/no such file"));
  }
  if (file < 0 && (errno == ELOOP || errno == ENXIO)) return NotRegular(path);
  if (file < 0) return CannotRead(path, errno);
  struct stat about = {};
  const bool known = fstat(file, &about) == 0;
  if (known && S_ISREG(about.st_mode)) return file;
  const absl::Status status =
      known ? NotRegular(path) : CannotRead(path, errno);
  close(file);
  return status;
}

// Up to `most_bytes`, or to the end.
absl::StatusOr<std::string> ReadOpened(int file, const std::string& path,
                                       uint64_t most_bytes) {
  struct stat about = {};
  if (fstat(file, &about) != 0) return CannotRead(path, errno);
  const auto stated = static_cast<uint64_t>(std::max<off_t>(about.st_size, 0));
  std::string bytes;
  bytes.resize(std::min(stated + kOneMore, most_bytes));
  uint64_t size = 0;
  while (size < bytes.size()) {
    const ssize_t count =
        ::read(file, bytes.data() + size, bytes.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return CannotRead(path, errno);
    if (count == 0) break;
    size += static_cast<uint64_t>(count);
    // It grows meanwhile, or does not say its size, as those of /proc.
    if (size == bytes.size()) bytes.resize(std::min(2 * size, most_bytes));
  }
  bytes.resize(size);
  return bytes;
}

absl::StatusOr<std::string> ReadWhole(const std::string& path, int more_flags,
                                      uint64_t most_bytes) {
  ASSIGN_OR_RETURN(const int file, OpenFile(path, more_flags));
  struct stat about = {};
  // Without a byte of what is too large in any case.
  const bool large = fstat(file, &about) == 0 && about.st_size > 0 &&
                     static_cast<uint64_t>(about.st_size) > most_bytes;
  absl::StatusOr<std::string> bytes = TooLarge(path, most_bytes);
  if (!large) bytes = ReadOpened(file, path, most_bytes + kOneMore);
  close(file);
  if (bytes.ok() && bytes->size() > most_bytes) {
    return TooLarge(path, most_bytes);
  }
  return bytes;
}

}  // namespace

absl::StatusOr<std::string> ReadRegularFile(const std::string& path,
                                            uint64_t most_bytes) {
  return ReadWhole(path, O_NOFOLLOW, most_bytes);
}

absl::StatusOr<std::string> ReadNamedFile(const std::string& path,
                                          uint64_t most_bytes) {
  return ReadWhole(path, 0, most_bytes);
}

absl::StatusOr<std::string> ReadStartOfFile(const std::string& path,
                                            uint64_t most_bytes) {
  ASSIGN_OR_RETURN(const int file, OpenFile(path, 0));
  auto bytes = ReadOpened(file, path, most_bytes);
  close(file);
  return bytes;
}

absl::StatusOr<int> OpenNamedFile(const std::string& path) {
  return OpenFile(path, 0);
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
