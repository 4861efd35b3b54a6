// Reading X.509 certificates and verifying chains of issuing certificates
// (formats.md 7 and 8.5).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/crypto/key.h"
#include "core/hash/hash.h"

namespace dataip::crypto {

// What a certificate says; nothing here is verified.
struct Certificate {
  std::string der;
  PublicKey public_key;
  std::string subject;  // RFC 2253 order, UTF-8
  std::string issuer;
  std::string serial;  // lowercase hex, no leading zeros
  int64_t not_before_s = 0;
  int64_t not_after_s = 0;
  bool is_ca = false;
  std::vector<std::string> san_uris;
  std::vector<std::string> san_dns_names;
};

// Fails with INVALID_ARGUMENT on bytes that are not exactly one DER
// certificate of at most limits::kCertificateDerBytes with a key of the three
// algorithms.
absl::StatusOr<Certificate> ParseCertificateDer(Bytes der);

// Exactly one `-----BEGIN CERTIFICATE-----` block.
absl::StatusOr<Certificate> ParseCertificatePem(absl::string_view pem);

// One to limits::kCertificatesPerChain blocks, in their order.
absl::StatusOr<std::vector<Certificate>> ParseCertificatesPem(
    absl::string_view pem);

std::string CertificatePem(Bytes der);

struct ChainToVerify {
  std::string leaf_der;
  std::vector<std::string> intermediates_der;
  // Trust anchors, one PEM block each (the trust file's `issuing_cas`); those
  // with a key of another algorithm are passed over.
  std::vector<std::string> anchors_pem;
  Algorithm algorithm = Algorithm::kSm2;  // kSm2 or kP256
  int64_t at_unix_s = 0;                  // the one instant that counts
};

// Verifies that the leaf leads to an anchor and returns the leaf's key.
//
// Every certificate of the chain, the anchor too, has a key of `algorithm`,
// is signed with SM2-with-SM3 (user ID 1234567812345678) or
// ECDSA-with-SHA256, and is valid at `at_unix_s`: not before its notBefore
// and, as `openssl verify -attime` has it, before its notAfter. All but the
// leaf are authorities (basicConstraints CA, keyCertSign) within their path
// lengths; the leaf is none, has keyUsage digitalSignature, and is not for TLS.
// The clock is never read.
//
// INVALID_ARGUMENT: something could not be parsed. FAILED_PRECONDITION: the
// chain does not hold, and why.
absl::StatusOr<PublicKey> VerifyChain(const ChainToVerify& chain);

}  // namespace dataip::crypto
