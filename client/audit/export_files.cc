#include "client/audit/export_files.h"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "client/export/export_path.h"
#include "client/export/piece_reader.h"
#include "client/export/regular_file.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "core/proof/header.h"

namespace dataip::client {
namespace {

namespace fs = std::filesystem;

Bytes AsBytes(absl::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

verify::ReplayEntry::Payload StatusOf(ExportedEntry::Payload status) {
  using Payload = verify::ReplayEntry::Payload;
  switch (status) {
    case ExportedEntry::Payload::kPresent:
      return Payload::kPresent;
    case ExportedEntry::Payload::kErased:
      return Payload::kErased;
    case ExportedEntry::Payload::kNotForThisReader:
      return Payload::kNotForThisReader;
  }
  return Payload::kPresent;
}

// More than any payload bundle but one of very large payloads has.
constexpr uint64_t kUsualPayloadsBytes = 32 << 20;
static_assert(kUsualPayloadsBytes > limits::kPayloadBytes);
constexpr uint64_t kHeadersBytes = kTileWidth * (2 + limits::kHeaderBytes);
constexpr uint64_t kTileBytes = kTileWidth * hash::kHashBytes;
// Of the manifest, for each file: its path, size and digest.
constexpr uint64_t kManifestLineBytes = 512;

// What the headers of the piece say that its payloads have, and as much again
// as one payload, so that a wrong length is found where it stands.
uint64_t PayloadsBytes(absl::string_view headers) {
  constexpr uint64_t kLengthBytes = 4;
  uint64_t most_bytes = kUsualPayloadsBytes;
  PieceReader reader(headers, PieceReader::Kind::kHeaders);
  for (uint32_t i = 0; i < kTileWidth; ++i) {
    const auto item = reader.Take();
    if (!item.has_value()) break;
    const auto header = proof::DecodeHeader(AsBytes(item->bytes));
    if (!header.ok()) break;
    most_bytes +=
        kLengthBytes + std::min(header->payload_size, limits::kPayloadBytes);
  }
  return most_bytes;
}

// The files of one folder, each within the bounds of its kind.
class BoundedFolder {
 public:
  BoundedFolder(std::string dir, size_t files)
      : dir_(std::move(dir)), files_(files) {}

  absl::StatusOr<std::string> Read(const std::string& path) const {
    const auto named = ParseExportPath(path);
    if (!named.has_value()) {
      return Within(
          path, path == kManifestFile ? ManifestBytes() : limits::kNoteBytes);
    }
    switch (named->kind) {
      case ExportPath::Kind::kCheckpoint:
        return Within(path, limits::kNoteBytes);
      case ExportPath::Kind::kTile:
        return Within(path, kTileBytes);
      case ExportPath::Kind::kEntries:
        return Within(path, kHeadersBytes);
      case ExportPath::Kind::kPayloads:
        break;
    }
    auto usual = Within(path, kUsualPayloadsBytes);
    if (!absl::IsOutOfRange(usual.status())) return usual;
    ExportPath entries = *named;
    entries.kind = ExportPath::Kind::kEntries;
    ASSIGN_OR_RETURN(const std::string headers,
                     Within(Spelled(entries), kHeadersBytes));
    return Within(path, PayloadsBytes(headers));
  }

 private:
  uint64_t ManifestBytes() const {
    return limits::kNoteBytes + files_ * kManifestLineBytes;
  }
  absl::StatusOr<std::string> Within(const std::string& path,
                                     uint64_t most_bytes) const {
    RETURN_IF_ERROR(CheckNoLinks(dir_, path));
    return ReadRegularFile(absl::StrCat(dir_, "/", path), most_bytes);
  }

  std::string dir_;
  size_t files_;
};

}  // namespace

absl::StatusOr<ExportFiles> OpenExportFolder(const std::string& dir) {
  std::error_code error;
  if (!fs::is_directory(dir, error)) {
    return absl::NotFoundError(
        absl::StrCat(dir, ": 没有这个目录/no such folder"));
  }
  ExportFiles files;
  fs::recursive_directory_iterator entries(dir, error);
  for (; !error && entries != fs::recursive_directory_iterator();
       entries.increment(error)) {
    const std::string path =
        entries->path().lexically_relative(dir).generic_string();
    if (entries->is_directory(error) && !entries->is_symlink(error)) {
      if (fs::is_empty(entries->path(), error))
        files.paths.push_back(path + "/");
      continue;
    }
    const bool regular =
        entries->is_regular_file(error) && !entries->is_symlink(error);
    files.paths.push_back(regular ? path : path + " (not a regular file)");
  }
  if (error) {
    return absl::UnavailableError(absl::StrCat(dir, ": ", error.message()));
  }
  std::sort(files.paths.begin(), files.paths.end());
  files.read = [folder = BoundedFolder(dir, files.paths.size())](
                   const std::string& path) { return folder.Read(path); };
  return files;
}

verify::ErasureOrders ReadOrders(const ExportFiles& files, uint64_t size) {
  verify::ErasureOrders orders;
  for (const Piece& piece : PiecesOf(size)) {
    const auto headers = files.read(EntriesPath(piece));
    const auto payloads = files.read(PayloadPath(piece));
    if (!headers.ok() || !payloads.ok()) continue;
    const auto entries = ReadPiece({*headers, *payloads, piece.width});
    if (!entries.ok()) continue;
    for (const verify::ReplayEntry& entry : *entries) orders.Read(entry);
  }
  return orders;
}

absl::StatusOr<std::vector<verify::EntryView>> ViewPiece(
    const PieceBytes& piece) {
  PieceReader headers(piece.headers, PieceReader::Kind::kHeaders);
  PieceReader payloads(piece.payloads, PieceReader::Kind::kPayloads);
  std::vector<verify::EntryView> entries(piece.width);
  for (uint32_t i = 0; i < piece.width; ++i) {
    const auto header = headers.Take();
    if (!header.has_value()) {
      return absl::DataLossError(absl::StrCat("header ", i, " ends early"));
    }
    const auto payload = payloads.Take();
    if (!payload.has_value()) {
      return absl::DataLossError(absl::StrCat("payload ", i, " ends early"));
    }
    entries[i].header = AsBytes(header->bytes);
    entries[i].payload = AsBytes(payload->bytes);
    entries[i].status = StatusOf(payload->status);
  }
  if (!headers.empty() || !payloads.empty()) {
    return absl::DataLossError("more than its name says");
  }
  return entries;
}

absl::StatusOr<std::vector<verify::ReplayEntry>> ReadPiece(
    const PieceBytes& piece) {
  ASSIGN_OR_RETURN(const auto views, ViewPiece(piece));
  std::vector<verify::ReplayEntry> entries;
  entries.reserve(views.size());
  for (const verify::EntryView& view : views) {
    entries.push_back({std::string(view.header.begin(), view.header.end()),
                       std::string(view.payload.begin(), view.payload.end()),
                       view.status});
  }
  return entries;
}

}  // namespace dataip::client
