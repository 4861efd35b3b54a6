// The tiles above the lowest level as the entries make them (C2SP tlog-tiles),
// by the digest of each.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/hash/hash.h"

namespace dataip::client {

class TileHashes {
 public:
  // The root over the leaves of the next full tile of level 0.
  void Append(const hash::Hash& subtree) { Append(1, subtree); }
  // The partial tiles; afterwards nothing may be appended.
  void Finish();

  // SHA-256 of the tile's bytes; nothing when the entries made no such tile.
  std::optional<hash::Hash> Find(const std::string& path) const;

 private:
  struct Level {
    uint64_t full_tiles = 0;
    std::vector<hash::Hash> hashes;  // of the tile that is not full yet
  };

  void Append(uint32_t level, const hash::Hash& subtree);
  void Complete(uint32_t level, uint64_t number);

  std::vector<Level> levels_;  // from level 1
  std::map<std::string, hash::Hash> digests_;
};

}  // namespace dataip::client
