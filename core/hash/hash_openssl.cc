// dataip_hash: hash.h over OpenSSL, many at once over lanes.h.
//
// EVP_sha256() looks the algorithm up on every use, which costs more than
// hashing a tree node. So each algorithm is fetched once and a context that is
// ready to hash is copied. A tree node is two blocks, and copying costs as much
// as one: SHA-256 of what is all there goes to the functions below EVP, which
// work on the stack. They are deprecated since OpenSSL 3.0, not removed.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/evp.h>
#include <openssl/sha.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "core/hash/hash.h"
#include "core/hash/lanes.h"

namespace dataip::hash {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

void Require(bool worked) {
  if (worked) return;
  std::fputs("dataip: OpenSSL cannot hash\n", stderr);
  std::abort();
}

Context NewContext() {
  Context context(EVP_MD_CTX_new());
  Require(context != nullptr);
  return context;
}

// Lives as long as the process: other statics may hash while they end.
const EVP_MD_CTX* Prepare(const char* algorithm) {
  EVP_MD* method = EVP_MD_fetch(nullptr, algorithm, nullptr);
  Require(method != nullptr);
  Context context = NewContext();
  Require(EVP_DigestInit_ex2(context.get(), method, nullptr) == 1);
  return context.release();
}

const EVP_MD_CTX* PreparedSha256() {
  static const EVP_MD_CTX* const prepared = Prepare("SHA256");
  return prepared;
}

const EVP_MD_CTX* PreparedSm3() {
  static const EVP_MD_CTX* const prepared = Prepare("SM3");
  return prepared;
}

void Restart(EVP_MD_CTX* context, const EVP_MD_CTX* prepared) {
  Require(EVP_MD_CTX_copy_ex(context, prepared) == 1);
}

void Update(EVP_MD_CTX* context, Bytes data) {
  Require(EVP_DigestUpdate(context, data.data(), data.size()) == 1);
}

Hash Finish(EVP_MD_CTX* context) {
  Hash hash;
  unsigned int size = 0;
  Require(EVP_DigestFinal_ex(context, hash.bytes.data(), &size) == 1);
  Require(size == kHashBytes);
  return hash;
}

// Pairs that NodeHashMany lists before it hashes them.
constexpr size_t kNodesAtOnce = 512;

constexpr uint8_t kLeafPrefix[] = {0x00};
constexpr uint8_t kNodePrefix[] = {0x01};

}  // namespace

Hash Sha256(std::initializer_list<Bytes> parts) {
  SHA256_CTX context;
  Require(SHA256_Init(&context) == 1);
  for (const Bytes part : parts) {
    Require(SHA256_Update(&context, part.data(), part.size()) == 1);
  }
  Hash hash;
  Require(SHA256_Final(hash.bytes.data(), &context) == 1);
  return hash;
}

Hash Sm3(std::initializer_list<Bytes> parts) {
  thread_local const Context context = NewContext();
  Restart(context.get(), PreparedSm3());
  for (const Bytes part : parts) Update(context.get(), part);
  return Finish(context.get());
}

void Sha256Many(std::span<const Bytes> data, std::span<Hash> hashes) {
  using lanes::Function;
  lanes::HashMany(Function::kSha256, lanes::FastestWay(Function::kSha256), {},
                  data, hashes);
}

void Sm3Many(std::span<const Bytes> data, std::span<Hash> hashes) {
  using lanes::Function;
  lanes::HashMany(Function::kSm3, lanes::FastestWay(Function::kSm3), {}, data,
                  hashes);
}

void LeafHashMany(std::span<const Bytes> records, std::span<Hash> hashes) {
  using lanes::Function;
  lanes::HashMany(Function::kSha256, lanes::FastestWay(Function::kSha256),
                  kLeafPrefix, records, hashes);
}

void NodeHashMany(std::span<const Hash> children, std::span<Hash> parents) {
  if (children.size() != 2 * parents.size()) std::abort();
  static_assert(sizeof(Hash) == kHashBytes);
  using lanes::Function;
  const auto* const bytes = reinterpret_cast<const uint8_t*>(children.data());
  for (size_t done = 0; done < parents.size();) {
    std::array<Bytes, kNodesAtOnce> pairs;
    const size_t count = std::min(pairs.size(), parents.size() - done);
    for (size_t i = 0; i < count; ++i) {
      pairs[i] = {bytes + (done + i) * 2 * kHashBytes, 2 * kHashBytes};
    }
    lanes::HashMany(Function::kSha256, lanes::FastestWay(Function::kSha256),
                    kNodePrefix, std::span(pairs).first(count),
                    parents.subspan(done, count));
    done += count;
  }
}

struct Sha256Stream::State {
  Context context = NewContext();
};
struct Sm3Stream::State {
  Context context = NewContext();
};

Sha256Stream::Sha256Stream() : state_(std::make_unique<State>()) {
  Restart(state_->context.get(), PreparedSha256());
}
Sha256Stream::~Sha256Stream() = default;
Sha256Stream::Sha256Stream(Sha256Stream&&) noexcept = default;
Sha256Stream& Sha256Stream::operator=(Sha256Stream&&) noexcept = default;
void Sha256Stream::Update(Bytes data) {
  hash::Update(state_->context.get(), data);
}
Hash Sha256Stream::Finish() {
  const Hash hash = hash::Finish(state_->context.get());
  Restart(state_->context.get(), PreparedSha256());
  return hash;
}

Sm3Stream::Sm3Stream() : state_(std::make_unique<State>()) {
  Restart(state_->context.get(), PreparedSm3());
}
Sm3Stream::~Sm3Stream() = default;
Sm3Stream::Sm3Stream(Sm3Stream&&) noexcept = default;
Sm3Stream& Sm3Stream::operator=(Sm3Stream&&) noexcept = default;
void Sm3Stream::Update(Bytes data) {
  hash::Update(state_->context.get(), data);
}
Hash Sm3Stream::Finish() {
  const Hash hash = hash::Finish(state_->context.get());
  Restart(state_->context.get(), PreparedSm3());
  return hash;
}

}  // namespace dataip::hash
