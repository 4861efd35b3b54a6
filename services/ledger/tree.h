// The Merkle tree of the ledger (formats.md 2) as tiles of 256 hashes: full
// ones in the store, the partial ones of the right edge in memory.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "core/base/mutex.h"
#include "core/proof/tree.h"
#include "services/ledger/store.h"

namespace dataip::ledger {

// The sequencer alone appends: Add while it builds a batch, TakeAdded when the
// batch is complete; Publish gets that, in the same order, once the batch is
// durable. Reading runs in any thread and sees published leaves only.
class Tree {
 public:
  // What a batch added to the tiles.
  struct Node {
    TileId tile;
    Hash hash;
  };
  using Added = std::vector<Node>;

  // Rebuilds the right edge for `size` leaves: the last partial tile from
  // stored headers, those above from the tiles below. DATA_LOSS when a header
  // or tile is missing.
  static absl::StatusOr<std::unique_ptr<Tree>> Load(const Store& store,
                                                    uint64_t size);

  // Adds a leaf; tiles that it completes go into the batch.
  void Add(const Hash& leaf_hash, Store::Batch& batch);
  // What Add did since the last call.
  Added TakeAdded() { return std::exchange(added_, {}); }
  // Makes a batch readable, which is durable.
  void Publish(const Added& added);

  uint64_t size() const { return frontier_.size(); }  // with what was added
  Hash Root() const { return frontier_.Root(); }      // with what was added

  // The first `width` hashes of a tile over published leaves, encoded.
  // DATA_LOSS when there are fewer, or a full tile is not what the tile above
  // says.
  absl::StatusOr<std::string> Tile(TileId id, size_t width) const;

  // Reads nodes of published leaves. The reader remembers the tiles that it
  // read: make one per request, use it in one thread.
  proof::NodeReader Reader() const;

 private:
  // The partial tile of one level.
  struct Edge {
    uint64_t number = 0;
    std::vector<Hash> hashes;
  };
  explicit Tree(const Store& store) : store_(store) {}

  absl::Status LoadLevel(uint32_t level, uint64_t count);
  // Encoded hashes, at least `count` of them; nothing when there are fewer.
  std::optional<std::string> ReadTile(TileId id, size_t count) const;
  absl::Status CheckFull(TileId id, std::string_view tile) const;

  const Store& store_;
  // Sequencer only.
  proof::Frontier frontier_;
  std::vector<std::string> filling_;  // by level: the hashes of its last tile
  Added added_;
  // Readers.
  mutable base::Mutex mutex_;
  std::vector<Edge> edges_ DATAIP_GUARDED_BY(mutex_);  // by level
};

}  // namespace dataip::ledger
