#include "services/ledger/tree.h"

#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "services/common/error.h"

namespace dataip::ledger {
namespace {

constexpr uint32_t kLevelsPerTile = 8;

Hash HashAt(std::string_view tile, size_t position) {
  return *Hash::From(hash::AsBytes(
      tile.substr(position * hash::kHashBytes, hash::kHashBytes)));
}

// The root of a complete subtree over `count` hashes of a tile.
Hash Fold(std::string_view tile, size_t begin, size_t count) {
  if (count == 1) return HashAt(tile, begin);
  return hash::NodeHash(Fold(tile, begin, count / 2),
                        Fold(tile, begin + count / 2, count / 2));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Tree>> Tree::Load(const Store& store,
                                                 uint64_t size) {
  std::unique_ptr<Tree> tree(new Tree(store));
  uint32_t level = 0;
  for (uint64_t count = size; count > 0; count /= kTileHashes) {
    RETURN_IF_ERROR(tree->LoadLevel(level++, count));
  }
  const proof::NodeReader read = tree->Reader();
  std::vector<Hash> nodes;
  for (const proof::NodeId& id : proof::Frontier::NodesOf(size)) {
    const auto node = read(id);
    if (!node.has_value()) {
      return services::MakeStatus(
          rpc::v1::DATA_LOSS,
          {absl::StrCat("tree node ", id.level, "/", id.index,
                        " is missing; restore a backup"),
           absl::StrCat("缺少树节点 ", id.level, "/", id.index,
                        "，请从备份恢复")});
    }
    nodes.push_back(*node);
  }
  tree->frontier_ = *proof::Frontier::From(size, std::move(nodes));
  return tree;
}

// `count` nodes exist at the level; those of its last, partial tile are
// hashed from what stands below.
absl::Status Tree::LoadLevel(uint32_t level, uint64_t count) {
  const uint64_t number = count / kTileHashes;
  Edge edge{number, {}};
  const uint64_t begin = number * kTileHashes;
  if (level == 0) {
    RETURN_IF_ERROR(store_.ForEachHeader(
        {begin, count}, [&](uint64_t, std::string_view header) {
          edge.hashes.push_back(hash::LeafHash(hash::AsBytes(header)));
          return true;
        }));
  } else {
    for (uint64_t child = begin; child < count; ++child) {
      ASSIGN_OR_RETURN(const std::string tile,
                       store_.ReadTile({level - 1, child}));
      edge.hashes.push_back(Fold(tile, 0, kTileHashes));
    }
  }
  std::string filling;
  for (const Hash& hash : edge.hashes) filling += hash.text();
  filling_.push_back(std::move(filling));
  base::MutexLock lock(mutex_);
  edges_.push_back(std::move(edge));
  return absl::OkStatus();
}

void Tree::Add(const Hash& leaf_hash, Store::Batch& batch) {
  frontier_.Append(leaf_hash, [&](proof::NodeId id, const Hash& hash) {
    if (id.level % kLevelsPerTile != 0) return;
    const uint32_t level = id.level / kLevelsPerTile;
    const TileId tile{level, id.index / kTileHashes};
    if (filling_.size() <= level) filling_.emplace_back();
    std::string& filling = filling_[level];
    filling += hash.text();
    added_.push_back({tile, hash});
    if (filling.size() == kTileBytes) {
      batch.AddTile(tile, filling);
      filling.clear();
    }
  });
}

void Tree::Publish(const Added& added) {
  base::MutexLock lock(mutex_);
  for (const Node& node : added) {
    if (edges_.size() <= node.tile.level) edges_.emplace_back();
    Edge& edge = edges_[node.tile.level];
    if (edge.number != node.tile.number) edge = {node.tile.number, {}};
    edge.hashes.push_back(node.hash);
  }
}

std::optional<std::string> Tree::ReadTile(TileId id, size_t count) const {
  {
    base::MutexLock lock(mutex_);
    if (id.level >= edges_.size()) return std::nullopt;
    const Edge& edge = edges_[id.level];
    if (id.number > edge.number) return std::nullopt;
    if (id.number == edge.number) {
      if (edge.hashes.size() < count) return std::nullopt;
      std::string tile;
      for (const Hash& hash : edge.hashes) tile += hash.text();
      return tile;
    }
  }
  auto tile = store_.ReadTile(id);
  if (!tile.ok()) return std::nullopt;
  return *std::move(tile);
}

absl::StatusOr<std::string> Tree::Tile(TileId id, size_t width) const {
  std::optional<std::string> tile = ReadTile(id, width);
  if (!tile.has_value()) {
    return absl::DataLossError(absl::StrCat("tile ", id.level, "/", id.number,
                                            " has fewer than ", width,
                                            " hashes"));
  }
  if (tile->size() == kTileBytes) RETURN_IF_ERROR(CheckFull(id, *tile));
  tile->resize(width * hash::kHashBytes);
  return *std::move(tile);
}

// Readers keep a full tile for a year: what the disk has made of it must not
// leave the ledger.
absl::Status Tree::CheckFull(TileId id, std::string_view tile) const {
  const size_t position = id.number % kTileHashes;
  const auto above =
      ReadTile({id.level + 1, id.number / kTileHashes}, position + 1);
  if (above.has_value() &&
      Fold(tile, 0, kTileHashes) == HashAt(*above, position)) {
    return absl::OkStatus();
  }
  return services::MakeStatus(
      rpc::v1::DATA_LOSS, {absl::StrCat("tile ", id.level, "/", id.number,
                                        " is not the tree's; restore a backup"),
                           absl::StrCat("树节点块 ", id.level, "/", id.number,
                                        " 与树不符，请从备份恢复")});
}

proof::NodeReader Tree::Reader() const {
  auto tiles = std::make_shared<std::map<TileId, std::string>>();
  return [this, tiles](proof::NodeId id) -> std::optional<Hash> {
    const uint32_t inside = id.level % kLevelsPerTile;
    const size_t count = size_t{1} << inside;
    const uint64_t first = id.index << inside;
    const TileId tile_id{id.level / kLevelsPerTile, first / kTileHashes};
    const size_t begin = first % kTileHashes;
    auto found = tiles->find(tile_id);
    const size_t needed = (begin + count) * hash::kHashBytes;
    if (found == tiles->end() || found->second.size() < needed) {
      auto tile = ReadTile(tile_id, begin + count);
      if (!tile.has_value()) return std::nullopt;
      found = tiles->insert_or_assign(tile_id, *std::move(tile)).first;
    }
    return Fold(found->second, begin, count);
  };
}

}  // namespace dataip::ledger
