#include "core/crypto/verify.h"

#include <algorithm>
#include <array>

#include "core/crypto/openssl.h"

namespace dataip::crypto {
namespace {

constexpr size_t kEd25519SignatureBytes = 64;
constexpr size_t kScalarBytes = 32;
constexpr uint8_t kSequenceTag = 0x30;
constexpr uint8_t kIntegerTag = 0x02;
constexpr uint8_t kHighBit = 0x80;

using Scalar = std::array<uint8_t, kScalarBytes>;

// The orders n of both groups (GB/T 32918.5; FIPS 186-4 D.1.2.3).
constexpr Scalar kSm2Order = {0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff, 0xff,
                              0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                              0x72, 0x03, 0xdf, 0x6b, 0x21, 0xc6, 0x05, 0x2b,
                              0x53, 0xbb, 0xf4, 0x09, 0x39, 0xd5, 0x41, 0x23};
constexpr Scalar kP256Order = {0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00,
                               0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                               0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84,
                               0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51};

// Takes one INTEGER in [1, order - 1] off the front of `der`. False on any
// encoding but the shortest.
bool TakeScalar(Bytes& der, const Scalar& order) {
  if (der.size() < 2 || der[0] != kIntegerTag) return false;
  const size_t size = der[1];
  if (size == 0 || size > kScalarBytes + 1 || size > der.size() - 2) {
    return false;
  }
  Bytes value = der.subspan(2, size);
  der = der.subspan(2 + size);
  if ((value[0] & kHighBit) != 0) return false;  // negative
  if (value[0] == 0) {
    value = value.subspan(1);
    // A leading zero is there only to keep the number positive; a lone one is
    // the number zero.
    if (value.empty() || (value[0] & kHighBit) == 0) return false;
  }
  if (value.size() > kScalarBytes) return false;
  Scalar scalar{};
  std::copy(value.begin(), value.end(), scalar.end() - value.size());
  return scalar < order;
}

bool IsStrictDer(Bytes der, const Scalar& order) {
  // Two scalars take at most 70 bytes, so the length is always the short form.
  if (der.size() < 2 || der[0] != kSequenceTag || der[1] != der.size() - 2) {
    return false;
  }
  der = der.subspan(2);
  return TakeScalar(der, order) && TakeScalar(der, order) && der.empty();
}

}  // namespace

hash::Hash MessageDigest(const PublicKey::Prepared& key, Bytes message) {
  if (key.algorithm == Algorithm::kSm2) {
    return hash::Sm3({key.sm2_z.span(), message});
  }
  return hash::Sha256(message);
}

bool IsStrictSignature(Algorithm algorithm, Bytes signature) {
  switch (algorithm) {
    case Algorithm::kSm2:
      return IsStrictDer(signature, kSm2Order);
    case Algorithm::kP256:
      return IsStrictDer(signature, kP256Order);
    case Algorithm::kEd25519:
      return signature.size() == kEd25519SignatureBytes;
  }
  return false;
}

bool Verify(const PublicKey& key, Bytes message, Bytes signature) {
  const PublicKey::Prepared& prepared = key.prepared();
  if (!IsStrictSignature(prepared.algorithm, signature)) return false;
  const ErrorQueueCleaner cleaner;
  if (prepared.algorithm == Algorithm::kEd25519) {
    const MdCtxPtr ctx(EVP_MD_CTX_new());
    return ctx != nullptr &&
           EVP_MD_CTX_copy_ex(ctx.get(), prepared.whole.get()) == 1 &&
           EVP_DigestVerify(ctx.get(), signature.data(), signature.size(),
                            message.data(), message.size()) == 1;
  }
  const hash::Hash digest = MessageDigest(prepared, message);
  const PkeyCtxPtr ctx(EVP_PKEY_CTX_dup(prepared.prehashed.get()));
  return ctx != nullptr &&
         EVP_PKEY_verify(ctx.get(), signature.data(), signature.size(),
                         digest.bytes.data(), digest.bytes.size()) == 1;
}

}  // namespace dataip::crypto
