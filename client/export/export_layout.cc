#include "client/export/export_layout.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/hex.h"
#include "core/verify/json.h"

namespace dataip::client {
namespace {

// tlog-tiles: groups of three digits, `x` before all but the last.
std::string NumberPath(uint64_t number) {
  char group[8];
  std::snprintf(group, sizeof group, "%03u",
                static_cast<unsigned>(number % 1000));
  std::string path = group;
  for (number /= 1000; number > 0; number /= 1000) {
    std::snprintf(group, sizeof group, "x%03u",
                  static_cast<unsigned>(number % 1000));
    path = absl::StrCat(group, "/", path);
  }
  return path;
}

std::string PiecePath(absl::string_view folder, const Piece& piece) {
  std::string path = absl::StrCat(folder, "/", NumberPath(piece.number));
  if (piece.width < kTileWidth) absl::StrAppend(&path, ".p/", piece.width);
  return path;
}

}  // namespace

hash::Hash FoldTile(absl::string_view hashes, size_t begin, size_t count) {
  if (count == 1) {
    const absl::string_view one =
        hashes.substr(begin * hash::kHashBytes, hash::kHashBytes);
    return *hash::Hash::From(hash::AsBytes({one.data(), one.size()}));
  }
  return hash::NodeHash(FoldTile(hashes, begin, count / 2),
                        FoldTile(hashes, begin + count / 2, count / 2));
}

std::string TilePath(uint32_t level, const Piece& piece) {
  return PiecePath(absl::StrCat("tile/", level), piece);
}

Piece PieceOf(uint64_t number, uint64_t size) {
  return {number, number < size / kTileWidth
                      ? kTileWidth
                      : static_cast<uint32_t>(size % kTileWidth)};
}

std::string EntriesPath(const Piece& piece) {
  return PiecePath("tile/entries", piece);
}

std::string PayloadPath(const Piece& piece) {
  return PiecePath("payload", piece);
}

std::vector<Piece> PiecesOf(uint64_t count) {
  std::vector<Piece> pieces;
  for (uint64_t number = 0; number < count / kTileWidth; ++number) {
    pieces.push_back({number, kTileWidth});
  }
  if (count % kTileWidth != 0) {
    pieces.push_back(
        {count / kTileWidth, static_cast<uint32_t>(count % kTileWidth)});
  }
  return pieces;
}

std::vector<std::string> ExportPaths(uint64_t size) {
  std::vector<std::string> paths = {kCheckpointFile, kManifestFile};
  for (const Piece& piece : PiecesOf(size)) {
    paths.push_back(EntriesPath(piece));
    paths.push_back(PayloadPath(piece));
  }
  uint64_t hashes = size;
  for (uint32_t level = 0; hashes > 0; ++level, hashes /= kTileWidth) {
    for (const Piece& piece : PiecesOf(hashes)) {
      paths.push_back(TilePath(level, piece));
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

void TileBuilder::Append(const hash::Hash& leaf_hash, const TileSink& sink) {
  frontier_.Append(
      leaf_hash, [&](const proof::NodeId& id, const hash::Hash& hash) {
        if (id.level % kTileLevels != 0) return;
        const uint32_t level = id.level / kTileLevels;
        if (level >= levels_.size()) levels_.resize(level + 1);
        Level& at = levels_[level];
        at.hashes.append(hash.text());
        if (at.hashes.size() < kTileWidth * hash::kHashBytes) return;
        sink(TilePath(level, {at.full_tiles, kTileWidth}), at.hashes);
        at.hashes.clear();
        ++at.full_tiles;
      });
}

std::optional<TileBuilder> TileBuilder::From(uint64_t size,
                                             std::vector<std::string> partial) {
  TileBuilder builder;
  uint64_t hashes = size;
  for (std::string& tile : partial) {
    if (tile.size() != hashes % kTileWidth * hash::kHashBytes) {
      return std::nullopt;
    }
    builder.levels_.push_back({hashes / kTileWidth, std::move(tile)});
    hashes /= kTileWidth;
  }
  if (hashes > 0) return std::nullopt;
  std::vector<hash::Hash> nodes;
  for (const proof::NodeId& id : proof::Frontier::NodesOf(size)) {
    const Level& at = builder.levels_[id.level / kTileLevels];
    const uint32_t rise = id.level % kTileLevels;
    nodes.push_back(FoldTile(at.hashes,
                             (id.index << rise) - at.full_tiles * kTileWidth,
                             size_t{1} << rise));
  }
  auto frontier = proof::Frontier::From(size, std::move(nodes));
  if (!frontier.has_value()) return std::nullopt;
  builder.frontier_ = *std::move(frontier);
  return builder;
}

void TileBuilder::Finish(const TileSink& sink) const {
  for (uint32_t level = 0; level < levels_.size(); ++level) {
    const Level& at = levels_[level];
    const auto width =
        static_cast<uint32_t>(at.hashes.size() / hash::kHashBytes);
    if (width > 0) sink(TilePath(level, {at.full_tiles, width}), at.hashes);
  }
}

std::string ManifestText(absl::string_view origin, uint64_t size,
                         const std::vector<ManifestEntry>& files) {
  std::string text = absl::StrCat("{\"format\":", kManifestFormat,
                                  ",\"origin\":", verify::QuoteJson(origin),
                                  ",\"size\":", size, ",\"files\":[\n");
  for (size_t i = 0; i < files.size(); ++i) {
    absl::StrAppend(&text, "{\"path\":", verify::QuoteJson(files[i].path),
                    ",\"byte_size\":", files[i].byte_size, ",\"sha256\":\"",
                    base::HexEncode(files[i].sha256.span()), "\"}",
                    i + 1 < files.size() ? ",\n" : "\n");
  }
  absl::StrAppend(&text, "]}\n");
  return text;
}

}  // namespace dataip::client
