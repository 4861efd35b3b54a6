#include "core/hash/plain.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "core/hash/round_constants.h"

namespace dataip::hash::plain {
namespace {

uint32_t ReadWord(const uint8_t* bytes) {
  return uint32_t{bytes[0]} << 24 | uint32_t{bytes[1]} << 16 |
         uint32_t{bytes[2]} << 8 | uint32_t{bytes[3]};
}

void WriteWord(uint8_t* bytes, uint32_t word) {
  for (int i = 0; i < 4; ++i)
    bytes[i] = static_cast<uint8_t>(word >> (24 - 8 * i));
}

// GB/T 32905, 4.3 and 4.4.
uint32_t P0(uint32_t x) { return x ^ std::rotl(x, 9) ^ std::rotl(x, 17); }
uint32_t P1(uint32_t x) { return x ^ std::rotl(x, 15) ^ std::rotl(x, 23); }
uint32_t Majority(uint32_t x, uint32_t y, uint32_t z) {
  return (x & y) | (x & z) | (y & z);
}
uint32_t Choose(uint32_t x, uint32_t y, uint32_t z) {
  return (x & y) | (~x & z);
}

}  // namespace

void Sha256Compress(Words& state, const uint8_t* block) {
  uint32_t w[64];
  for (int i = 0; i < 16; ++i) w[i] = ReadWord(block + 4 * i);
  for (int i = 16; i < 64; ++i) {
    const uint32_t s0 =
        std::rotr(w[i - 15], 7) ^ std::rotr(w[i - 15], 18) ^ (w[i - 15] >> 3);
    const uint32_t s1 =
        std::rotr(w[i - 2], 17) ^ std::rotr(w[i - 2], 19) ^ (w[i - 2] >> 10);
    w[i] = w[i - 16] + s0 + w[i - 7] + s1;
  }
  auto [a, b, c, d, e, f, g, h] = state;
  for (int i = 0; i < 64; ++i) {
    const uint32_t s1 = std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25);
    const uint32_t t1 = h + s1 + Choose(e, f, g) + kSha256Constants[i] + w[i];
    const uint32_t s0 = std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22);
    const uint32_t t2 = s0 + Majority(a, b, c);
    h = g;
    g = f;
    f = e;
    e = d + t1;
    d = c;
    c = b;
    b = a;
    a = t1 + t2;
  }
  const Words added = {a, b, c, d, e, f, g, h};
  for (int i = 0; i < 8; ++i) state[i] += added[i];
}

void Sm3Compress(Words& state, const uint8_t* block) {
  uint32_t w[68];
  for (int i = 0; i < 16; ++i) w[i] = ReadWord(block + 4 * i);
  for (int i = 16; i < 68; ++i) {
    w[i] = P1(w[i - 16] ^ w[i - 9] ^ std::rotl(w[i - 3], 15)) ^
           std::rotl(w[i - 13], 7) ^ w[i - 6];
  }
  auto [a, b, c, d, e, f, g, h] = state;
  for (int i = 0; i < 64; ++i) {
    const bool early = i < 16;
    const uint32_t t = kSm3Constants.turned[i];
    const uint32_t ss1 = std::rotl(std::rotl(a, 12) + e + t, 7);
    const uint32_t ss2 = ss1 ^ std::rotl(a, 12);
    const uint32_t ff = early ? a ^ b ^ c : Majority(a, b, c);
    const uint32_t gg = early ? e ^ f ^ g : Choose(e, f, g);
    const uint32_t tt1 = ff + d + ss2 + (w[i] ^ w[i + 4]);
    const uint32_t tt2 = gg + h + ss1 + w[i];
    d = c;
    c = std::rotl(b, 9);
    b = a;
    a = tt1;
    h = g;
    g = std::rotl(f, 19);
    f = e;
    e = P0(tt2);
  }
  const Words mixed = {a, b, c, d, e, f, g, h};
  for (int i = 0; i < 8; ++i) state[i] ^= mixed[i];
}

template <void (*Compress)(Words&, const uint8_t*), const Words& kStart>
void Digest<Compress, kStart>::Update(std::span<const uint8_t> data) {
  total_bytes_ += data.size();
  if (pending_bytes_ > 0) {
    const size_t taken =
        std::min(pending_.size() - pending_bytes_, data.size());
    std::copy_n(data.begin(), taken, pending_.begin() + pending_bytes_);
    pending_bytes_ += taken;
    data = data.subspan(taken);
    if (pending_bytes_ < pending_.size()) return;
    Compress(state_, pending_.data());
    pending_bytes_ = 0;
  }
  for (; data.size() >= pending_.size(); data = data.subspan(pending_.size())) {
    Compress(state_, data.data());
  }
  std::copy(data.begin(), data.end(), pending_.begin());
  pending_bytes_ = data.size();
}

template <void (*Compress)(Words&, const uint8_t*), const Words& kStart>
Bytes32 Digest<Compress, kStart>::Finish() {
  const uint64_t total_bits = total_bytes_ * 8;
  std::array<uint8_t, 72> tail{0x80};
  const size_t zeros_end = pending_bytes_ < 56 ? 56 : 120;
  const size_t length_at = zeros_end - pending_bytes_;
  WriteWord(&tail[length_at], static_cast<uint32_t>(total_bits >> 32));
  WriteWord(&tail[length_at + 4], static_cast<uint32_t>(total_bits));
  Update({tail.data(), length_at + 8});
  Bytes32 hash;
  for (size_t i = 0; i < state_.size(); ++i) WriteWord(&hash[4 * i], state_[i]);
  *this = Digest();
  return hash;
}

template class Digest<Sha256Compress, kSha256Start>;
template class Digest<Sm3Compress, kSm3Start>;

}  // namespace dataip::hash::plain
