// The folder of a mirror: the tree that readers are served, and beside it
// what they are not.
//
//   checkpoint  tile/...  payload/...    as an export, without a manifest
//   evidence/<size>-<root>.note          checkpoints that contradict each other
//   .mirror/about                        says that this is a mirror
//   .mirror/lock                         held by the process at work
//   .mirror/next                         the checkpoint that is being taken in
//   .mirror/stage/...                    files of it, not yet served
//   .mirror/needed                       the size that what is staged needs
//   .mirror/old, .mirror/erase           what is left to do after a crash
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dataip::client {

inline constexpr char kMirrorFolder[] = ".mirror/";
inline constexpr char kMirrorAboutFile[] = ".mirror/about";
inline constexpr char kEvidenceFolder[] = "evidence/";

// Every write is synced: a kill or a power cut at any moment leaves each file
// as it was or whole. One thread.
class MirrorFolder {
 public:
  // Makes the folder, or takes a mirror up again; what was staged stays.
  // FAILED_PRECONDITION when one of its folders is a link: none is followed,
  // ALREADY_EXISTS when it holds something else, ABORTED when another process
  // is at work in it, UNAVAILABLE when it cannot be written.
  static absl::StatusOr<MirrorFolder> Open(const std::string& dir);
  ~MirrorFolder();
  MirrorFolder(MirrorFolder&& other) noexcept;
  MirrorFolder& operator=(MirrorFolder&&) = delete;

  const std::string& dir() const { return dir_; }

  // Paths are relative to the folder. Nothing without such a file;
  // UNAVAILABLE when it cannot be read.
  absl::StatusOr<std::optional<std::string>> Read(
      const std::string& path) const;
  // A file that a whole mirror has: DATA_LOSS without it.
  absl::StatusOr<std::string> ReadServed(const std::string& path) const;
  // DATA_LOSS: a file of the mirror's own is not in its form.
  static absl::Status Damaged(const std::string& path);
  absl::Status Write(const std::string& path, absl::string_view bytes) const;
  // A file or a whole folder; OK when there is none.
  absl::Status Remove(const std::string& path) const;
  // Names in a folder, unordered; empty without it.
  std::vector<std::string> Names(const std::string& folder) const;

  // Prepares a file to be served; its bytes are synced, its name may be lost
  // with the power until it is served.
  absl::Status Stage(const std::string& path, absl::string_view bytes) const;
  absl::StatusOr<std::optional<std::string>> ReadStaged(
      const std::string& path) const;
  // Ascending, as they will be served.
  absl::StatusOr<std::vector<std::string>> StagedPaths() const;
  absl::Status RemoveStaged(const std::string& path) const;
  // Drops what is staged.
  absl::Status ClearStage() const;
  // Serves what is staged. A file that is there already keeps its bytes: it
  // must be the same, or `may_replace` allows the change; else DATA_LOSS, and
  // nothing more is moved.
  using MayReplace =
      std::function<bool(const std::string& path, absl::string_view old_bytes,
                         absl::string_view new_bytes)>;
  absl::Status ServeStaged(const MayReplace& may_replace) const;

 private:
  MirrorFolder(std::string dir, int lock) : dir_(std::move(dir)), lock_(lock) {}
  absl::Status ServeOne(const std::string& path, const MayReplace& may_replace,
                        std::vector<std::string>& folders) const;

  std::string dir_;
  int lock_ = -1;
};

}  // namespace dataip::client
