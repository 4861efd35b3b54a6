// SHA-256 and SM3 in plain C++, for dataip_hash_portable and as the oracle of
// dataip_hash in tests. Everybody else includes core/hash/hash.h.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace dataip::hash::plain {

using Words = std::array<uint32_t, 8>;
using Bytes32 = std::array<uint8_t, 32>;

// One round function over one block of 64 bytes.
void Sha256Compress(Words& state, const uint8_t* block);
void Sm3Compress(Words& state, const uint8_t* block);

// FIPS 180-4, 5.3.3.
inline constexpr Words kSha256Start = {0x6a09e667, 0xbb67ae85, 0x3c6ef372,
                                       0xa54ff53a, 0x510e527f, 0x9b05688c,
                                       0x1f83d9ab, 0x5be0cd19};
// GB/T 32905, 4.1.
inline constexpr Words kSm3Start = {0x7380166f, 0x4914b2b9, 0x172442d7,
                                    0xda8a0600, 0xa96f30bc, 0x163138aa,
                                    0xe38dee4d, 0xb0fb0e4e};

// Both functions pad alike: a one bit, zeros, the length in bits as 64 bits.
template <void (*Compress)(Words&, const uint8_t*), const Words& kStart>
class Digest {
 public:
  void Update(std::span<const uint8_t> data);
  // The hash of all updates; the digest is then as new.
  Bytes32 Finish();

 private:
  Words state_ = kStart;
  std::array<uint8_t, 64> pending_{};
  size_t pending_bytes_ = 0;
  uint64_t total_bytes_ = 0;
};

using Sha256 = Digest<Sha256Compress, kSha256Start>;
using Sm3 = Digest<Sm3Compress, kSm3Start>;

extern template class Digest<Sha256Compress, kSha256Start>;
extern template class Digest<Sm3Compress, kSm3Start>;

}  // namespace dataip::hash::plain
