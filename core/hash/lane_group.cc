#include "core/hash/lane_group.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace dataip::hash::lanes {
namespace {

// One lane's message: its segments of whole blocks, one after the other.
class Lane {
 public:
  bool busy() const { return left_ > 0; }
  uint64_t left() const { return left_; }
  const uint8_t* start() const { return start_; }
  uint32_t index() const { return index_; }

  // The first segment is ready afterwards.
  void Take(uint32_t index, Bytes prefix, Bytes message) {
    index_ = index;
    uint8_t* const tail = buffer_ + kBlockBytes;
    const uint64_t bits = (prefix.size() + message.size()) * 8;
    const uint8_t* head = tail;
    size_t used = 0;
    if (!prefix.empty()) {
      const size_t beside = std::min(kBlockBytes - 1, message.size());
      const bool whole = 1 + beside == kBlockBytes;
      uint8_t* const first = whole ? buffer_ : tail;
      first[0] = prefix[0];
      Copy(message.first(beside), first + 1);
      message = message.subspan(beside);
      head = first;
      if (!whole) used = 1 + beside;
    }
    body_ = message.data();
    body_blocks_ = message.size() / kBlockBytes;
    const Bytes rest = message.subspan(body_blocks_ * kBlockBytes);
    Copy(rest, tail + used);
    PadTail(used + rest.size(), bits);
    if (body_blocks_ == 0) {
      Enter(head, (tail - head) / kBlockBytes + tail_blocks_);
      tail_blocks_ = 0;
    } else if (head != tail) {
      Enter(head, 1);
    } else {
      EnterBody();
    }
  }

  // Of the segment, `blocks` are done. False when the message is.
  bool Advance(uint64_t blocks) {
    left_ -= blocks;
    if (left_ > 0) return true;
    if (body_blocks_ > 0) {
      EnterBody();
    } else if (tail_blocks_ > 0) {
      Enter(buffer_ + kBlockBytes, tail_blocks_);
      tail_blocks_ = 0;
    }
    return left_ > 0;
  }

 private:
  static void Copy(Bytes from, uint8_t* to) {
    if (!from.empty()) std::memcpy(to, from.data(), from.size());
  }

  void Enter(const uint8_t* start, uint64_t blocks) {
    start_ = start;
    left_ = blocks;
  }

  void EnterBody() {
    Enter(body_, body_blocks_);
    body_blocks_ = 0;
  }

  void PadTail(size_t used, uint64_t bits) {
    uint8_t* const tail = buffer_ + kBlockBytes;
    tail_blocks_ = used + kPaddingBytes <= kBlockBytes ? 1 : 2;
    const size_t length_at = tail_blocks_ * kBlockBytes - 8;
    tail[used] = 0x80;
    std::memset(tail + used + 1, 0, length_at - used - 1);
    for (size_t i = 0; i < 8; ++i) {
      tail[length_at + i] = static_cast<uint8_t>(bits >> (56 - 8 * i));
    }
  }

  uint32_t index_ = 0;
  uint64_t left_ = 0;
  const uint8_t* start_ = nullptr;
  const uint8_t* body_ = nullptr;
  uint64_t body_blocks_ = 0;
  uint64_t tail_blocks_ = 0;
  // A first block that begins with the prefix, and the last one or two.
  uint8_t buffer_[3 * kBlockBytes];
};

// All lanes of a kernel, refilled until nothing is left.
class Lanes {
 public:
  Lanes(const Kernel& kernel, const Work& work)
      : kernel_(kernel), work_(work) {}

  void Run(std::span<const Sized> order) {
    waiting_ = order;
    for (size_t lane = 0; lane < kernel_.width; ++lane) Refill(lane);
    while (busy_ > 0) {
      const uint64_t blocks = ShortestSegment();
      kernel_.compress(state_, next_, blocks);
      for (size_t lane = 0; lane < kernel_.width; ++lane) {
        if (lanes_[lane].busy()) Advance(lane, blocks);
      }
    }
  }

 private:
  // Idle lanes read what a busy one reads; nobody looks at their states.
  uint64_t ShortestSegment() {
    uint64_t shortest = std::numeric_limits<uint64_t>::max();
    const uint8_t* readable = nullptr;
    for (size_t lane = 0; lane < kernel_.width; ++lane) {
      if (!lanes_[lane].busy()) continue;
      shortest = std::min(shortest, lanes_[lane].left());
      readable = next_[lane];
    }
    if (busy_ < kernel_.width) {
      for (size_t lane = 0; lane < kernel_.width; ++lane) {
        if (!lanes_[lane].busy()) next_[lane] = readable;
      }
    }
    return shortest;
  }

  void Advance(size_t lane, uint64_t blocks) {
    const bool same_segment = lanes_[lane].left() > blocks;
    if (lanes_[lane].Advance(blocks)) {
      if (!same_segment) next_[lane] = lanes_[lane].start();
      return;
    }
    Hash& hash = work_.hashes[lanes_[lane].index()];
    for (size_t i = 0; i < work_.start.size(); ++i) {
      const uint32_t word = state_[i * kernel_.width + lane];
      for (size_t byte = 0; byte < 4; ++byte) {
        hash.bytes[4 * i + byte] =
            static_cast<uint8_t>(word >> (24 - 8 * byte));
      }
    }
    --busy_;
    Refill(lane);
  }

  void Refill(size_t lane) {
    if (waiting_.empty()) return;
    const uint32_t index = waiting_.front().index;
    waiting_ = waiting_.subspan(1);
    lanes_[lane].Take(index, work_.prefix, work_.messages[index]);
    next_[lane] = lanes_[lane].start();
    for (size_t i = 0; i < work_.start.size(); ++i) {
      state_[i * kernel_.width + lane] = work_.start[i];
    }
    ++busy_;
  }

  const Kernel& kernel_;
  const Work& work_;
  std::span<const Sized> waiting_;
  size_t busy_ = 0;
  const uint8_t* next_[kMaxWidth] = {};
  alignas(64) uint32_t state_[8 * kMaxWidth] = {};
  Lane lanes_[kMaxWidth];
};

}  // namespace

void RunLanes(const Kernel& kernel, const Work& work,
              std::span<const Sized> order) {
  Lanes(kernel, work).Run(order);
}

}  // namespace dataip::hash::lanes
