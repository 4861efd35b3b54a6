#include "client/export/ledger_export.h"

#include <stdlib.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/export/durable_file.h"
#include "client/export/export_layout.h"
#include "core/base/status_macros.h"
#include "core/proof/header.h"
#include "core/proof/note.h"

namespace dataip::client {
namespace {

namespace fs = std::filesystem;

constexpr char kTemporary[] = "/.new";

absl::Status FileError(absl::string_view what, const std::string& path) {
  return absl::UnavailableError(
      absl::StrCat("无法写入/cannot ", what, " ", path, ": ",
                   std::error_code(errno, std::generic_category()).message()));
}

void AppendBigEndian(uint32_t value, int bytes, std::string& out) {
  for (int i = bytes - 1; i >= 0; --i) {
    out.push_back(static_cast<char>((value >> (8 * i)) & 0xff));
  }
}

}  // namespace

void AppendEntry(const ExportedEntry& entry, PieceText& piece) {
  AppendBigEndian(static_cast<uint32_t>(entry.header.size()), 2, piece.entries);
  piece.entries += entry.header;
  switch (entry.status) {
    case ExportedEntry::Payload::kPresent:
      AppendBigEndian(static_cast<uint32_t>(entry.payload.size()), 4,
                      piece.payloads);
      piece.payloads += entry.payload;
      return;
    case ExportedEntry::Payload::kErased:
      return AppendBigEndian(kErasedLength, 4, piece.payloads);
    case ExportedEntry::Payload::kNotForThisReader:
      return AppendBigEndian(kNotForThisReaderLength, 4, piece.payloads);
  }
}

struct LedgerExport::Writing {
  std::string dir;
  std::string folder;  // where all is written until Finish
  TileBuilder tiles;
  PieceText piece;  // that is not full yet
  std::vector<ManifestEntry> files;
  absl::Status status;  // of the first write that failed

  uint64_t size() const { return tiles.frontier().size(); }

  absl::Status Write(const std::string& path, absl::string_view bytes) {
    const std::string whole = absl::StrCat(folder, "/", path);
    std::error_code error;
    fs::create_directories(fs::path(whole).parent_path(), error);
    if (error) return absl::UnavailableError(error.message());
    RETURN_IF_ERROR(WriteSynced({whole, folder + kTemporary}, bytes));
    const Bytes view(reinterpret_cast<const uint8_t*>(bytes.data()),
                     bytes.size());
    files.push_back({path, bytes.size(), hash::Sha256(view)});
    return absl::OkStatus();
  }

  TileBuilder::TileSink TileWriter() {
    return [this](const std::string& path, const std::string& bytes) {
      if (status.ok()) status = Write(path, bytes);
    };
  }

  absl::Status WritePieces(uint32_t width) {
    const Piece at{(size() - 1) / kTileWidth, width};
    RETURN_IF_ERROR(Write(EntriesPath(at), piece.entries));
    RETURN_IF_ERROR(Write(PayloadPath(at), piece.payloads));
    piece = {};
    return absl::OkStatus();
  }

  absl::Status SyncFolders() {
    std::error_code error;
    for (const auto& entry : fs::recursive_directory_iterator(folder, error)) {
      if (entry.is_directory())
        RETURN_IF_ERROR(SyncFolder(entry.path().string()));
    }
    return error ? absl::UnavailableError(error.message()) : SyncFolder(folder);
  }
};

LedgerExport::LedgerExport(std::unique_ptr<Writing> writing)
    : writing_(std::move(writing)) {}

LedgerExport::~LedgerExport() {
  if (writing_->folder.empty()) return;
  std::error_code ignored;
  fs::remove_all(writing_->folder, ignored);
}

absl::StatusOr<std::unique_ptr<LedgerExport>> LedgerExport::Create(
    const std::string& dir) {
  std::error_code error;
  const fs::path target = fs::absolute(dir, error).lexically_normal();
  if (fs::exists(target, error) &&
      !(fs::is_directory(target, error) && fs::is_empty(target, error))) {
    return absl::AlreadyExistsError(absl::StrCat(
        dir, ": 已存在且不为空，请换一个目录/exists and is not empty: ",
        "choose another folder"));
  }
  auto writing = std::make_unique<Writing>();
  writing->dir = target.string();
  if (writing->dir.back() == '/') writing->dir.pop_back();
  fs::create_directories(fs::path(writing->dir).parent_path(), error);
  std::string pattern = absl::StrCat(writing->dir, ".partial-XXXXXX");
  if (mkdtemp(pattern.data()) == nullptr) {
    return FileError("create", pattern);
  }
  writing->folder = pattern;
  chmod(pattern.c_str(), 0755);
  return std::unique_ptr<LedgerExport>(new LedgerExport(std::move(writing)));
}

uint64_t LedgerExport::size() const { return writing_->size(); }

absl::Status LedgerExport::Add(const ExportedEntry& entry) {
  RETURN_IF_ERROR(writing_->status);
  const Bytes header_bytes = hash::AsBytes(entry.header);
  const auto header = proof::DecodeHeader(header_bytes);
  if (!header.ok() || header->index != size()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "条目/entry ", size(), ": 头部不合格/its header is not one"));
  }
  const bool present = entry.status == ExportedEntry::Payload::kPresent;
  if (present &&
      !proof::PayloadMatches(*header, hash::AsBytes(entry.payload))) {
    return absl::DataLossError(
        absl::StrCat("条目/entry ", size(),
                     ": 内容与摘要不符/the payload is not the header's"));
  }
  AppendEntry(entry, writing_->piece);
  writing_->tiles.Append(hash::LeafHash(header_bytes), writing_->TileWriter());
  if (size() % kTileWidth == 0 && writing_->status.ok()) {
    writing_->status = writing_->WritePieces(kTileWidth);
  }
  return writing_->status;
}

absl::Status LedgerExport::Finish(absl::string_view note) {
  Writing& writing = *writing_;
  RETURN_IF_ERROR(writing.status);
  const auto signed_note = proof::ParseNote({note.data(), note.size()});
  if (!signed_note.ok()) {
    return absl::DataLossError("checkpoint: 不是签名文本/not a signed note");
  }
  const auto checkpoint = proof::ParseCheckpoint(signed_note->text);
  if (!checkpoint.ok() || checkpoint->size != size() ||
      checkpoint->root != writing.tiles.frontier().Root()) {
    return absl::DataLossError(
        absl::StrCat("checkpoint: 与已写入的 ", size(),
                     " 个条目不符/not that of the entries written"));
  }
  if (size() % kTileWidth != 0) {
    RETURN_IF_ERROR(
        writing.WritePieces(static_cast<uint32_t>(size() % kTileWidth)));
  }
  writing.tiles.Finish(writing.TileWriter());
  RETURN_IF_ERROR(writing.status);
  RETURN_IF_ERROR(writing.Write(kCheckpointFile, note));
  std::sort(writing.files.begin(), writing.files.end(),
            [](const auto& a, const auto& b) { return a.path < b.path; });
  const std::string manifest =
      ManifestText(checkpoint->origin, checkpoint->size, writing.files);
  RETURN_IF_ERROR(writing.Write(kManifestFile, manifest));
  RETURN_IF_ERROR(writing.SyncFolders());
  if (rename(writing.folder.c_str(), writing.dir.c_str()) != 0) {
    return FileError("rename", writing.dir);
  }
  writing.folder.clear();
  return SyncFolder(fs::path(writing.dir).parent_path().string());
}

}  // namespace dataip::client
