#include "client/pki/key_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/export/regular_file.h"
#include "core/base/status_macros.h"
#include "core/base/system_error.h"

namespace dataip::client {
namespace {

absl::Status Failure(const std::string& path, absl::string_view chinese,
                     absl::string_view english) {
  const int error = errno;
  const std::string text =
      absl::StrCat(path, "：", chinese, "（", base::ChineseOf(error), "）。 ",
                   path, ": ", english, " (", std::strerror(error), ").");
  return absl::Status(absl::ErrnoToStatusCode(error), text);
}

class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

bool WriteAll(int descriptor, absl::string_view content) {
  while (!content.empty()) {
    const ssize_t n = write(descriptor, content.data(), content.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    content.remove_prefix(static_cast<size_t>(n));
  }
  return true;
}

std::string FolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

bool SyncFolder(const std::string& folder) {
  const File file(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return file.get() >= 0 && fsync(file.get()) == 0;
}

// link() and not rename(): it refuses to replace what is there.
absl::Status PutInPlace(const std::string& temporary, const std::string& path) {
  if (link(temporary.c_str(), path.c_str()) != 0) {
    if (errno == EEXIST) {
      return Failure(path, "文件已存在，不会覆盖；请换一个路径或先移走它",
                     "exists and is not overwritten; choose another path or "
                     "move it away");
    }
    return Failure(path, "无法写入", "cannot be written");
  }
  if (!SyncFolder(FolderOf(path))) {
    return Failure(path, "无法落盘", "cannot be synced");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status WriteNewFile(const std::string& path, absl::string_view content,
                          Access access) {
  std::string temporary = absl::StrCat(path, ".XXXXXX");
  const File file(mkostemp(temporary.data(), O_CLOEXEC));  // mode 0600
  if (file.get() < 0) {
    return Failure(path, "无法创建，请检查目录",
                   "cannot be created; check the "
                   "folder");
  }
  absl::Status status = absl::OkStatus();
  const mode_t mode = access == Access::kOwnerOnly ? 0600 : 0644;
  if (fchmod(file.get(), mode) != 0 || !WriteAll(file.get(), content) ||
      fsync(file.get()) != 0) {
    status = Failure(path, "无法写入", "cannot be written");
  } else {
    status = PutInPlace(temporary, path);
  }
  unlink(temporary.c_str());
  return status;
}

absl::Status WriteKeyFile(const std::string& path,
                          const crypto::PrivateKey& key) {
  return WriteNewFile(path, key.ToPem(), Access::kOwnerOnly);
}

absl::StatusOr<std::string> ReadPemFile(const std::string& path) {
  return ReadNamedFile(path, kSmallFileBytes);
}

absl::StatusOr<crypto::PrivateKey> ReadKeyFile(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string pem, ReadPemFile(path));
  auto key = crypto::PrivateKey::FromPem(pem);
  if (key.ok()) return key;
  return absl::InvalidArgumentError(absl::StrCat(
      path, "：不是本系统的私钥文件，请用 dataip keys new 生成。 ", path,
      ": no private key file of this system, make one with dataip keys new: ",
      key.status().message()));
}

absl::StatusOr<crypto::PublicKey> ReadPublicKeyFile(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string pem, ReadPemFile(path));
  if (absl::StrContains(pem, "-----BEGIN PRIVATE KEY-----")) {
    ASSIGN_OR_RETURN(const crypto::PrivateKey key, ReadKeyFile(path));
    return key.public_key();
  }
  auto key = crypto::PublicKey::FromPem(pem);
  if (key.ok()) return key;
  return absl::InvalidArgumentError(
      absl::StrCat(path, "：不是公钥文件。 ", path,
                   ": no public key file: ", key.status().message()));
}

}  // namespace dataip::client
