// What both implementations share.
#include "core/hash/hash.h"

#include <algorithm>
#include <cstring>

namespace dataip::hash {
namespace {

constexpr size_t kBlockBytes = 64;  // of both functions
using KeyBlock = std::array<uint8_t, kBlockBytes>;

KeyBlock Xor(KeyBlock block, uint8_t mask) {
  for (uint8_t& byte : block) byte ^= mask;
  return block;
}

template <typename Stream>
Hash Hmac(Bytes key, std::initializer_list<Bytes> parts) {
  KeyBlock block{};
  Stream stream;
  if (key.size() > block.size()) {
    stream.Update(key);
    const Hash short_key = stream.Finish();
    std::copy(short_key.bytes.begin(), short_key.bytes.end(), block.begin());
  } else {
    std::copy(key.begin(), key.end(), block.begin());
  }
  stream.Update(Xor(block, 0x36));
  for (const Bytes part : parts) stream.Update(part);
  const Hash inner = stream.Finish();
  stream.Update(Xor(block, 0x5c));
  stream.Update(inner.bytes);
  return stream.Finish();
}

}  // namespace

std::optional<Hash> Hash::From(Bytes from) {
  if (from.size() != kHashBytes) return std::nullopt;
  Hash hash;
  std::copy(from.begin(), from.end(), hash.bytes.begin());
  return hash;
}

bool Hash::IsZero() const { return *this == Hash{}; }

bool operator==(const Hash& a, const Hash& b) {
  return std::memcmp(a.bytes.data(), b.bytes.data(), kHashBytes) == 0;
}

std::strong_ordering operator<=>(const Hash& a, const Hash& b) {
  return std::memcmp(a.bytes.data(), b.bytes.data(), kHashBytes) <=> 0;
}

Hash Sha256(Bytes data) { return Sha256({data}); }

Hash Sm3(Bytes data) { return Sm3({data}); }

Hash HmacSha256(Bytes key, std::initializer_list<Bytes> parts) {
  return Hmac<Sha256Stream>(key, parts);
}

Hash HmacSm3(Bytes key, std::initializer_list<Bytes> parts) {
  return Hmac<Sm3Stream>(key, parts);
}

Hash LeafHash(Bytes record) {
  constexpr uint8_t kPrefix[] = {0x00};
  return Sha256({Bytes(kPrefix), record});
}

Hash NodeHash(const Hash& left, const Hash& right) {
  std::array<uint8_t, 1 + 2 * kHashBytes> node;
  node[0] = 0x01;
  std::copy(left.bytes.begin(), left.bytes.end(), node.begin() + 1);
  std::copy(right.bytes.begin(), right.bytes.end(),
            node.begin() + 1 + kHashBytes);
  return Sha256(Bytes(node));
}

}  // namespace dataip::hash
