// Certificates as bytes: what is taken is the whole input, and nothing that
// comes from outside ever leads to our anchor.
#include <cstdlib>
#include <string>

#include "client/pki/authority.h"
#include "core/crypto/x509.h"

namespace {

using namespace dataip::crypto;

std::string FreshAnchor(Algorithm algorithm) {
  const auto authority = dataip::client::Authority::Create(
      {.algorithm = algorithm,
       .use = dataip::client::KeyUse::kIssuing,
       .common_name = "anchor",
       .validity = {0, 4'000'000'000}});
  if (!authority.ok()) std::abort();
  return authority->certificate_pem();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const auto certificate = ParseCertificateDer({bytes, size});
  if (!certificate.ok()) return 0;
  const std::string input(reinterpret_cast<const char*>(bytes), size);
  if (certificate->der != input) std::abort();
  const Algorithm algorithm = certificate->public_key.algorithm();
  if (algorithm == Algorithm::kEd25519) return 0;
  static const std::string sm2 = FreshAnchor(Algorithm::kSm2);
  static const std::string p256 = FreshAnchor(Algorithm::kP256);
  ChainToVerify chain{.leaf_der = input,
                      .anchors_pem = {sm2, p256},
                      .algorithm = algorithm,
                      .at_unix_s = certificate->not_before_s};
  if (VerifyChain(chain).ok()) std::abort();
  chain.intermediates_der = {input};
  if (VerifyChain(chain).ok()) std::abort();
  return 0;
}
