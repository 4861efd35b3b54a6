// dataip_hash_portable: hash.h in plain C++.
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
