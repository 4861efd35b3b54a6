// The issuing authority: two keys with their X.509 chains. A signature is
// made after Decide and before Append (formats.md 7).
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/crypto/signer.h"
#include "core/crypto/x509.h"
#include "dataip/registry/v1/table.pb.h"
#include "dataip/registry/v1/transition.pb.h"

namespace dataip::registryd {

namespace v1 = ::dataip::registry::v1;

// Copyable, thread safe.
class CertificateSigner {
 public:
  // PEM texts: a private key, and its chain from the leaf up.
  struct KeyPem {
    std::string key;
    std::string chain;
    std::string key_path = {};  // where the key lies, for messages
  };

  // INVALID_FIELD when a key is of the other algorithm or not that of the
  // leaf in its chain.
  static absl::StatusOr<CertificateSigner> Create(const KeyPem& sm2,
                                                  const KeyPem& p256);

  // INVALID_FIELD unless the registry names exactly these keys; says setting,
  // file, and both key ids.
  absl::Status CheckRegistry(const v1::OpenRegistry& registry) const;
  // Whether one of both keys has this key id.
  bool HasKey(const std::string& key_id) const;

  // SM2, then P-256, over the content of the certificate that `events`
  // issue; none when they issue none.
  absl::StatusOr<std::vector<v1::CertificateSignature>> Sign(
      const std::string& origin, const std::vector<v1::Event>& events) const;

  // DER, the leaf first.
  const std::vector<crypto::Certificate>& sm2_chain() const {
    return sm2_.chain;
  }
  const std::vector<crypto::Certificate>& p256_chain() const {
    return p256_.chain;
  }

 private:
  struct Issuer {
    crypto::PrivateKey key;
    std::vector<crypto::Certificate> chain;
    std::string key_path;
  };
  static absl::StatusOr<Issuer> Load(const KeyPem& pem,
                                     crypto::Algorithm algorithm);
  CertificateSigner(Issuer sm2, Issuer p256)
      : sm2_(std::move(sm2)), p256_(std::move(p256)) {}

  Issuer sm2_;
  Issuer p256_;
};

// Both chains, certificate by certificate.
std::vector<std::string> IssuingPem(const CertificateSigner& signer);

}  // namespace dataip::registryd
