// Certificate authorities and the certificates they issue: what
// `dataip keys ca|cert` makes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/crypto/key.h"
#include "core/crypto/signer.h"
#include "core/crypto/x509.h"

namespace dataip::client {

// What a certificate is for. The two never mix: a chain for issuing refuses a
// certificate for TLS.
enum class KeyUse {
  kTls,      // serverAuth and clientAuth; P-256 only, OpenSSL's TLS has no SM2
  kIssuing,  // digitalSignature for certificates of registration
};

// "tls" or "issuing".
absl::string_view KeyUseName(KeyUse use);
absl::StatusOr<KeyUse> ParseKeyUse(absl::string_view name);

// The library reads no clock: the caller says.
struct Validity {
  int64_t not_before_s = 0;
  int64_t not_after_s = 0;
};

struct AuthorityOptions {
  crypto::Algorithm algorithm = crypto::Algorithm::kP256;
  KeyUse use = KeyUse::kTls;
  std::string common_name;
  std::string organization;  // may be empty
  Validity validity;
  int path_length = 1;  // authorities allowed below it
};

// Whether a certificate may name this actor: at most 255 letters, digits and
// . _ - /.
bool IsActor(absl::string_view actor);

struct LeafOptions {
  KeyUse use = KeyUse::kTls;
  std::string common_name;
  std::string organization;  // may be empty
  Validity validity;
  // For TLS only.
  std::vector<std::string> dns_names;
  std::vector<std::string> ip_addresses;
  // Becomes the SAN URI `dataip:<actor>`; "" for none.
  std::string actor;
};

// A key with the certificate that makes it an authority. Copyable, thread
// safe.
class Authority {
 public:
  // A fresh self-signed one. INVALID_ARGUMENT: the options cannot be (SM2 for
  // TLS, Ed25519, no name, an empty period); the message says which.
  static absl::StatusOr<Authority> Create(const AuthorityOptions& options);

  // From what was stored. INVALID_ARGUMENT unless the certificate is an
  // authority's and of this key.
  static absl::StatusOr<Authority> Load(crypto::PrivateKey key,
                                        absl::string_view certificate_pem);

  // A fresh authority below this one, of the same algorithm and use; refused
  // when the path length does not allow it.
  absl::StatusOr<Authority> CreateIntermediate(
      const AuthorityOptions& options) const;

  // The PEM certificate of a leaf for `subject`, a key of this authority's
  // algorithm. Refuses a leaf of another use or one that outlives the
  // authority.
  absl::StatusOr<std::string> Issue(const crypto::PublicKey& subject,
                                    const LeafOptions& options) const;

  const crypto::PrivateKey& key() const { return key_; }
  const crypto::Certificate& certificate() const { return certificate_; }
  std::string certificate_pem() const;
  KeyUse use() const { return use_; }

 private:
  Authority(crypto::PrivateKey key, crypto::Certificate certificate, KeyUse use)
      : key_(std::move(key)), certificate_(std::move(certificate)), use_(use) {}

  crypto::PrivateKey key_;
  crypto::Certificate certificate_;
  KeyUse use_;
};

}  // namespace dataip::client
