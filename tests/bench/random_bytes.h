// Random bytes, quickly: what a benchmark appends must not compress, and
// making it must not cost what is measured.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>

namespace dataip::bench {

// xoshiro256++ from a random seed. One thread.
class RandomBytes {
 public:
  RandomBytes() {
    std::random_device device;
    for (uint64_t& word : state_) word = uint64_t{device()} << 32 | device();
  }

  uint64_t Next() {
    const uint64_t result = Rotate(state_[0] + state_[3], 23) + state_[0];
    const uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = Rotate(state_[3], 45);
    return result;
  }

  // A run from a random place of a pool that is filled once.
  void Fill(size_t size, std::string* bytes) {
    if (pool_.size() < kPoolBytes + size) {
      pool_.resize(kPoolBytes + size);
      for (size_t at = 0; at + sizeof(uint64_t) <= pool_.size();
           at += sizeof(uint64_t)) {
        const uint64_t word = Next();
        std::memcpy(pool_.data() + at, &word, sizeof(word));
      }
    }
    bytes->assign(pool_, Next() % kPoolBytes, size);
  }

 private:
  static uint64_t Rotate(uint64_t word, int bits) {
    return word << bits | word >> (64 - bits);
  }

  static constexpr size_t kPoolBytes = size_t{8} << 20;

  uint64_t state_[4];
  std::string pool_;
};

}  // namespace dataip::bench
