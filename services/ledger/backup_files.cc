#include "services/ledger/backup_files.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "client/export/durable_file.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "services/common/error.h"

namespace dataip::ledger {
namespace {

namespace fs = std::filesystem;

constexpr char kManifestFolder[] = "/manifest";
constexpr char kListSuffix[] = ".files";
constexpr char kTemporary[] = "/manifest/new";
constexpr size_t kReadBytes = size_t{1} << 20;

absl::Status CannotRead(const std::string& path, absl::string_view why) {
  return services::MakeStatus(rpc::v1::INTERNAL,
                              {absl::StrCat("cannot read ", path, ": ", why),
                               absl::StrCat("无法读取 ", path, "：", why)});
}

absl::Status Missing(const std::string& path) {
  return services::MakeStatus(
      rpc::v1::NOT_FOUND,
      {absl::StrCat("there is no ", path), absl::StrCat("没有文件 ", path)});
}

absl::Status TooLarge(const std::string& path) {
  return services::MakeStatus(
      rpc::v1::DATA_LOSS,
      {absl::StrCat(path, " is larger than we write it; use another backup"),
       absl::StrCat(path, " 大于本程序写入的大小，请改用其他备份")});
}

absl::StatusOr<std::string> ReadWhole(const std::string& path,
                                      size_t most_bytes) {
  std::error_code error;
  if (!fs::exists(path, error)) return Missing(path);
  const auto size = fs::file_size(path, error);
  if (error) return CannotRead(path, error.message());
  if (size > most_bytes) return TooLarge(path);
  std::ifstream file(path, std::ios::binary);
  std::string bytes(size, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(size));
  if (!file.is_open() || static_cast<size_t>(file.gcount()) != size) {
    return CannotRead(path, "I/O error");
  }
  return bytes;
}

absl::Status Remove(const std::string& path) {
  std::error_code error;
  fs::remove(path, error);
  if (!error) return absl::OkStatus();
  return absl::InternalError(
      absl::StrCat("cannot remove ", path, ": ", error.message()));
}

}  // namespace

std::string BackupFiles::ManifestPath(uint32_t id) const {
  return absl::StrCat(folder_, kManifestFolder, "/", id);
}

std::string BackupFiles::ListPath(uint32_t id) const {
  return absl::StrCat(ManifestPath(id), kListSuffix);
}

absl::StatusOr<bool> BackupFiles::HoldsAnything() const {
  std::error_code error;
  for (const char* const part : {"meta", "private", "shared_checksum"}) {
    const std::string path = absl::StrCat(folder_, "/", part);
    const bool there = fs::exists(path, error);
    if (!error && there && !fs::is_empty(path, error)) return true;
    if (error) return CannotRead(path, error.message());
  }
  return false;
}

absl::StatusOr<std::vector<uint32_t>> BackupFiles::Manifests() const {
  const std::string folder = folder_ + kManifestFolder;
  std::vector<uint32_t> ids;
  std::error_code error;
  if (!fs::exists(folder, error) && !error) return ids;
  fs::directory_iterator entries(folder, error);
  for (; !error && entries != fs::directory_iterator();
       entries.increment(error)) {
    uint32_t id = 0;
    const std::string name = entries->path().filename().string();
    if (absl::SimpleAtoi(name, &id) && std::to_string(id) == name) {
      ids.push_back(id);
    }
  }
  if (error) return CannotRead(folder, error.message());
  std::sort(ids.begin(), ids.end());
  return ids;
}

absl::StatusOr<ManifestBytes> BackupFiles::ReadManifest(uint32_t id) const {
  ManifestBytes bytes;
  ASSIGN_OR_RETURN(bytes.note, ReadNote(id));
  ASSIGN_OR_RETURN(bytes.list,
                   ReadWhole(ListPath(id), limits::kManifestListBytes));
  return bytes;
}

absl::StatusOr<std::string> BackupFiles::ReadNote(uint32_t id) const {
  return ReadWhole(ManifestPath(id), limits::kManifestNoteBytes);
}

absl::Status BackupFiles::WriteManifest(uint32_t id,
                                        const ManifestBytes& bytes) const {
  if (bytes.note.size() > limits::kManifestNoteBytes ||
      bytes.list.size() > limits::kManifestListBytes) {
    return absl::InternalError("the backup has too many files to list");
  }
  RETURN_IF_ERROR(client::MakeFolderDurably(folder_ + kManifestFolder));
  const std::string temporary = folder_ + kTemporary;
  RETURN_IF_ERROR(client::WriteDurably({ListPath(id), temporary}, bytes.list));
  return client::WriteDurably({ManifestPath(id), temporary}, bytes.note);
}

absl::Status BackupFiles::RemoveManifest(uint32_t id) const {
  std::error_code error;
  if (!fs::exists(folder_ + kManifestFolder, error)) return absl::OkStatus();
  RETURN_IF_ERROR(Remove(ManifestPath(id)));
  RETURN_IF_ERROR(Remove(ListPath(id)));
  return client::SyncFolder(folder_ + kManifestFolder);
}

absl::StatusOr<BackupFile> BackupFiles::Digest(const std::string& path) const {
  const std::string whole = absl::StrCat(folder_, "/", path);
  std::error_code error;
  if (!fs::exists(whole, error)) return Missing(whole);
  std::ifstream file(whole, std::ios::binary);
  if (!file.is_open()) return CannotRead(whole, "I/O error");
  BackupFile digested{path, 0, {}};
  hash::Sha256Stream stream;
  std::string bytes(kReadBytes, '\0');
  while (file.read(bytes.data(), static_cast<std::streamsize>(bytes.size())) ||
         file.gcount() > 0) {
    const auto count = static_cast<size_t>(file.gcount());
    stream.Update(hash::AsBytes({bytes.data(), count}));
    digested.byte_size += count;
  }
  if (file.bad()) return CannotRead(whole, "I/O error");
  digested.sha256 = stream.Finish();
  return digested;
}

}  // namespace dataip::ledger
