#include "services/ledger/whole_check.h"

#include <filesystem>
#include <map>
#include <memory>
#include <system_error>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "core/proof/chain.h"
#include "core/proof/header.h"
#include "core/proof/seal.h"
#include "core/proof/tree.h"
#include "services/common/error.h"
#include "services/ledger/map_rebuild.h"
#include "services/ledger/map_version.h"
#include "services/ledger/stored_entry.h"

namespace dataip::ledger {
namespace {

constexpr uint32_t kLevelsPerTile = 8;

absl::Status Wrong(const std::string& en, const std::string& zh) {
  return services::MakeStatus(rpc::v1::DATA_LOSS, {en, zh});
}

absl::Status WrongMap(uint64_t size) {
  return Wrong(absl::StrCat("the map of size ", size,
                            " does not have the root of its seal"),
               absl::StrCat("规模 ", size, " 的映射与其封印的根不符"));
}

// The headers before a seal lead to the root that it names.
absl::Status CheckSeal(const Store& store, uint64_t seal_index,
                       MapRebuilds& rebuilds) {
  ASSIGN_OR_RETURN(const Hash root, ReadSealedMapRoot(store, seal_index));
  ASSIGN_OR_RETURN(const auto map, rebuilds.Rebuild(store, seal_index));
  return map->root() == root ? absl::OkStatus() : WrongMap(seal_index);
}

// The rows and pages as they are stored, of the seal at this index.
absl::Status CheckStoredMap(const Store& store, uint64_t mapped) {
  Hash root;
  if (mapped > 0) {
    ASSIGN_OR_RETURN(root, ReadSealedMapRoot(store, mapped));
  }
  const MapVersion map(
      {std::make_shared<const MapSnapshot>(store),
       std::make_shared<MapPageCache>(limits::kCheckMapCacheBytes)},
      root);
  return map.CheckAll().status();
}

absl::Status CheckMap(const Store& store, const Head& head,
                      const PublishedCheckpoint& checkpoint,
                      const std::string& scratch) {
  ASSIGN_OR_RETURN(const uint64_t mapped, store.ReadMappedSize());
  if (mapped > 0 && mapped >= head.sealed_size) return WrongMap(mapped);
  MapRebuilds rebuilds(scratch);
  if (checkpoint.size > 0) {
    RETURN_IF_ERROR(CheckSeal(store, checkpoint.size - 1, rebuilds));
  }
  if (mapped > 0 && mapped + 1 != checkpoint.size) {
    RETURN_IF_ERROR(CheckSeal(store, mapped, rebuilds));
  }
  return CheckStoredMap(store, mapped);
}

// One pass over a ledger.
class Pass {
 public:
  Pass(const Store& store, const std::string& origin,
       const PublishedCheckpoint& checkpoint, const Head& head)
      : store_(store),
        checkpoint_(checkpoint),
        head_(head),
        prev_(proof::ChainStart(origin)) {}

  absl::Status Run() {
    RETURN_IF_ERROR(
        store_.ForEachEntry({0, head_.size}, [&](const EntryView& entry) {
          status_ = Take(entry);
          return status_.ok();
        }));
    RETURN_IF_ERROR(status_);
    if (prev_ == head_.chain_head) return absl::OkStatus();
    return Wrong("the head does not name the end of the chain",
                 "头记录与链的末端不符");
  }

 private:
  absl::Status Take(const EntryView& entry) {
    const auto header = ReadLinked(entry, prev_);
    if (!header.has_value()) {
      return Wrong(absl::StrCat("header ", entry.index,
                                " is broken or does not continue the chain"),
                   absl::StrCat("条目头 ", entry.index, " 已损坏或未接续链"));
    }
    if (!PayloadStands(*header, entry, head_.size)) {
      return Wrong(
          absl::StrCat("payload ", entry.index, " is not its header's"),
          absl::StrCat("条目 ", entry.index, " 的内容与条目头不符"));
    }
    const Bytes bytes = hash::AsBytes(entry.header);
    RETURN_IF_ERROR(AddLeaf(hash::LeafHash(bytes)));
    prev_ = proof::NextPrev(bytes);
    if (entry.index + 1 == checkpoint_.size) {
      RETURN_IF_ERROR(CheckCheckpoint(entry, *header));
    }
    return absl::OkStatus();
  }

  absl::Status AddLeaf(const Hash& leaf_hash) {
    absl::Status status;
    frontier_.Append(leaf_hash, [&](proof::NodeId id, const Hash& hash) {
      if (id.level % kLevelsPerTile != 0 || !status.ok()) return;
      status =
          AddNode({id.level / kLevelsPerTile, id.index / kTileHashes}, hash);
    });
    return status;
  }

  absl::Status AddNode(TileId tile, const Hash& hash) {
    std::string& filling = filling_[tile.level];
    filling += hash.text();
    if (filling.size() < kTileBytes) return absl::OkStatus();
    const auto stored = store_.ReadTile(tile);
    if (!stored.ok() || *stored != filling) {
      return Wrong(absl::StrCat("tile ", tile.level, "/", tile.number,
                                " is missing or not the tree's"),
                   absl::StrCat("树节点块 ", tile.level, "/", tile.number,
                                " 缺失或与条目不符"));
    }
    filling.clear();
    return absl::OkStatus();
  }

  absl::Status CheckCheckpoint(const EntryView& entry,
                               const proof::EntryHeader& header) const {
    const auto seal = proof::DecodeSeal(hash::AsBytes(entry.payload));
    if (frontier_.Root() != checkpoint_.root ||
        prev_ != checkpoint_.chain_head) {
      return Wrong(
          absl::StrCat("the entries do not lead to the root of the checkpoint "
                       "of size ",
                       checkpoint_.size),
          absl::StrCat("条目与规模 ", checkpoint_.size, " 的检查点的根不符"));
    }
    if (header.type == proof::kSealType && seal.ok()) return absl::OkStatus();
    return WrongMap(entry.index);
  }

  const Store& store_;
  const PublishedCheckpoint& checkpoint_;
  const Head& head_;
  Hash prev_;
  proof::Frontier frontier_;
  std::map<uint32_t, std::string> filling_;  // of the last tile of a level
  absl::Status status_;
};

}  // namespace

absl::Status CheckWhole(const Store& store, const std::string& origin,
                        const PublishedCheckpoint& checkpoint,
                        const std::string& scratch) {
  ASSIGN_OR_RETURN(const Head head, store.ReadHead());
  ASSIGN_OR_RETURN(const uint64_t headers, store.CountHeaders());
  if (headers != head.size || head.size < checkpoint.size) {
    return Wrong(
        absl::StrCat("the head says ", head.size, " entries, there are ",
                     headers, ", the checkpoint says ", checkpoint.size),
        absl::StrCat("头记录为 ", head.size, " 个条目，实有 ", headers,
                     " 个，检查点为 ", checkpoint.size, " 个"));
  }
  RETURN_IF_ERROR(Pass(store, origin, checkpoint, head).Run());
  const absl::Status map = CheckMap(store, head, checkpoint, scratch);
  std::error_code ignored;
  std::filesystem::remove_all(scratch, ignored);
  return map;
}

}  // namespace dataip::ledger
