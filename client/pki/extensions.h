// Building the parts of an X.509 certificate. Private to client/pki.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/pki/authority.h"
#include "core/crypto/openssl.h"

namespace dataip::client {

// One certificate that is being made: set in any order, signed last.
class CertificateBuilder {
 public:
  // Version 3, a random serial of 127 bits, the key and the period.
  static absl::StatusOr<CertificateBuilder> Start(
      const crypto::PublicKey& subject_key, const Validity& validity);

  // CN and, when given, O, as UTF8String.
  absl::Status SetSubject(absl::string_view common_name,
                          absl::string_view organization);
  // Subject of the issuer and its key identifier; nullptr for self-signed.
  absl::Status SetIssuer(const X509* issuer);

  // basicConstraints, keyUsage and, for TLS, extendedKeyUsage.
  absl::Status MakeAuthority(int path_length, KeyUse use);
  // The same and the names of a leaf.
  absl::Status MakeLeaf(const LeafOptions& options);

  // Signs with SM2-with-SM3 or ECDSA-with-SHA256, the key's own.
  absl::StatusOr<std::string> SignDer(const crypto::PrivateKey& key);

 private:
  explicit CertificateBuilder(crypto::X509Ptr x509) : x509_(std::move(x509)) {}

  absl::Status AddExtension(int nid, const std::string& value);
  absl::Status AddNames(const LeafOptions& options);

  crypto::X509Ptr x509_;
};

}  // namespace dataip::client
