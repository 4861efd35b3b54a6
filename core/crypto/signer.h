// Private keys: generate, read, write, sign.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/crypto/key.h"
#include "core/hash/hash.h"

namespace dataip::crypto {

// Cheap to copy (copies share one key), safe to use from many threads. The
// key's memory is wiped by OpenSSL when the last copy goes.
class PrivateKey {
 public:
  // A fresh key from OpenSSL's random generator. Fails with INTERNAL when
  // the generator does.
  static absl::StatusOr<PrivateKey> Generate(Algorithm algorithm);

  // One unencrypted `-----BEGIN PRIVATE KEY-----` block (PKCS#8). Refuses
  // other kinds of key, explicit curve parameters and a public part that does
  // not belong to the private one; never asks for a pass phrase.
  static absl::StatusOr<PrivateKey> FromPem(absl::string_view pem);

  // PKCS#8, unencrypted, what FromPem and `openssl pkey` read.
  std::string ToPem() const;

  const PublicKey& public_key() const { return public_key_; }
  Algorithm algorithm() const { return public_key_.algorithm(); }
  const std::string& KeyId() const { return public_key_.KeyId(); }

  // SM2 with SM3 and user ID 1234567812345678 or ECDSA with SHA-256 (both
  // strict DER, not deterministic), or Ed25519 (64 bytes).
  absl::StatusOr<std::string> Sign(Bytes message) const;

  // The OpenSSL side, defined in core/crypto/openssl.h for this folder and
  // client/pki.
  struct Prepared;
  const Prepared& prepared() const { return *prepared_; }

 private:
  PrivateKey(std::shared_ptr<const Prepared> prepared, PublicKey public_key)
      : prepared_(std::move(prepared)), public_key_(std::move(public_key)) {}

  std::shared_ptr<const Prepared> prepared_;
  PublicKey public_key_;
};

}  // namespace dataip::crypto
