// Which of the checkpoints that were seen is the newest at which an answer is
// true.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

namespace dataip::registryd {

struct SeenCheckpoint {
  uint64_t size = 0;  // 0: none was seen
  int64_t seal_time_ms = 0;
};

// A checkpoint ends with a seal, and seals change nothing: what is true after
// entry N is true at every size up to which only seals follow N. A registry
// that lags, or was fenced, so keeps the checkpoint that its state has. Not
// thread safe.
class CheckpointHistory {
 public:
  // Sizes ascend; others are passed over.
  void Add(const SeenCheckpoint& checkpoint);

  // The newest checkpoint that has no entry but seals after `last_index`;
  // nothing when all have. `last_index` never falls from call to call.
  SeenCheckpoint NewestAt(uint64_t last_index);

  // The newest that was added.
  SeenCheckpoint newest() const;

 private:
  struct Line {
    SeenCheckpoint checkpoint;
    uint64_t seals_from = 0;  // known: from here to its end only seals
  };
  // The oldest first; of those that an answer was true at, only the newest.
  std::deque<Line> lines_;
};

}  // namespace dataip::registryd
