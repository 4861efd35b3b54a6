// The compression functions of SHA-256 and SM3 over many messages at a time:
// lane i of every vector belongs to message i.
//
// Written once over `Ops`, the operations of one instruction set, of which
// each file that includes this one has its own without a name elsewhere: those
// files are compiled for machines that may not be there, and nothing of them
// may end up in another's place. So no inline function of the standard library
// is used here either.
//
// Ops::Vector      kLanes words of 32 bits
// Ops::Load/Store  one row of a state
// Ops::LoadBlocks  word i of kLanes blocks of 64 bytes into rows[i * step]
// Ops::Add, Xor, Xor3, Choose, Majority, RotateLeft<n>, ShiftRight<n>, All
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/hash/round_constants.h"

namespace dataip::hash::lanes {

#define DATAIP_LANE_INLINE [[gnu::always_inline]] inline

// kGroups vectors side by side hide the latency of one.
template <typename Ops, int kGroups>
struct Rounds {
  using V = typename Ops::Vector;
  static constexpr size_t kWidth = kGroups * Ops::kLanes;
  using Row = V[kGroups];

  static void LoadState(const uint32_t* state, Row* v) {
    for (int i = 0; i < 8; ++i) {
      for (int g = 0; g < kGroups; ++g) {
        v[i][g] = Ops::Load(state + i * kWidth + g * Ops::kLanes);
      }
    }
  }

  static void StoreState(const Row* v, uint32_t* state) {
    for (int i = 0; i < 8; ++i) {
      for (int g = 0; g < kGroups; ++g) {
        Ops::Store(state + i * kWidth + g * Ops::kLanes, v[i][g]);
      }
    }
  }

  DATAIP_LANE_INLINE static void LoadBlocks(const uint8_t** next, Row* w) {
    for (int g = 0; g < kGroups; ++g) {
      Ops::LoadBlocks(next + g * Ops::kLanes, &w[0][g], kGroups);
    }
    for (size_t lane = 0; lane < kWidth; ++lane) next[lane] += 64;
  }

  // GB/T 32905, 5.3.2.
  DATAIP_LANE_INLINE static void Sm3Expand(Row* w, int j) {
    for (int g = 0; g < kGroups; ++g) {
      const V x = Ops::Xor3(w[j - 16][g], w[j - 9][g],
                            Ops::template RotateLeft<15>(w[j - 3][g]));
      const V p1 = Ops::Xor3(x, Ops::template RotateLeft<15>(x),
                             Ops::template RotateLeft<23>(x));
      w[j][g] =
          Ops::Xor3(p1, Ops::template RotateLeft<7>(w[j - 13][g]), w[j - 6][g]);
    }
  }

  // GB/T 32905, 5.3.3. The words keep their places; their names turn by one
  // with each round, so that `turn` is the round's number.
  template <bool kEarly, int kTurn>
  DATAIP_LANE_INLINE static void Sm3Round(Row* v, const Row* w, int j) {
    constexpr int kA = (4 - kTurn) % 4, kB = (5 - kTurn) % 4;
    constexpr int kC = (6 - kTurn) % 4, kD = (7 - kTurn) % 4;
    const V t = Ops::All(kSm3Constants.turned[j]);
    for (int g = 0; g < kGroups; ++g) {
      V &a = v[kA][g], &b = v[kB][g], &c = v[kC][g], &d = v[kD][g];
      V &e = v[4 + kA][g], &f = v[4 + kB][g], &h = v[4 + kD][g];
      const V& gg = v[4 + kC][g];
      const V a12 = Ops::template RotateLeft<12>(a);
      const V ss1 = Ops::template RotateLeft<7>(Ops::Add(Ops::Add(a12, t), e));
      const V ss2 = Ops::Xor(ss1, a12);
      const V mixed_a = kEarly ? Ops::Xor3(a, b, c) : Ops::Majority(a, b, c);
      const V mixed_e = kEarly ? Ops::Xor3(e, f, gg) : Ops::Choose(e, f, gg);
      d = Ops::Add(Ops::Add(mixed_a, d),
                   Ops::Add(ss2, Ops::Xor(w[j][g], w[j + 4][g])));
      const V tt2 = Ops::Add(Ops::Add(mixed_e, h), Ops::Add(ss1, w[j][g]));
      b = Ops::template RotateLeft<9>(b);
      f = Ops::template RotateLeft<19>(f);
      h = Ops::Xor3(tt2, Ops::template RotateLeft<9>(tt2),
                    Ops::template RotateLeft<17>(tt2));
    }
  }

