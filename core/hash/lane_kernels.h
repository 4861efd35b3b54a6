// The compression functions that lanes.cc runs, one file an instruction set.
// Inside of core/hash.
#pragma once

#include <cstddef>
#include <cstdint>

namespace dataip::hash::lanes {

// Compresses `blocks` blocks of 64 bytes of each lane. state[i * lanes + l] is
// word i of lane l, aligned to 64 bytes; next[l] is moved past what was read.
using Compress = void (*)(uint32_t* state, const uint8_t** next, size_t blocks);

// Only on a CPU with AVX2.
void Sha256Avx2By8(uint32_t* state, const uint8_t** next, size_t blocks);
void Sha256Avx2By16(uint32_t* state, const uint8_t** next, size_t blocks);
void Sm3Avx2By8(uint32_t* state, const uint8_t** next, size_t blocks);
void Sm3Avx2By16(uint32_t* state, const uint8_t** next, size_t blocks);

// Only on a CPU with AVX-512 F and BW.
void Sha256Avx512By16(uint32_t* state, const uint8_t** next, size_t blocks);
void Sha256Avx512By32(uint32_t* state, const uint8_t** next, size_t blocks);
void Sm3Avx512By16(uint32_t* state, const uint8_t** next, size_t blocks);
void Sm3Avx512By32(uint32_t* state, const uint8_t** next, size_t blocks);

}  // namespace dataip::hash::lanes
