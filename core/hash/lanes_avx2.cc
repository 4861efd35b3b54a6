// Compiled for AVX2; called only where the CPU has it.
#include <immintrin.h>

#include "core/hash/lane_kernels.h"
#include "core/hash/lane_rounds.h"

namespace dataip::hash::lanes {
namespace {

struct Avx2 {
  using Vector = __m256i;
  static constexpr size_t kLanes = 8;

  static Vector Load(const uint32_t* row) {
    return _mm256_load_si256(reinterpret_cast<const Vector*>(row));
  }
  static void Store(uint32_t* row, Vector v) {
    _mm256_store_si256(reinterpret_cast<Vector*>(row), v);
  }
  static Vector All(uint32_t word) {
    return _mm256_set1_epi32(static_cast<int>(word));
  }
  static Vector Add(Vector a, Vector b) { return _mm256_add_epi32(a, b); }
  static Vector Xor(Vector a, Vector b) { return _mm256_xor_si256(a, b); }
  static Vector Xor3(Vector a, Vector b, Vector c) { return Xor(a, Xor(b, c)); }
  static Vector Choose(Vector a, Vector b, Vector c) {
    return Xor(c, _mm256_and_si256(a, Xor(b, c)));
  }
  static Vector Majority(Vector a, Vector b, Vector c) {
    return Xor(b, _mm256_and_si256(Xor(a, b), Xor(b, c)));
  }
  template <int kBits>
  static Vector RotateLeft(Vector v) {
    return _mm256_or_si256(_mm256_slli_epi32(v, kBits),
                           _mm256_srli_epi32(v, 32 - kBits));
  }
  template <int kBits>
  static Vector ShiftRight(Vector v) {
    return _mm256_srli_epi32(v, kBits);
  }

  // The left and the right half of each block are a square of eight.
  static void LoadBlocks(const uint8_t* const* next, Vector* rows, int step) {
    LoadSquare(next, 0, rows, step);
    LoadSquare(next, 32, rows + 8 * step, step);
  }

 private:
  static Vector Half(const uint8_t* bytes) {
    const Vector swap = _mm256_broadcastsi128_si256(
        _mm_setr_epi8(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12));
    return _mm256_shuffle_epi8(
        _mm256_loadu_si256(reinterpret_cast<const Vector*>(bytes)), swap);
  }

  static void LoadSquare(const uint8_t* const* next, int at, Vector* rows,
                         int step) {
    Vector m[8];
    for (int i = 0; i < 2; ++i) {
      const Vector a = Half(next[4 * i] + at);
      const Vector b = Half(next[4 * i + 1] + at);
      const Vector c = Half(next[4 * i + 2] + at);
      const Vector d = Half(next[4 * i + 3] + at);
      const Vector ab_low = _mm256_unpacklo_epi32(a, b);
      const Vector ab_high = _mm256_unpackhi_epi32(a, b);
      const Vector cd_low = _mm256_unpacklo_epi32(c, d);
      const Vector cd_high = _mm256_unpackhi_epi32(c, d);
      m[4 * i] = _mm256_unpacklo_epi64(ab_low, cd_low);
      m[4 * i + 1] = _mm256_unpackhi_epi64(ab_low, cd_low);
      m[4 * i + 2] = _mm256_unpacklo_epi64(ab_high, cd_high);
      m[4 * i + 3] = _mm256_unpackhi_epi64(ab_high, cd_high);
    }
    for (int i = 0; i < 4; ++i) {
      rows[i * step] = _mm256_permute2x128_si256(m[i], m[4 + i], 0x20);
      rows[(4 + i) * step] = _mm256_permute2x128_si256(m[i], m[4 + i], 0x31);
    }
  }
};

}  // namespace

void Sha256Avx2By8(uint32_t* state, const uint8_t** next, size_t blocks) {
  Rounds<Avx2, 1>::Sha256(state, next, blocks);
}

void Sha256Avx2By16(uint32_t* state, const uint8_t** next, size_t blocks) {
  Rounds<Avx2, 2>::Sha256(state, next, blocks);
}

void Sm3Avx2By8(uint32_t* state, const uint8_t** next, size_t blocks) {
  Rounds<Avx2, 1>::Sm3(state, next, blocks);
}

void Sm3Avx2By16(uint32_t* state, const uint8_t** next, size_t blocks) {
  Rounds<Avx2, 2>::Sm3(state, next, blocks);
}

}  // namespace dataip::hash::lanes
