#include "services/ledger/backup_folder.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/crypto/note_signer.h"
#include "services/common/checks.h"
#include "services/common/error.h"
#include "services/ledger/backup_manifest.h"

namespace dataip::ledger {
namespace {

namespace fs = std::filesystem;

constexpr char kSetting[] = "backup_dir";
// Ours, RocksDB's, and what a file system has at its root.
constexpr const char* kOwn[] = {"lock",    "manifest",        "meta",
                                "private", "shared_checksum", "lost+found"};

// One that is ours and damaged has lines of our keys, which then fail.
std::optional<std::string> ForeignOriginOf(const std::string& note,
                                           const Signing& signing) {
  const auto verified = crypto::VerifyNote(note, signing.verifiers);
  if (!verified.ok()) return std::nullopt;
  const bool ours =
      std::any_of(verified->signed_by.begin(), verified->signed_by.end(),
                  [](bool signed_by) { return signed_by; });
  if (ours) return std::nullopt;
  const auto manifest = ParseManifest(verified->text);
  if (!manifest.ok()) return std::nullopt;
  return manifest->origin;
}

// Something in it that no backup has, "" for none.
std::string StrangerIn(const std::string& folder) {
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  for (; !error && entries != fs::directory_iterator();
       entries.increment(error)) {
    const std::string name = entries->path().filename().string();
    const bool own =
        std::find(std::begin(kOwn), std::end(kOwn), name) != std::end(kOwn);
    if (!own && name.front() != '.') return name;
  }
  return "";
}

// The backup folder in which this one lies, "" for none.
std::string BackupsAround(const std::string& folder) {
  std::error_code error;
  fs::path above = fs::weakly_canonical(folder, error);
  while (above.has_relative_path()) {
    above = above.parent_path();
    if (fs::is_directory(above / "meta", error) &&
        fs::is_directory(above / "shared_checksum", error)) {
      return above.string();
    }
  }
  return "";
}

absl::Status CheckPlace(const std::string& folder, const BackupFiles& files) {
  if (const std::string around = BackupsAround(folder); !around.empty()) {
    return services::InvalidField(
        kSetting,
        {absl::StrCat(folder, " lies in ", around,
                      ", which holds backups itself: name a folder beside it"),
         absl::StrCat(folder, " 位于备份目录 ", around,
                      " 之中，请在其外另设目录")});
  }
  const auto any = files.HoldsAnything();
  if (!any.ok()) return services::AboutSetting(kSetting, any.status());
  const std::string stranger = *any ? "" : StrangerIn(folder);
  if (stranger.empty()) return absl::OkStatus();
  return services::InvalidField(
      kSetting,
      {absl::StrCat(folder, " holds `", stranger,
                    "` and no backups: name a new or an empty folder"),
       absl::StrCat(folder, " 内有 ", stranger,
                    " 而没有备份，请指定新的或空的目录")});
}

}  // namespace

absl::StatusOr<std::optional<std::string>> ForeignOriginIn(
    const BackupFiles& files, const Signing& signing) {
  ASSIGN_OR_RETURN(const auto ids, files.Manifests());
  for (const uint32_t id : ids) {
    const auto note = files.ReadNote(id);
    if (!note.ok()) continue;
    if (auto origin = ForeignOriginOf(*note, signing)) return origin;
  }
  return std::nullopt;
}

absl::Status CheckBackupFolder(const std::string& folder,
                               const Signing& signing) {
  const BackupFiles files(folder);
  RETURN_IF_ERROR(CheckPlace(folder, files));
  const auto origin = ForeignOriginIn(files, signing);
  if (!origin.ok()) return services::AboutSetting(kSetting, origin.status());
  if (!origin->has_value()) return absl::OkStatus();
  return services::InvalidField(
      kSetting,
      {absl::StrCat(folder, " holds backups of another ledger, ", **origin,
                    ", or of other keys: name a folder of this ledger's own"),
       absl::StrCat(folder, " 内有另一账本 ", **origin,
                    "（或另一组密钥）的备份，请为本账本另设备份目录")});
}

}  // namespace dataip::ledger
