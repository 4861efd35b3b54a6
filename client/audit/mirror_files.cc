#include "client/audit/mirror_files.h"

#include <algorithm>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/export/export_layout.h"
#include "client/export/mirror_folder.h"

namespace dataip::client {
namespace {

constexpr uint32_t kLevels = 8;  // 2^63 entries need no more

// A file of tiles, entries or payloads.
struct Named {
  uint32_t level = 0;  // of tiles; 0 for entries and payloads
  Piece piece;
  std::string (*path)(uint32_t level, const Piece& piece) = nullptr;
};

std::string EntriesAt(uint32_t, const Piece& piece) {
  return EntriesPath(piece);
}
std::string PayloadAt(uint32_t, const Piece& piece) {
  return PayloadPath(piece);
}

// `x001/234.p/17` or `x001/234`.
std::optional<Piece> ReadPieceName(absl::string_view name) {
  Piece piece;
  const size_t dot = name.find(".p/");
  if (dot != absl::string_view::npos) {
    if (!absl::SimpleAtoi(name.substr(dot + 3), &piece.width) ||
        piece.width == 0 || piece.width >= kTileWidth) {
      return std::nullopt;
    }
    name = name.substr(0, dot);
  }
  std::string digits;
  for (absl::string_view group : absl::StrSplit(name, '/')) {
    if (!group.empty() && group[0] == 'x') group.remove_prefix(1);
    absl::StrAppend(&digits, group);
  }
  if (!absl::SimpleAtoi(digits, &piece.number)) return std::nullopt;
  return piece;
}

std::optional<Named> ReadName(const std::string& path) {
  std::vector<Named> forms = {{0, {}, &EntriesAt}, {0, {}, &PayloadAt}};
  std::vector<std::string> folders = {"tile/entries/", "payload/"};
  for (uint32_t level = 0; level < kLevels; ++level) {
    forms.push_back({level, {}, &TilePath});
    folders.push_back(absl::StrCat("tile/", level, "/"));
  }
  for (size_t i = 0; i < forms.size(); ++i) {
    if (!absl::StartsWith(path, folders[i])) continue;
    const auto piece =
        ReadPieceName(absl::string_view(path).substr(folders[i].size()));
    if (!piece.has_value()) return std::nullopt;
    forms[i].piece = *piece;
    if (forms[i].path(forms[i].level, *piece) != path) return std::nullopt;
    return forms[i];
  }
  return std::nullopt;
}

}  // namespace

bool IsMirror(const ExportFiles& files) {
  return std::binary_search(files.paths.begin(), files.paths.end(),
                            kMirrorAboutFile);
}

MirrorExtras SortExtras(const std::vector<std::string>& extras, uint64_t size) {
  MirrorExtras sorted;
  for (const std::string& path : extras) {
    if (absl::StartsWith(path, kMirrorFolder)) continue;
    if (absl::StartsWith(path, kEvidenceFolder)) {
      sorted.evidence.push_back(path);
      continue;
    }
    const auto named = ReadName(path);
    if (!named.has_value()) {
      sorted.unexpected.push_back(path);
      continue;
    }
    const uint64_t count = size >> (named->level * kTileLevels);
    const auto rest = static_cast<uint32_t>(count % kTileWidth);
    const Piece& piece = named->piece;
    if (piece.number < count / kTileWidth) {
      sorted.older.push_back(
          {path, named->path(named->level, {piece.number, kTileWidth})});
    } else if (piece.number == count / kTileWidth && piece.width < rest) {
      sorted.older.push_back(
          {path, named->path(named->level, {piece.number, rest})});
    }
  }
  return sorted;
}

}  // namespace dataip::client
