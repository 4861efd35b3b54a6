#include "services/ledger/published.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "core/proof/note.h"
#include "services/common/error.h"

namespace dataip::ledger {
namespace {

std::string NothingYet(const std::string& origin) { return origin + "\n0\n"; }

absl::Status Failed(const std::string& doing, const std::string& path) {
  return absl::InternalError(
      absl::StrCat(doing, " ", path, ": ", std::strerror(errno)));
}

// Closes at the end of its scope.
class File {
 public:
  File(const std::string& path, int flags)
      : fd_(open(path.c_str(), flags | O_CLOEXEC, 0644)) {}
  ~File() {
    if (fd_ >= 0) close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  int fd() const { return fd_; }

 private:
  int fd_;
};

absl::Status WriteSynced(const std::string& path, const std::string& content) {
  const File file(path, O_WRONLY | O_CREAT | O_TRUNC);
  if (file.fd() < 0) return Failed("opening", path);
  size_t written = 0;
  while (written < content.size()) {
    const ssize_t count =
        write(file.fd(), content.data() + written, content.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return Failed("writing", path);
    written += static_cast<size_t>(count);
  }
  if (fsync(file.fd()) != 0) return Failed("syncing", path);
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

absl::Status PublishedFile::WriteNote(const std::string& note) const {
  return Write(note);
}

absl::Status PublishedFile::WriteNothingYet(const std::string& origin) const {
  return Write(NothingYet(origin));
}

absl::Status PublishedFile::Write(const std::string& content) const {
  const std::string temporary = path_ + ".new";
  RETURN_IF_ERROR(WriteSynced(temporary, content));
  if (rename(temporary.c_str(), path_.c_str()) != 0) {
    return Failed("renaming", temporary);
  }
  const std::string folder =
      std::filesystem::absolute(path_).parent_path().string();
  const File directory(folder, O_RDONLY | O_DIRECTORY);
  if (directory.fd() < 0) return Failed("opening", folder);
  if (fsync(directory.fd()) != 0) return Failed("syncing", folder);
  return absl::OkStatus();
}

}  // namespace dataip::ledger
