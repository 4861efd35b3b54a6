#include "services/common/room.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "core/base/system_error.h"
#include "services/common/error.h"

namespace dataip::services {
namespace {

// What RocksDB writes at a start before it tells of errors, and to spare.
constexpr size_t kRoomBytes = size_t{1} << 20;
constexpr char kProbe[] = "/.room";

bool IsFull(int error) { return error == ENOSPC || error == EDQUOT; }

absl::Status NoRoom(const std::string& folder, int error) {
  const std::string en = std::generic_category().message(error);
  const std::string zh = base::ChineseOf(error);
  if (IsFull(error)) {
    return MakeStatus(rpc::v1::INTERNAL,
                      {absl::StrCat("the disk of ", folder, " is full (", en,
                                    "): make room, then start again"),
                       absl::StrCat(folder, " 所在的磁盘已满（", zh,
                                    "），请清理或扩容后重新启动")});
  }
  return MakeStatus(
      rpc::v1::INTERNAL,
      {absl::StrCat("no file can be written in ", folder, " (", en,
                    "): look to the disk, and whose folder it is"),
       absl::StrCat(folder, " 中无法写入文件（", zh,
                    "），请检查磁盘与目录的属主")});
}

// 0, or errno.
int WriteRoom(int file) {
  std::array<char, size_t{64} << 10> zeros{};
  for (size_t left = kRoomBytes; left > 0;) {
    const ssize_t count =
        write(file, zeros.data(), std::min(left, zeros.size()));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return count < 0 ? errno : ENOSPC;
    left -= static_cast<size_t>(count);
  }
  return fsync(file) == 0 ? 0 : errno;
}

}  // namespace

absl::Status CheckRoom(const std::string& folder) {
  const std::string path = folder + kProbe;
  const int file =
      open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return NoRoom(folder, errno);
  const int error = WriteRoom(file);
  close(file);
  unlink(path.c_str());
  return error == 0 ? absl::OkStatus() : NoRoom(folder, error);
}

}  // namespace dataip::services
