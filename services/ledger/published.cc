#include "services/ledger/published.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "core/proof/note.h"
#include "services/common/descriptors.h"
#include "services/common/error.h"

namespace dataip::ledger {
namespace {

std::string NothingYet(const std::string& origin) { return origin + "\n0\n"; }

absl::Status Failed(const std::string& doing, const std::string& path) {
  return absl::InternalError(
      absl::StrCat(doing, " ", path, ": ", std::strerror(errno)));
}

// Before anything was written.
absl::Status FailedToOpen(const std::string& path) {
  if (!services::IsOutOfDescriptors(errno)) return Failed("opening", path);
  return absl::UnavailableError(
      absl::StrCat("opening ", path, ": ", std::strerror(errno)));
}

absl::Status WriteSynced(int file, const std::string& path,
                         const std::string& content) {
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

absl::StatusOr<PublishedCheckpoint> ReadNote(
    const std::string& note, const std::string& origin,
    std::span<const crypto::NoteVerifier> verifiers) {
  const auto wrong = [&](absl::string_view en, absl::string_view zh) {
    return services::MakeStatus(
        rpc::v1::DATA_LOSS,
        {absl::StrCat("not a checkpoint of this ledger: ", en),
         absl::StrCat("不是本账本的检查点：", zh)});
  };
  const auto verified = crypto::VerifyNote(note, verifiers);
  if (!verified.ok()) {
    return wrong(verified.status().message(), verified.status().message());
  }
  if (!crypto::AllSigned(*verified) || !verified->chain_head.has_value()) {
    return wrong("a signature of one of its keys is missing",
                 "缺少账本某一密钥的签名");
  }
  const auto checkpoint = proof::ParseCheckpoint(verified->text);
  if (!checkpoint.ok()) {
    return wrong(proof::Describe(checkpoint.flaw),
                 proof::DescribeChinese(checkpoint.flaw));
  }
  if (checkpoint->origin != origin) {
    return wrong(absl::StrCat("its origin is ", checkpoint->origin),
                 absl::StrCat("其来源名为 ", checkpoint->origin));
  }
  return PublishedCheckpoint{checkpoint->size, checkpoint->root,
                             *verified->chain_head, note};
}

PublishedFile::PublishedFile(std::string path) : path_(std::move(path)) {
  // Whoever writes is told.
  Reserve().IgnoreError();
}

PublishedFile::~PublishedFile() {
  if (folder_ >= 0) close(folder_);
  if (spare_ >= 0) close(spare_);
}

absl::StatusOr<std::optional<PublishedCheckpoint>> PublishedFile::Read(
    const std::string& origin,
    std::span<const crypto::NoteVerifier> verifiers) const {
  std::error_code error;
  const auto size = std::filesystem::file_size(path_, error);
  if (error == std::errc::no_such_file_or_directory) return std::nullopt;
  if (error) {
    return absl::InternalError(
        absl::StrCat("reading ", path_, ": ", error.message()));
  }
  std::string content;
  if (size <= limits::kNoteBytes) {
    std::ifstream file(path_, std::ios::binary);
    content.assign(std::istreambuf_iterator<char>(file),
                   std::istreambuf_iterator<char>());
  }
  if (content == NothingYet(origin)) return PublishedCheckpoint();
  ASSIGN_OR_RETURN(PublishedCheckpoint checkpoint,
                   ReadNote(content, origin, verifiers));
  return std::optional<PublishedCheckpoint>(std::move(checkpoint));
}

absl::Status PublishedFile::WriteNote(const std::string& note) {
  return Write(note);
}

absl::Status PublishedFile::WriteNothingYet(const std::string& origin) {
  return Write(NothingYet(origin));
}

absl::Status PublishedFile::Reserve() {
  if (folder_ < 0) {
    const std::string folder =
        std::filesystem::absolute(path_).parent_path().string();
    folder_ = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder_ < 0) return FailedToOpen(folder);
  }
  if (spare_ < 0) spare_ = fcntl(folder_, F_DUPFD_CLOEXEC, 0);
  return absl::OkStatus();
}

int PublishedFile::OpenTemporary(const std::string& name) {
  constexpr int kFlags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC;
  constexpr mode_t kMode = 0644;
  const int file = openat(folder_, name.c_str(), kFlags, kMode);
  if (file >= 0 || !services::IsOutOfDescriptors(errno) || spare_ < 0) {
    return file;
  }
  close(spare_);
  spare_ = -1;
  return openat(folder_, name.c_str(), kFlags, kMode);
}

absl::Status PublishedFile::Write(const std::string& content) {
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

}  // namespace dataip::ledger
