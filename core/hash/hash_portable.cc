// dataip_hash_portable: hash.h in plain C++.
#include <cstdlib>

#include "core/hash/hash.h"
#include "core/hash/plain.h"

namespace dataip::hash {

struct Sha256Stream::State {
  plain::Sha256 digest;
};
struct Sm3Stream::State {
  plain::Sm3 digest;
};

Hash Sha256(std::initializer_list<Bytes> parts) {
  plain::Sha256 digest;
  for (const Bytes part : parts) digest.Update(part);
  return Hash{digest.Finish()};
}

Hash Sm3(std::initializer_list<Bytes> parts) {
  plain::Sm3 digest;
  for (const Bytes part : parts) digest.Update(part);
  return Hash{digest.Finish()};
}

void Sha256Many(std::span<const Bytes> data, std::span<Hash> hashes) {
  if (data.size() != hashes.size()) std::abort();
  for (size_t i = 0; i < data.size(); ++i) hashes[i] = Sha256(data[i]);
}

void Sm3Many(std::span<const Bytes> data, std::span<Hash> hashes) {
  if (data.size() != hashes.size()) std::abort();
  for (size_t i = 0; i < data.size(); ++i) hashes[i] = Sm3(data[i]);
}

void LeafHashMany(std::span<const Bytes> records, std::span<Hash> hashes) {
  if (records.size() != hashes.size()) std::abort();
  for (size_t i = 0; i < records.size(); ++i) hashes[i] = LeafHash(records[i]);
}

void NodeHashMany(std::span<const Hash> children, std::span<Hash> parents) {
  if (children.size() != 2 * parents.size()) std::abort();
  for (size_t i = 0; i < parents.size(); ++i) {
    parents[i] = NodeHash(children[2 * i], children[2 * i + 1]);
  }
}

Sha256Stream::Sha256Stream() : state_(std::make_unique<State>()) {}
Sha256Stream::~Sha256Stream() = default;
Sha256Stream::Sha256Stream(Sha256Stream&&) noexcept = default;
Sha256Stream& Sha256Stream::operator=(Sha256Stream&&) noexcept = default;
void Sha256Stream::Update(Bytes data) { state_->digest.Update(data); }
Hash Sha256Stream::Finish() { return Hash{state_->digest.Finish()}; }

Sm3Stream::Sm3Stream() : state_(std::make_unique<State>()) {}
Sm3Stream::~Sm3Stream() = default;
Sm3Stream::Sm3Stream(Sm3Stream&&) noexcept = default;
Sm3Stream& Sm3Stream::operator=(Sm3Stream&&) noexcept = default;
void Sm3Stream::Update(Bytes data) { state_->digest.Update(data); }
Hash Sm3Stream::Finish() { return Hash{state_->digest.Finish()}; }

}  // namespace dataip::hash
