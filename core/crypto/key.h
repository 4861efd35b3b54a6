// Public keys of the three signature algorithms (formats.md 7).
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/hash/hash.h"

namespace dataip::crypto {

// The number is the algorithm byte of a key id and never changes.
enum class Algorithm : uint8_t { kSm2 = 1, kP256 = 2, kEd25519 = 3 };

// "sm2", "p256" or "ed25519": the words of the command line.
absl::string_view AlgorithmName(Algorithm algorithm);

// Fails with INVALID_ARGUMENT that lists the known words.
absl::StatusOr<Algorithm> ParseAlgorithm(absl::string_view name);

// True for the numbers 1 to 3, so that an algorithm read from a message can
// be cast.
bool IsKnownAlgorithm(uint64_t number);

// An enrolled or enrollable public key: a point that is on the curve and not
// infinity, for Ed25519 canonical and not of small order.
//
// Cheap to copy (copies share one immutable, prepared key) and safe to use
// from many threads. Creating one costs about as much as a verification: make
// it once per key, not once per signature.
class PublicKey {
 public:
  // `raw` is the uncompressed point 04||X||Y (65 bytes) or the 32 bytes of
  // RFC 8032. Fails with INVALID_ARGUMENT on any other length or form.
  static absl::StatusOr<PublicKey> FromRaw(Algorithm algorithm, Bytes raw);

  // Exactly the SubjectPublicKeyInfo that ToSpkiDer writes: a named curve and
  // an uncompressed point, nothing behind it.
  static absl::StatusOr<PublicKey> FromSpkiDer(Bytes der);

  // One `-----BEGIN PUBLIC KEY-----` block and nothing else.
  static absl::StatusOr<PublicKey> FromPem(absl::string_view pem);

  Algorithm algorithm() const;
  // What FromRaw took.
  Bytes raw() const;
  std::string raw_string() const;
  // Lowercase hex of SHA-256(algorithm byte || raw), 64 characters.
  const std::string& KeyId() const;
  std::string ToSpkiDer() const;
  std::string ToPem() const;

  friend bool operator==(const PublicKey& a, const PublicKey& b) {
    return a.KeyId() == b.KeyId();
  }

  // The OpenSSL side, defined in core/crypto/openssl.h for this folder alone.
  struct Prepared;
  const Prepared& prepared() const { return *prepared_; }

 private:
  explicit PublicKey(std::shared_ptr<const Prepared> prepared)
      : prepared_(std::move(prepared)) {}

  std::shared_ptr<const Prepared> prepared_;
};

// The key id of a key whose point has not been checked: for looking up.
std::string KeyIdOf(Algorithm algorithm, Bytes raw);

}  // namespace dataip::crypto
