// SM3 of 16 messages at once: the prototype that the floor hashes with, apart
// from the product's own.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

using Words = uint32_t __attribute__((vector_size(64)));  // of 16 messages

// GB/T 32905 over 16 items of one length that lie behind each other.
#define ROTATE(x, n) ((x) << (n) | (x) >> (32 - (n)))
__attribute__((target("avx512f,avx512bw,avx512vl"))) inline void Sm3Of16(
    const uint8_t* from, size_t bytes, uint8_t* digests) {
  Words v[8], w[68], s[8];
  const uint32_t start[8] = {0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600,
                             0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e};
  for (int i = 0; i < 8; ++i) v[i] = Words{} + start[i];
  for (size_t at = 0, end = (bytes + 72) / 64 * 64; at < end; at += 64) {
    for (int lane = 0; lane < 16; ++lane) {
      uint8_t text[64] = {};
      const size_t left = std::min<size_t>(64, bytes - std::min(bytes, at));
      std::memcpy(text, from + lane * bytes + at, left);
      if (left < 64 && bytes >= at) text[left] = 0x80;
      const uint64_t bits = __builtin_bswap64(bytes * 8);
      if (at + 64 == end) std::memcpy(text + 56, &bits, 8);
      for (int i = 0; i < 16; ++i) {
        uint32_t word;
        std::memcpy(&word, text + 4 * i, 4);
        w[i][lane] = __builtin_bswap32(word);
      }
    }
    for (int i = 16; i < 68; ++i) {
      const Words x = w[i - 16] ^ w[i - 9] ^ ROTATE(w[i - 3], 15);
      w[i] =
          x ^ ROTATE(x, 15) ^ ROTATE(x, 23) ^ ROTATE(w[i - 13], 7) ^ w[i - 6];
    }
    for (int i = 0; i < 8; ++i) s[i] = v[i];
    for (int i = 0; i < 64; ++i) {
      const uint32_t t = i < 16 ? 0x79cc4519 : 0x7a879d8a;
      const uint32_t turned = i % 32 == 0 ? t : ROTATE(t, i % 32);
      const Words a12 = ROTATE(s[0], 12), e = s[4];
      const Words ss1 = ROTATE(a12 + e + turned, 7);
      const Words ff = i < 16 ? s[0] ^ s[1] ^ s[2]
                              : (s[0] & s[1]) | (s[0] & s[2]) | (s[1] & s[2]);
      const Words gg = i < 16 ? e ^ s[5] ^ s[6] : (e & s[5]) | (~e & s[6]);
      const Words tt1 = ff + s[3] + (ss1 ^ a12) + (w[i] ^ w[i + 4]);
      const Words tt2 = gg + s[7] + ss1 + w[i];
      s[3] = s[2], s[2] = ROTATE(s[1], 9), s[1] = s[0], s[0] = tt1;
      s[7] = s[6], s[6] = ROTATE(s[5], 19), s[5] = e;
      s[4] = tt2 ^ ROTATE(tt2, 9) ^ ROTATE(tt2, 17);
    }
    for (int i = 0; i < 8; ++i) v[i] ^= s[i];
  }
  for (int i = 0; i < 128; ++i) {
    const uint32_t word = __builtin_bswap32(v[i % 8][i / 8]);
    std::memcpy(digests + 4 * i, &word, 4);
  }
}
