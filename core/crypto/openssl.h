// Owning pointers to OpenSSL's types and what this folder keeps behind its
// keys. For core/crypto and client/pki only; headers of other rooms never
// include it.
#pragma once

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/crypto/key.h"
#include "core/crypto/signer.h"
#include "core/hash/hash.h"

namespace dataip::crypto {

template <auto Free>
struct Freer {
  template <typename T>
  void operator()(T* pointer) const {
    Free(pointer);
  }
};

using BnPtr = std::unique_ptr<BIGNUM, Freer<BN_free>>;
using BnCtxPtr = std::unique_ptr<BN_CTX, Freer<BN_CTX_free>>;
using BioPtr = std::unique_ptr<BIO, Freer<BIO_free>>;
using PkeyPtr = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using PkeyCtxPtr = std::unique_ptr<EVP_PKEY_CTX, Freer<EVP_PKEY_CTX_free>>;
using MdCtxPtr = std::unique_ptr<EVP_MD_CTX, Freer<EVP_MD_CTX_free>>;
using Pkcs8Ptr =
    std::unique_ptr<PKCS8_PRIV_KEY_INFO, Freer<PKCS8_PRIV_KEY_INFO_free>>;
using X509Ptr = std::unique_ptr<X509, Freer<X509_free>>;

// The user ID of every SM2 signature, X.509 included (formats.md; GB/T 35276).
inline constexpr absl::string_view kSm2UserId = "1234567812345678";

// Empties OpenSSL's error queue of this thread on the way out: gRPC reads the
// same queue and would take our refusal of a signature for a TLS failure.
class ErrorQueueCleaner {
 public:
  ErrorQueueCleaner() = default;
  ~ErrorQueueCleaner();
  ErrorQueueCleaner(const ErrorQueueCleaner&) = delete;
  ErrorQueueCleaner& operator=(const ErrorQueueCleaner&) = delete;
};

// INTERNAL with `what` and OpenSSL's first reason; for calls that fail only
// when the library cannot work.
absl::Status OpenSslFailure(absl::string_view what);

struct PublicKey::Prepared {
  Algorithm algorithm;
  std::string raw;
  std::string key_id;
  PkeyPtr pkey;
  // Ready to verify; copied for each use, since OpenSSL promises nothing about
  // one context in two threads. `prehashed` is of SM2 and ECDSA, `whole` of
  // Ed25519.
  PkeyCtxPtr prehashed;
  MdCtxPtr whole;
  hash::Hash sm2_z;  // of SM2 keys (GB/T 32918.2 5.5)
};

struct PrivateKey::Prepared {
  PkeyPtr pkey;
};

// The value that a signature by `key` (SM2 or P-256) is computed over:
// SM3(Z || message) or SHA-256(message).
hash::Hash MessageDigest(const PublicKey::Prepared& key, Bytes message);

// One DER certificate and nothing behind it, with the SM2 user ID attached.
absl::StatusOr<X509Ptr> ReadX509(Bytes der);

absl::StatusOr<PublicKey> PublicKeyOf(const X509& certificate);

std::string DerOf(const X509& certificate);

}  // namespace dataip::crypto
