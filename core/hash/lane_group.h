// The lanes of one compression function, kept busy with messages of any
// length. Inside of core/hash.
#pragma once

#include <span>

#include "core/hash/hash.h"
#include "core/hash/lane_kernels.h"
#include "core/hash/plain.h"

namespace dataip::hash::lanes {

inline constexpr size_t kBlockBytes = 64;
// Behind a message: a one bit, at least, and its length in bits.
inline constexpr size_t kPaddingBytes = 9;
inline constexpr size_t kMaxWidth = 32;

// A compression function.
struct Kernel {
  Compress compress = nullptr;
  size_t width = 0;  // lanes, at most kMaxWidth
  // One block in each lane, in hundredths of what OpenSSL needs for one block.
  uint64_t step_cost = 0;
};

// What is hashed, and where the hashes go.
struct Work {
  const plain::Words& start;  // the function's first state
  Bytes prefix;               // of every message, at most one byte
  std::span<const Bytes> messages;
  std::span<Hash> hashes;
};

// A message by its place, with its blocks, padding included.
struct Sized {
  uint32_t index = 0;
  uint32_t blocks = 0;
};

// Hashes the messages that `order` names. A lane whose message ends takes the
// next one, so `order` begins with the longest. Messages are read where they
// lie; only their last two blocks, and the first behind a prefix, are copied.
void RunLanes(const Kernel& kernel, const Work& work,
              std::span<const Sized> order);

}  // namespace dataip::hash::lanes
