#include "services/registry/data_directory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/pki/key_file.h"
#include "services/common/error.h"

namespace dataip::registryd {
namespace {

absl::Status Unusable(const std::string& path, const std::string& why) {
  return services::InvalidField("data_dir",
                                {absl::StrCat(path, " cannot be used: ", why),
                                 absl::StrCat(path, " 无法使用：", why)});
}

}  // namespace

absl::StatusOr<DataDirectory> DataDirectory::Open(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return Unusable(path, error.message());
  const std::string lock_path = path + "/lock";
  const int fd = open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return Unusable(path, strerror(errno));
  if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    close(fd);
    return services::MakeStatus(
        rpc::v1::WRONG_LEDGER,
        {absl::StrCat(path, " is in use by another registry: stop it first"),
         absl::StrCat(path, " 正由另一个登记服务使用，请先停止它")});
  }
  return DataDirectory(path, fd);
}

DataDirectory::~DataDirectory() {
  if (lock_fd_ >= 0) close(lock_fd_);
}

DataDirectory::DataDirectory(DataDirectory&& other) noexcept
    : path_(std::move(other.path_)),
      lock_fd_(std::exchange(other.lock_fd_, -1)) {}

absl::Status DataDirectory::BindTo(absl::string_view origin) const {
  const std::string path = path_ + "/origin";
  std::ifstream file(path, std::ios::binary);
  if (!file.is_open()) {
    return client::WriteNewFile(path, origin, client::Access::kOwnerOnly);
  }
  std::ostringstream bound;
  bound << file.rdbuf();
  if (bound.str() == std::string(origin)) return absl::OkStatus();
  return services::InvalidField(
      "data_dir, ledger",
      {absl::StrCat("the data folder belongs to the ledger ", bound.str(),
                    ", not to ", origin, ": use its own folder"),
       absl::StrCat("数据目录属于账本 ", bound.str(), "，而不是 ", origin,
                    "，请使用对应的目录")});
}

}  // namespace dataip::registryd
