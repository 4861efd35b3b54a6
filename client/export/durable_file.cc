#include "client/export/durable_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace dataip::client {
namespace {

namespace fs = std::filesystem;

absl::Status Failed(absl::string_view what, const std::string& path) {
  return absl::UnavailableError(
      absl::StrCat("无法写入/cannot ", what, " ", path, ": ",
                   std::error_code(errno, std::generic_category()).message()));
}

absl::Status WriteFile(const std::string& path, absl::string_view bytes) {
  const int file =
      open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) return Failed("create", path);
  size_t written = 0;
  while (written < bytes.size()) {
    const ssize_t count =
        write(file, bytes.data() + written, bytes.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    written += static_cast<size_t>(count);
  }
  const bool synced = written == bytes.size() && fsync(file) == 0;
  absl::Status status = synced ? absl::OkStatus() : Failed("write", path);
  close(file);
  return status;
}

}  // namespace

absl::Status SyncFolder(const std::string& folder) {
  const int file = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return Failed("open", folder);
  absl::Status status =
      fsync(file) == 0 ? absl::OkStatus() : Failed("sync", folder);
  close(file);
  return status;
}

absl::Status WriteSynced(const DurablePath& target, absl::string_view bytes) {
  RETURN_IF_ERROR(WriteFile(target.temporary, bytes));
  if (rename(target.temporary.c_str(), target.path.c_str()) != 0) {
    return Failed("rename", target.path);
  }
  return absl::OkStatus();
}

absl::Status WriteDurably(const DurablePath& target, absl::string_view bytes) {
  RETURN_IF_ERROR(WriteSynced(target, bytes));
  const std::string folder = fs::path(target.path).parent_path().string();
  return SyncFolder(folder.empty() ? "." : folder);
}

absl::Status MakeFolderDurably(const std::string& folder) {
  std::error_code error;
  if (folder.empty() || fs::is_directory(folder, error)) {
    return absl::OkStatus();
  }
  const std::string above = fs::absolute(folder, error).parent_path().string();
  RETURN_IF_ERROR(MakeFolderDurably(above));
  if (!fs::create_directory(folder, error) && error) {
    return absl::UnavailableError(absl::StrCat("无法建立目录/cannot create ",
                                               folder, ": ", error.message()));
  }
  return SyncFolder(above);
}

absl::Status KeepFolderDurably(const std::string& folder) {
  std::error_code error;
  const fs::path path = fs::absolute(folder, error);
  RETURN_IF_ERROR(MakeFolderDurably(path.string()));
  const fs::path above = path.parent_path();
  RETURN_IF_ERROR(SyncFolder(above.string()));
  SyncFolder(above.parent_path().string()).IgnoreError();
  return absl::OkStatus();
}

}  // namespace dataip::client
