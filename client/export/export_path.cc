#include "client/export/export_path.h"

#include "absl/strings/str_cat.h"

namespace dataip::client {
namespace {

// An index below 2^63 lies in a tile of a lower level, and its number has at
// most 18 digits.
constexpr uint32_t kMostLevel = 7;
constexpr size_t kMostDigits = 18;
constexpr absl::string_view kPartial = ".p/";

bool Consume(absl::string_view& text, absl::string_view prefix) {
  if (text.substr(0, prefix.size()) != prefix) return false;
  text.remove_prefix(prefix.size());
  return true;
}

std::optional<uint64_t> ParseDigits(absl::string_view digits) {
  if (digits.empty() || digits.size() > kMostDigits) return std::nullopt;
  uint64_t number = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + static_cast<uint64_t>(c - '0');
  }
  return number;
}

// Reads more than the one spelling; the caller compares.
std::optional<Piece> ParsePiece(absl::string_view text) {
  Piece piece;
  const size_t partial = text.find(kPartial);
  if (partial != absl::string_view::npos) {
    const auto width = ParseDigits(text.substr(partial + kPartial.size()));
    if (!width.has_value() || *width == 0 || *width >= kTileWidth) {
      return std::nullopt;
    }
    piece.width = static_cast<uint32_t>(*width);
    text = text.substr(0, partial);
  }
  std::string digits;
  for (const char c : text) {
    if (c != 'x' && c != '/') digits += c;
  }
  const auto number = ParseDigits(digits);
  if (!number.has_value()) return std::nullopt;
  piece.number = *number;
  return piece;
}

std::optional<ExportPath> ParseLoosely(absl::string_view rest) {
  ExportPath path;
  if (rest == kCheckpointFile) return path;
  if (Consume(rest, "payload/")) {
    path.kind = ExportPath::Kind::kPayloads;
  } else if (Consume(rest, "tile/entries/")) {
    path.kind = ExportPath::Kind::kEntries;
  } else if (Consume(rest, "tile/")) {
    path.kind = ExportPath::Kind::kTile;
    const size_t end = rest.find('/');
    if (end == absl::string_view::npos) return std::nullopt;
    const auto level = ParseDigits(rest.substr(0, end));
    if (!level.has_value() || *level > kMostLevel) return std::nullopt;
    path.level = static_cast<uint32_t>(*level);
    rest.remove_prefix(end + 1);
  } else {
    return std::nullopt;
  }
  const auto piece = ParsePiece(rest);
  if (!piece.has_value()) return std::nullopt;
  path.piece = *piece;
  return path;
}

}  // namespace

std::string Spelled(const ExportPath& path) {
  switch (path.kind) {
    case ExportPath::Kind::kCheckpoint:
      return kCheckpointFile;
    case ExportPath::Kind::kTile:
      return TilePath(path.level, path.piece);
    case ExportPath::Kind::kEntries:
      return EntriesPath(path.piece);
    case ExportPath::Kind::kPayloads:
      return PayloadPath(path.piece);
  }
  return "";
}

std::optional<ExportPath> ParseExportPath(absl::string_view path) {
  const auto parsed = ParseLoosely(path);
  if (!parsed.has_value() || Spelled(*parsed) != path) return std::nullopt;
  return parsed;
}

bool IsPartialFolder(absl::string_view path) {
  constexpr absl::string_view kFolder = ".p";
  return path.size() > kFolder.size() &&
         path.substr(path.size() - kFolder.size()) == kFolder &&
         ParseExportPath(absl::StrCat(path, "/1")).has_value();
}

}  // namespace dataip::client
