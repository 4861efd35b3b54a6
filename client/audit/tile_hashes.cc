#include "client/audit/tile_hashes.h"

#include "client/export/export_layout.h"
#include "core/proof/tree.h"

namespace dataip::client {

void TileHashes::Append(uint32_t level, const hash::Hash& subtree) {
  if (level > levels_.size()) levels_.resize(level);
  Level& at = levels_[level - 1];
  at.hashes.push_back(subtree);
  if (at.hashes.size() < kTileWidth) return;
  Complete(level, at.full_tiles);
  const hash::Hash root = proof::RootFromLeaves(at.hashes);
  at.hashes.clear();
  ++at.full_tiles;
  Append(level + 1, root);
}

void TileHashes::Finish() {
  for (uint32_t level = 1; level <= levels_.size(); ++level) {
    const Level& at = levels_[level - 1];
    if (!at.hashes.empty()) Complete(level, at.full_tiles);
  }
}

void TileHashes::Complete(uint32_t level, uint64_t number) {
  const std::vector<hash::Hash>& hashes = levels_[level - 1].hashes;
  hash::Sha256Stream digest;
  for (const hash::Hash& hash : hashes) digest.Update(hash.span());
  const auto width = static_cast<uint32_t>(hashes.size());
  digests_[TilePath(level, {number, width})] = digest.Finish();
}

std::optional<hash::Hash> TileHashes::Find(const std::string& path) const {
  const auto found = digests_.find(path);
  if (found == digests_.end()) return std::nullopt;
  return found->second;
}

}  // namespace dataip::client
