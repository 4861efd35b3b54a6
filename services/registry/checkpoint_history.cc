#include "services/registry/checkpoint_history.h"

#include "core/base/limits.h"

namespace dataip::registryd {

void CheckpointHistory::Add(const SeenCheckpoint& checkpoint) {
  const uint64_t before = newest().size;
  if (checkpoint.size <= before) return;
  uint64_t seals_from = checkpoint.size - 1;
  if (before > 0 && seals_from == before) seals_from = lines_.back().seals_from;
  if (lines_.size() == limits::kCheckpointsKept) lines_.pop_back();
  lines_.push_back({checkpoint, seals_from});
}

SeenCheckpoint CheckpointHistory::NewestAt(uint64_t last_index) {
  while (lines_.size() > 1 && lines_[1].seals_from <= last_index + 1) {
    lines_.pop_front();
  }
  if (lines_.empty() || lines_.front().seals_from > last_index + 1) return {};
  return lines_.front().checkpoint;
}

SeenCheckpoint CheckpointHistory::newest() const {
  return lines_.empty() ? SeenCheckpoint() : lines_.back().checkpoint;
}

}  // namespace dataip::registryd
