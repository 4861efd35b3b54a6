// Which files an export consists of, and what stands in them (formats.md 6;
// C2SP tlog-tiles). Shared by the writer and the auditor's reader.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/hash/hash.h"
#include "core/proof/tree.h"

namespace dataip::client {

// Hashes in a full tile, entries in a full bundle of entries or payloads.
inline constexpr uint32_t kTileWidth = 256;
// Levels of the tree that one level of tiles spans.
inline constexpr uint32_t kTileLevels = 8;
// Lengths in a payload file that stand for no bytes (formats.md 6).
inline constexpr uint32_t kErasedLength = 0xffffffff;
inline constexpr uint32_t kNotForThisReaderLength = 0xfffffffe;
inline constexpr char kCheckpointFile[] = "checkpoint";
inline constexpr char kManifestFile[] = "manifest.json";
// Format of the manifest that this program writes and knows.
inline constexpr int64_t kManifestFormat = 1;

// A numbered file: full at kTileWidth, else partial with that many.
struct Piece {
  uint64_t number = 0;
  uint32_t width = kTileWidth;
};

// The piece of this number in a ledger of this size, which has it.
Piece PieceOf(uint64_t number, uint64_t size);

// E.g. `tile/0/x001/234`, `tile/1/000.p/7`.
std::string TilePath(uint32_t level, const Piece& piece);
std::string EntriesPath(const Piece& piece);
std::string PayloadPath(const Piece& piece);

// The pieces that `count` things fill: full ones, then one partial at most.
std::vector<Piece> PiecesOf(uint64_t count);

// Every path of an export of this size, the manifest too, ascending.
std::vector<std::string> ExportPaths(uint64_t size);

// The root of the complete subtree over `count` of a tile's hashes from
// position `begin`; count is a power of two, all within the tile.
hash::Hash FoldTile(absl::string_view hashes, size_t begin, size_t count);

// Collects the hashes of tiles while leaves are appended.
class TileBuilder {
 public:
  using TileSink =
      std::function<void(const std::string& path, const std::string& bytes)>;

  // Goes on at `size`: `partial[L]` are the hashes of level L's last, partial
  // tile ("" where it is full). Nothing when their number is not that of the
  // size.
  static std::optional<TileBuilder> From(uint64_t size,
                                         std::vector<std::string> partial);

  // Tiles that become full go to `sink`.
  void Append(const hash::Hash& leaf_hash, const TileSink& sink);
  // The partial tiles.
  void Finish(const TileSink& sink) const;

  const proof::Frontier& frontier() const { return frontier_; }

 private:
  struct Level {
    uint64_t full_tiles = 0;
    std::string hashes;
  };

  proof::Frontier frontier_;
  std::vector<Level> levels_;
};

struct ManifestEntry {
  std::string path;
  uint64_t byte_size = 0;
  hash::Hash sha256;
};

// The one spelling of the manifest: `files` ascending by path, itself left
// out.
std::string ManifestText(absl::string_view origin, uint64_t size,
                         const std::vector<ManifestEntry>& files);

}  // namespace dataip::client