  template <bool kEarly>
  DATAIP_LANE_INLINE static void Sm3FourRounds(Row* v, Row* w, int j) {
    if (j >= 12) {
      for (int i = 4; i < 8; ++i) Sm3Expand(w, j + i);
    }
    Sm3Round<kEarly, 0>(v, w, j);
    Sm3Round<kEarly, 1>(v, w, j + 1);
    Sm3Round<kEarly, 2>(v, w, j + 2);
    Sm3Round<kEarly, 3>(v, w, j + 3);
  }

  static void Sm3(uint32_t* state, const uint8_t** next, size_t blocks) {
    Row v[8], w[68];
    LoadState(state, v);
    for (; blocks > 0; --blocks) {
      LoadBlocks(next, w);
      for (int j = 0; j < 16; j += 4) Sm3FourRounds<true>(v, w, j);
      for (int j = 16; j < 64; j += 4) Sm3FourRounds<false>(v, w, j);
      for (int i = 0; i < 8; ++i) {
        for (int g = 0; g < kGroups; ++g) {
          uint32_t* row = state + i * kWidth + g * Ops::kLanes;
          v[i][g] = Ops::Xor(v[i][g], Ops::Load(row));
        }
      }
      StoreState(v, state);
    }
  }

  // FIPS 180-4, 6.2.2, step 1.
  DATAIP_LANE_INLINE static void Sha256Expand(Row* w, int j) {
    for (int g = 0; g < kGroups; ++g) {
      const V x = w[j - 15][g];
      const V y = w[j - 2][g];
      const V s0 = Ops::Xor3(Ops::template RotateLeft<32 - 7>(x),
                             Ops::template RotateLeft<32 - 18>(x),
                             Ops::template ShiftRight<3>(x));
      const V s1 = Ops::Xor3(Ops::template RotateLeft<32 - 17>(y),
                             Ops::template RotateLeft<32 - 19>(y),
                             Ops::template ShiftRight<10>(y));
      w[j][g] = Ops::Add(Ops::Add(w[j - 16][g], s0), Ops::Add(w[j - 7][g], s1));
    }
  }

  // FIPS 180-4, 6.2.2, step 3; the words as in Sm3Round.
  template <int kTurn>
  DATAIP_LANE_INLINE static void Sha256Round(Row* v, const Row* w, int j) {
    const V constant = Ops::All(kSha256Constants[j]);
    for (int g = 0; g < kGroups; ++g) {
      const auto word = [&](int i) -> V& { return v[(8 + i - kTurn) % 8][g]; };
      const V a = word(0), e = word(4);
      const V s1 = Ops::Xor3(Ops::template RotateLeft<32 - 6>(e),
                             Ops::template RotateLeft<32 - 11>(e),
                             Ops::template RotateLeft<32 - 25>(e));
      const V t1 = Ops::Add(Ops::Add(word(7), s1),
                            Ops::Add(Ops::Choose(e, word(5), word(6)),
                                     Ops::Add(w[j][g], constant)));
      const V s0 = Ops::Xor3(Ops::template RotateLeft<32 - 2>(a),
                             Ops::template RotateLeft<32 - 13>(a),
                             Ops::template RotateLeft<32 - 22>(a));
      const V t2 = Ops::Add(s0, Ops::Majority(a, word(1), word(2)));
      word(3) = Ops::Add(word(3), t1);
      word(7) = Ops::Add(t1, t2);
    }
  }

  DATAIP_LANE_INLINE static void Sha256EightRounds(Row* v, Row* w, int j) {
    if (j >= 16) {
      for (int i = 0; i < 8; ++i) Sha256Expand(w, j + i);
    }
    Sha256Round<0>(v, w, j);
    Sha256Round<1>(v, w, j + 1);
    Sha256Round<2>(v, w, j + 2);
    Sha256Round<3>(v, w, j + 3);
    Sha256Round<4>(v, w, j + 4);
    Sha256Round<5>(v, w, j + 5);
    Sha256Round<6>(v, w, j + 6);
    Sha256Round<7>(v, w, j + 7);
  }

  static void Sha256(uint32_t* state, const uint8_t** next, size_t blocks) {
    Row v[8], w[64];
    LoadState(state, v);
    for (; blocks > 0; --blocks) {
      LoadBlocks(next, w);
      for (int j = 0; j < 16; j += 8) Sha256EightRounds(v, w, j);
      for (int j = 16; j < 64; j += 8) Sha256EightRounds(v, w, j);
      for (int i = 0; i < 8; ++i) {
        for (int g = 0; g < kGroups; ++g) {
          uint32_t* row = state + i * kWidth + g * Ops::kLanes;
          v[i][g] = Ops::Add(v[i][g], Ops::Load(row));
        }
      }
      StoreState(v, state);
    }
  }
};

#undef DATAIP_LANE_INLINE

}  // namespace dataip::hash::lanes
