#include "client/export/mirror_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "client/export/durable_file.h"
#include "client/export/export_layout.h"
#include "client/export/regular_file.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"

namespace dataip::client {
namespace {

namespace fs = std::filesystem;

constexpr char kAbout[] =
    "dataip mirror 1\n"
    "Made by `dataip ledger mirror`. Serve the folder, but for .mirror/.\n";
constexpr char kAboutPrefix[] = "dataip mirror ";
constexpr uint64_t kFormat = 1;
// Of a bundle of payloads, each with its length: no file has more.
constexpr uint64_t kFileBytes = kTileWidth * (4 + limits::kPayloadBytes);
constexpr char kLock[] = "/.mirror/lock";
constexpr char kTemporary[] = "/.mirror/new";
constexpr char kStage[] = "/.mirror/stage";

absl::Status CannotRead(const std::string& path, absl::string_view why) {
  return absl::UnavailableError(
      absl::StrCat(path, ": 无法读取/cannot be read: ", why));
}

absl::StatusOr<int> Lock(const std::string& path) {
  const int file =
      open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
  if (file < 0) {
    return absl::UnavailableError(
        absl::StrCat(path, ": 无法打开/cannot be opened"));
  }
  if (flock(file, LOCK_EX | LOCK_NB) == 0) return file;
  close(file);
  return absl::AbortedError(absl::StrCat(
      path,
      ": 另一个镜像进程正在使用此目录/another mirror is at work in this "
      "folder"));
}

// "dataip mirror N" is a later program's; all else is no mirror's.
absl::Status NotThisFormat(const std::string& dir, absl::string_view about) {
  uint64_t format = 0;
  const absl::string_view first = about.substr(0, about.find('\n'));
  if (absl::StartsWith(first, kAboutPrefix) &&
      absl::SimpleAtoi(first.substr(sizeof(kAboutPrefix) - 1), &format) &&
      format > kFormat) {
    return absl::UnimplementedError(absl::StrCat(
        dir,
        ": 镜像的格式更新，请更新本程序/a mirror of a later format: update "
        "this program"));
  }
  return absl::DataLossError(absl::StrCat(
      dir, "/", kMirrorAboutFile,
      ": 已损坏，请用 dataip-audit 查明后另建镜像/damaged: dataip-audit says "
      "what else is; then begin a new mirror"));
}

}  // namespace

absl::StatusOr<MirrorFolder> MirrorFolder::Open(const std::string& dir) {
  std::error_code error;
  std::string whole = fs::absolute(dir, error).lexically_normal().string();
  if (whole.size() > 1 && whole.back() == '/') whole.pop_back();
  const bool is_mirror = fs::exists(absl::StrCat(whole, "/.mirror"), error);
  if (!is_mirror && fs::exists(whole, error) && !fs::is_empty(whole, error)) {
    return absl::AlreadyExistsError(absl::StrCat(
        dir,
        ": 不是镜像，也不为空，请换一个目录/is no mirror and not empty: "
        "choose another folder"));
  }
  RETURN_IF_ERROR(CheckNoLinks(whole, ".mirror/stage"));
  for (const char* served : {"tile", "payload", "evidence"}) {
    RETURN_IF_ERROR(CheckNoLinks(whole, served));
  }
  RETURN_IF_ERROR(MakeFolderDurably(absl::StrCat(whole, "/.mirror")));
  ASSIGN_OR_RETURN(const int lock, Lock(whole + kLock));
  MirrorFolder folder(std::move(whole), lock);
  ASSIGN_OR_RETURN(const auto about, folder.Read(kMirrorAboutFile));
  if (!about.has_value()) {
    RETURN_IF_ERROR(folder.Write(kMirrorAboutFile, kAbout));
  } else if (*about != kAbout) {
    return NotThisFormat(dir, *about);
  }
  return folder;
}

MirrorFolder::MirrorFolder(MirrorFolder&& other) noexcept
    : dir_(std::move(other.dir_)), lock_(std::exchange(other.lock_, -1)) {}

MirrorFolder::~MirrorFolder() {
  if (lock_ >= 0) close(lock_);
}

absl::StatusOr<std::optional<std::string>> MirrorFolder::Read(
    const std::string& path) const {
  RETURN_IF_ERROR(CheckNoLinks(dir_, path));
  auto bytes = ReadRegularFile(absl::StrCat(dir_, "/", path), kFileBytes);
  if (absl::IsNotFound(bytes.status())) return std::optional<std::string>();
  RETURN_IF_ERROR(bytes.status());
  return std::optional<std::string>(*std::move(bytes));
}

absl::StatusOr<std::string> MirrorFolder::ReadServed(
    const std::string& path) const {
  ASSIGN_OR_RETURN(auto bytes, Read(path));
  if (bytes.has_value()) return *std::move(bytes);
  return absl::DataLossError(
      absl::StrCat(path, ": 镜像缺少此文件/missing in the mirror"));
}

absl::Status MirrorFolder::Damaged(const std::string& path) {
  return absl::DataLossError(absl::StrCat(
      path, ": 镜像自己的文件不成形/the mirror's own file is not in its form"));
}

absl::Status MirrorFolder::Write(const std::string& path,
                                 absl::string_view bytes) const {
  RETURN_IF_ERROR(CheckNoLinks(dir_, path));
  const std::string whole = absl::StrCat(dir_, "/", path);
  RETURN_IF_ERROR(MakeFolderDurably(fs::path(whole).parent_path().string()));
  return WriteDurably({whole, dir_ + kTemporary}, bytes);
}

absl::Status MirrorFolder::Remove(const std::string& path) const {
  RETURN_IF_ERROR(CheckNoLinks(dir_, path));
  const std::string whole = absl::StrCat(dir_, "/", path);
  std::error_code error;
  if (!fs::exists(whole, error)) return absl::OkStatus();
  fs::remove_all(whole, error);
  if (error) {
    return absl::UnavailableError(
        absl::StrCat(whole, ": 无法删除/cannot be removed: ", error.message()));
  }
  return SyncFolder(fs::path(whole).parent_path().string());
}

std::vector<std::string> MirrorFolder::Names(const std::string& folder) const {
  std::vector<std::string> names;
  std::error_code error;
  fs::directory_iterator entries(absl::StrCat(dir_, "/", folder), error);
  for (; !error && entries != fs::directory_iterator();
       entries.increment(error)) {
    names.push_back(entries->path().filename().string());
  }
  return names;
}

absl::Status MirrorFolder::Stage(const std::string& path,
                                 absl::string_view bytes) const {
  RETURN_IF_ERROR(CheckNoLinks(dir_ + kStage, path));
  const std::string whole = absl::StrCat(dir_, kStage, "/", path);
  std::error_code error;
  fs::create_directories(fs::path(whole).parent_path(), error);
  if (error) {
    return absl::UnavailableError(
        absl::StrCat(whole, ": 无法写入/cannot be written: ", error.message()));
  }
  return WriteSynced({whole, dir_ + kTemporary}, bytes);
}

absl::StatusOr<std::optional<std::string>> MirrorFolder::ReadStaged(
    const std::string& path) const {
  return Read(absl::StrCat(kMirrorFolder, "stage/", path));
}

absl::Status MirrorFolder::RemoveStaged(const std::string& path) const {
  std::error_code error;
  fs::remove(absl::StrCat(dir_, kStage, "/", path), error);
  if (!error) return absl::OkStatus();
  return absl::UnavailableError(
      absl::StrCat(path, ": 无法删除/cannot be removed: ", error.message()));
}

absl::Status MirrorFolder::ClearStage() const {
  return Remove(absl::StrCat(kMirrorFolder, "stage"));
}

absl::StatusOr<std::vector<std::string>> MirrorFolder::StagedPaths() const {
  const std::string stage = dir_ + kStage;
  std::vector<std::string> paths;
  std::error_code error;
  if (!fs::exists(stage, error) && !error) return paths;
  fs::recursive_directory_iterator entries(stage, error);
  for (; !error && entries != fs::recursive_directory_iterator();
       entries.increment(error)) {
    if (!entries->is_regular_file(error)) continue;
    paths.push_back(entries->path().lexically_relative(stage).generic_string());
  }
  if (error) return CannotRead(stage, error.message());
  std::sort(paths.begin(), paths.end());
  return paths;
}

absl::Status MirrorFolder::ServeStaged(const MayReplace& may_replace) const {
  ASSIGN_OR_RETURN(const auto paths, StagedPaths());
  std::vector<std::string> folders;
  for (const std::string& path : paths) {
    RETURN_IF_ERROR(ServeOne(path, may_replace, folders));
  }
  for (const std::string& folder : folders) {
    RETURN_IF_ERROR(SyncFolder(folder));
  }
  return ClearStage();
}

absl::Status MirrorFolder::ServeOne(const std::string& path,
                                    const MayReplace& may_replace,
                                    std::vector<std::string>& folders) const {
  const std::string staged = absl::StrCat(dir_, kStage, "/", path);
  const std::string target = absl::StrCat(dir_, "/", path);
  const std::string folder = fs::path(target).parent_path().string();
  // What is there already may be so by a run that died before it synced.
  if (folders.empty() || folders.back() != folder) folders.push_back(folder);
  ASSIGN_OR_RETURN(const auto now, Read(path));
  if (now.has_value()) {
    ASSIGN_OR_RETURN(const auto wanted, ReadStaged(path));
    if (*now == wanted.value_or("")) return absl::OkStatus();
    if (!may_replace(path, *now, wanted.value_or(""))) {
      return absl::DataLossError(absl::StrCat(
          path,
          ": 已有的文件与账本给出的不同，未改写；请用 dataip-audit 查明"
          "哪一方有误/the file that is here differs from what the ledger "
          "gives and was not rewritten: dataip-audit says which is "
          "wrong"));
    }
  }
  RETURN_IF_ERROR(MakeFolderDurably(folder));
  if (rename(staged.c_str(), target.c_str()) != 0) {
    return absl::UnavailableError(absl::StrCat(
        target, ": 无法写入/cannot be written: ",
        std::error_code(errno, std::generic_category()).message()));
  }
  return absl::OkStatus();
}

}  // namespace dataip::client
