#include "client/export/mirror_tree.h"

#include <optional>

#include "client/export/export_layout.h"
#include "core/base/status_macros.h"
#include "core/proof/tree.h"

namespace dataip::client {
namespace {

absl::Status Incomplete() {
  return absl::DataLossError("tile/: 镜像的文件不全/the mirror is incomplete");
}

// Of the tree of `size` leaves; the last error of `read` is left in `status`.
proof::NodeReader NodesOf(uint64_t size, const MirrorEdge::Reader& read,
                          absl::Status& status) {
  return [size, &read, &status](proof::NodeId id) -> std::optional<hash::Hash> {
    const uint32_t level = id.level / kTileLevels;
    const uint32_t rise = id.level % kTileLevels;
    const uint64_t first = id.index << rise;
    const uint64_t count = size >> (level * kTileLevels);
    const uint64_t number = first / kTileWidth;
    const auto tile = read(TilePath(level, PieceOf(number, count)));
    if (!tile.ok()) {
      status = tile.status();
      return std::nullopt;
    }
    const uint64_t begin = first % kTileWidth;
    if (tile->size() < (begin + (1u << rise)) * hash::kHashBytes) {
      return std::nullopt;
    }
    return FoldTile(*tile, begin, size_t{1} << rise);
  };
}

}  // namespace

absl::StatusOr<hash::Hash> ProvenRootAt(uint64_t size,
                                        const MirrorCheckpoint& served,
                                        const MirrorEdge::Reader& read) {
  absl::Status status;
  const proof::NodeReader nodes = NodesOf(served.size, read, status);
  const auto root = proof::RootAt(size, nodes);
  const auto path = proof::ConsistencyPath(size, served.size, nodes);
  RETURN_IF_ERROR(status);
  if (!root.has_value() || !path.has_value()) return Incomplete();
  if (proof::VerifyConsistency(size, served.size, *root, served.root, *path)) {
    return *root;
  }
  return absl::DataLossError(
      "tile/: 镜像自己的节点块与其检查点不符，请用 dataip-audit 查明后另建镜像 "
      "(the mirror's own tiles do not lead to its checkpoint: dataip-audit "
      "says "
      "where; then begin a new mirror)");
}

}  // namespace dataip::client
