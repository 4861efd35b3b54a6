#include "services/common/port_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "services/common/error.h"

namespace dataip::services {

absl::Status WritePortFile(const PortFile& file, int port) {
  if (file.path.empty()) return absl::OkStatus();
  const std::string temporary = file.path + ".new";
  const std::string text = absl::StrCat(port, "\n");
  const int fd =
      open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  bool written = false;
  if (fd >= 0) {
    written = write(fd, text.data(), text.size()) ==
              static_cast<ssize_t>(text.size());
    close(fd);
  }
  if (!written || rename(temporary.c_str(), file.path.c_str()) != 0) {
    return InvalidField(file.setting, {absl::StrCat("cannot write ", file.path),
                                       absl::StrCat("无法写入 ", file.path)});
  }
  return absl::OkStatus();
}

}  // namespace dataip::services
