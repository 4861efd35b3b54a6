// Compiled for AVX-512 F and BW; called only where the CPU has them.
#include <immintrin.h>

#include "core/hash/lane_kernels.h"
#include "core/hash/lane_rounds.h"

namespace dataip::hash::lanes {
namespace {

struct Avx512 {
  using Vector = __m512i;
  static constexpr size_t kLanes = 16;

  static Vector Load(const uint32_t* row) { return _mm512_load_si512(row); }
  static void Store(uint32_t* row, Vector v) { _mm512_store_si512(row, v); }
  static Vector All(uint32_t word) {
    return _mm512_set1_epi32(static_cast<int>(word));
  }
  static Vector Add(Vector a, Vector b) { return _mm512_add_epi32(a, b); }
  static Vector Xor(Vector a, Vector b) { return _mm512_xor_si512(a, b); }
  static Vector Xor3(Vector a, Vector b, Vector c) {
    return _mm512_ternarylogic_epi32(a, b, c, 0x96);
  }
  static Vector Choose(Vector a, Vector b, Vector c) {
    return _mm512_ternarylogic_epi32(a, b, c, 0xca);
  }
  static Vector Majority(Vector a, Vector b, Vector c) {
    return _mm512_ternarylogic_epi32(a, b, c, 0xe8);
  }
  template <int kBits>
  static Vector RotateLeft(Vector v) {
    return _mm512_rol_epi32(v, kBits);
  }
  template <int kBits>
  static Vector ShiftRight(Vector v) {
    return _mm512_srli_epi32(v, kBits);
  }

  // Sixteen rows of 16 words turned into columns, in two steps: words within
  // each quarter, then the quarters.
  static void LoadBlocks(const uint8_t* const* next, Vector* rows, int step) {
    const Vector swap = _mm512_broadcast_i32x4(
        _mm_setr_epi8(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12));
    Vector m[16];
    for (int i = 0; i < 4; ++i) {
      const Vector a = Block(next[4 * i], swap);
      const Vector b = Block(next[4 * i + 1], swap);
      const Vector c = Block(next[4 * i + 2], swap);
      const Vector d = Block(next[4 * i + 3], swap);
      const Vector ab_low = _mm512_unpacklo_epi32(a, b);
      const Vector ab_high = _mm512_unpackhi_epi32(a, b);
      const Vector cd_low = _mm512_unpacklo_epi32(c, d);
      const Vector cd_high = _mm512_unpackhi_epi32(c, d);
      m[4 * i] = _mm512_unpacklo_epi64(ab_low, cd_low);
      m[4 * i + 1] = _mm512_unpackhi_epi64(ab_low, cd_low);
      m[4 * i + 2] = _mm512_unpacklo_epi64(ab_high, cd_high);
      m[4 * i + 3] = _mm512_unpackhi_epi64(ab_high, cd_high);
    }
    for (int i = 0; i < 4; ++i) {
      const Vector even_low = _mm512_shuffle_i32x4(m[i], m[4 + i], 0x88);
      const Vector odd_low = _mm512_shuffle_i32x4(m[i], m[4 + i], 0xdd);
      const Vector even_high = _mm512_shuffle_i32x4(m[8 + i], m[12 + i], 0x88);
      const Vector odd_high = _mm512_shuffle_i32x4(m[8 + i], m[12 + i], 0xdd);
      rows[i * step] = _mm512_shuffle_i32x4(even_low, even_high, 0x88);
      rows[(4 + i) * step] = _mm512_shuffle_i32x4(odd_low, odd_high, 0x88);
      rows[(8 + i) * step] = _mm512_shuffle_i32x4(even_low, even_high, 0xdd);
      rows[(12 + i) * step] = _mm512_shuffle_i32x4(odd_low, odd_high, 0xdd);
    }
  }

 private:
  static Vector Block(const uint8_t* bytes, Vector swap) {
    return _mm512_shuffle_epi8(_mm512_loadu_si512(bytes), swap);
  }
};

}  // namespace

void Sha256Avx512By16(uint32_t* state, const uint8_t** next, size_t blocks) {
  Rounds<Avx512, 1>::Sha256(state, next, blocks);
}

void Sha256Avx512By32(uint32_t* state, const uint8_t** next, size_t blocks) {
  Rounds<Avx512, 2>::Sha256(state, next, blocks);
}

void Sm3Avx512By16(uint32_t* state, const uint8_t** next, size_t blocks) {
  Rounds<Avx512, 1>::Sm3(state, next, blocks);
}

void Sm3Avx512By32(uint32_t* state, const uint8_t** next, size_t blocks) {
  Rounds<Avx512, 2>::Sm3(state, next, blocks);
}

}  // namespace dataip::hash::lanes
