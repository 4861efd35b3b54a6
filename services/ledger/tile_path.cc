#include "services/ledger/tile_path.h"

#include <string>

#include "absl/strings/str_cat.h"

namespace dataip::ledger {
namespace {

using client::Piece;

// An index below 2^63 lies in a tile of a lower level, and its number has at
// most 18 digits.
constexpr uint32_t kMostLevel = 7;
constexpr size_t kMostDigits = 18;
constexpr std::string_view kPartial = ".p/";

bool Consume(std::string_view& text, std::string_view prefix) {
  if (text.substr(0, prefix.size()) != prefix) return false;
  text.remove_prefix(prefix.size());
  return true;
}

std::optional<uint64_t> ParseDigits(std::string_view digits) {
  if (digits.empty() || digits.size() > kMostDigits) return std::nullopt;
  uint64_t number = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + static_cast<uint64_t>(c - '0');
  }
  return number;
}

// Reads more than the one spelling; the caller compares.
std::optional<Piece> ParsePiece(std::string_view text) {
  Piece piece;
  const size_t partial = text.find(kPartial);
  if (partial != std::string_view::npos) {
    const auto width = ParseDigits(text.substr(partial + kPartial.size()));
    if (!width.has_value() || *width == 0 || *width >= client::kTileWidth) {
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

std::string Spelled(const TilePath& path) {
  switch (path.kind) {
    case TilePath::Kind::kCheckpoint:
      return client::kCheckpointFile;
    case TilePath::Kind::kTile:
      return client::TilePath(path.level, path.piece);
    case TilePath::Kind::kEntries:
      return client::EntriesPath(path.piece);
    case TilePath::Kind::kPayloads:
      return client::PayloadPath(path.piece);
  }
  return "";
}

std::optional<TilePath> ParseLoosely(std::string_view rest) {
  TilePath path;
  if (rest == client::kCheckpointFile) return path;
  if (Consume(rest, "payload/")) {
    path.kind = TilePath::Kind::kPayloads;
  } else if (Consume(rest, "tile/entries/")) {
    path.kind = TilePath::Kind::kEntries;
  } else if (Consume(rest, "tile/")) {
    path.kind = TilePath::Kind::kTile;
    const size_t end = rest.find('/');
    if (end == std::string_view::npos) return std::nullopt;
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

std::optional<TilePath> ParseTilePath(std::string_view path) {
  if (!Consume(path, "/")) return std::nullopt;
  const auto parsed = ParseLoosely(path);
  if (!parsed.has_value() || Spelled(*parsed) != path) return std::nullopt;
  return parsed;
}

}  // namespace dataip::ledger
