// dataip_hash: hash.h over OpenSSL.
//
// EVP_sha256() looks the algorithm up on every use, which costs more than
// hashing a tree node. So each algorithm is fetched once and a context that is
// ready to hash is copied.
#include <openssl/evp.h>

#include <cstdio>
#include <cstdlib>

#include "core/hash/hash.h"

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

Hash HashParts(EVP_MD_CTX* context, const EVP_MD_CTX* prepared,
               std::initializer_list<Bytes> parts) {
  Restart(context, prepared);
  for (const Bytes part : parts) Update(context, part);
  return Finish(context);
}

}  // namespace

Hash Sha256(std::initializer_list<Bytes> parts) {
  thread_local const Context context = NewContext();
  return HashParts(context.get(), PreparedSha256(), parts);
}

Hash Sm3(std::initializer_list<Bytes> parts) {
  thread_local const Context context = NewContext();
  return HashParts(context.get(), PreparedSm3(), parts);
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
