#include "client/cli/feed_state.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/cli/input_files.h"
#include "client/export/durable_file.h"
#include "client/local_fault.h"
#include "core/base/status_macros.h"

namespace dataip::client {
namespace {

constexpr char kTitle[] = "dataip feed 1";
constexpr size_t kMostBytes = 1'024;

}  // namespace

absl::StatusOr<uint64_t> ParseFeedState(absl::string_view text,
                                        absl::string_view origin) {
  const std::vector<absl::string_view> lines = absl::StrSplit(text, '\n');
  uint64_t index = 0;
  if (lines.size() != 4 || lines[0] != kTitle || !lines[3].empty() ||
      !absl::SimpleAtoi(lines[2], &index) || absl::StrCat(index) != lines[2]) {
    return absl::InvalidArgumentError(
        "--state-file 不是本命令写下的文件；请换一个文件，或删除它后用 --from "
        "指定起点 (not a file of this command: name another one, or delete it "
        "and give --from)");
  }
  if (lines[1] != origin) {
    return absl::InvalidArgumentError(
        absl::StrCat("--state-file 属于账本 ", lines[1], "，而服务器的账本是 ",
                     origin, " (the file belongs to the ledger ", lines[1],
                     ", the server's is ", origin, ")"));
  }
  return index;
}

absl::StatusOr<FeedState> FeedState::Open(const std::string& path,
                                          absl::string_view origin) {
  FeedState state(path, std::string(origin));
  const std::string lock = path + ".lock";
  state.lock_ = open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (state.lock_ < 0) {
    return LocalFault(absl::StrCat("无法写入 ", lock, "；请检查目录与权限"),
                      absl::StrCat("cannot write ", lock));
  }
  if (flock(state.lock_, LOCK_EX | LOCK_NB) != 0) {
    return absl::AlreadyExistsError(absl::StrCat(
        path,
        " 正由另一进程使用，请等它结束 (another process follows with "
        "this file; wait for its end)"));
  }
  const auto text = ReadInputFile(path, kMostBytes);
  if (absl::IsNotFound(text.status())) return state;
  RETURN_IF_ERROR(text.status());
  ASSIGN_OR_RETURN(state.last_, ParseFeedState(*text, origin));
  return state;
}

FeedState::~FeedState() {
  if (lock_ >= 0) close(lock_);
}

FeedState::FeedState(FeedState&& other) noexcept
    : path_(std::move(other.path_)),
      origin_(std::move(other.origin_)),
      last_(other.last_),
      lock_(std::exchange(other.lock_, -1)) {}

absl::Status FeedState::Remember(uint64_t index) {
  if (last_ == index) return absl::OkStatus();
  const absl::Status kept =
      WriteDurably({path_, path_ + ".new"},
                   absl::StrCat(kTitle, "\n", origin_, "\n", index, "\n"));
  if (!kept.ok()) {
    return LocalFault(
        absl::StrCat("无法写入进度文件 ", path_,
                     "；请检查目录、权限与磁盘空间"),
        absl::StrCat(
            "cannot write the state file ", path_,
            "; check folder, permissions and disk space: ", kept.message()));
  }
  last_ = index;
  return absl::OkStatus();
}

}  // namespace dataip::client
