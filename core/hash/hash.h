// SHA-256 (FIPS 180-4) and SM3 (GB/T 32905), one at a time, streamed, many at
// once, and as HMAC.
//
// Two implementations behind these declarations, chosen at link time:
// dataip_hash (OpenSSL, for servers and tools) and dataip_hash_portable (plain
// C++, also for WebAssembly). Each is the other's oracle in the tests.
//
// Standard library only; no exceptions. Hashing cannot fail: when the library
// below cannot work at all (no memory, no provider) the process ends.
// Free functions are safe from any thread; a stream belongs to one thread.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace dataip {

// Bytes that someone else owns, the way string_view is text.
using Bytes = std::span<const uint8_t>;

}  // namespace dataip

namespace dataip::hash {

inline constexpr size_t kHashBytes = 32;

// The value of either function. Orders like its bytes.
struct Hash {
  std::array<uint8_t, kHashBytes> bytes{};

  // Nothing unless `from` has exactly 32 bytes.
  static std::optional<Hash> From(Bytes from);

  bool IsZero() const;
  Bytes span() const { return bytes; }
  // The 32 bytes as the characters of a string, as protobuf wants them.
  std::string_view text() const {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

  friend bool operator==(const Hash& a, const Hash& b);
  friend std::strong_ordering operator<=>(const Hash& a, const Hash& b);
};

// The bytes of a text; they live as long as the text.
inline Bytes AsBytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

Hash Sha256(Bytes data);
Hash Sm3(Bytes data);

// Of the parts one after the other.
Hash Sha256(std::initializer_list<Bytes> parts);
Hash Sm3(std::initializer_list<Bytes> parts);

// hashes[i] = hash of data[i]. Both spans have the same length (asserted).
// Several times as fast as one after the other where the CPU has AVX2 or
// AVX-512 (core/hash/lanes.h): whoever has more than one message asks here.
void Sha256Many(std::span<const Bytes> data, std::span<Hash> hashes);
void Sm3Many(std::span<const Bytes> data, std::span<Hash> hashes);

class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(Sha256Stream&&) noexcept;
  Sha256Stream& operator=(Sha256Stream&&) noexcept;

  void Update(Bytes data);
  // The hash of all updates; the stream is then as new.
  Hash Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

class Sm3Stream {
 public:
  Sm3Stream();
  ~Sm3Stream();
  Sm3Stream(Sm3Stream&&) noexcept;
  Sm3Stream& operator=(Sm3Stream&&) noexcept;

  void Update(Bytes data);
  // The hash of all updates; the stream is then as new.
  Hash Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// RFC 2104 over the parts one after the other.
Hash HmacSha256(Bytes key, std::initializer_list<Bytes> parts);
Hash HmacSm3(Bytes key, std::initializer_list<Bytes> parts);

// RFC 6962 2.1 (formats.md 2): SHA-256(0x00 || record).
Hash LeafHash(Bytes record);
// RFC 6962 2.1 (formats.md 2): SHA-256(0x01 || left || right).
Hash NodeHash(const Hash& left, const Hash& right);

// hashes[i] = LeafHash(records[i]).
void LeafHashMany(std::span<const Bytes> records, std::span<Hash> hashes);
// parents[i] = NodeHash(children[2 * i], children[2 * i + 1]): `children` has
// twice the length of `parents` (asserted) and does not overlap them.
void NodeHashMany(std::span<const Hash> children, std::span<Hash> parents);

}  // namespace dataip::hash
