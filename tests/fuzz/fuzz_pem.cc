// Keys and certificates as text: what is taken keeps itself.
#include <cstdlib>

#include "core/crypto/key.h"
#include "core/crypto/signer.h"
#include "core/crypto/x509.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace dataip::crypto;
  const absl::string_view text(reinterpret_cast<const char*>(bytes), size);
  if (const auto key = PublicKey::FromPem(text); key.ok()) {
    const auto again = PublicKey::FromPem(key->ToPem());
    if (!again.ok() || *again != *key) std::abort();
  }
  if (const auto key = PrivateKey::FromPem(text); key.ok()) {
    const auto again = PrivateKey::FromPem(key->ToPem());
    if (!again.ok() || again->KeyId() != key->KeyId()) std::abort();
  }
  if (const auto list = ParseCertificatesPem(text); list.ok()) {
    for (const Certificate& certificate : *list) {
      const auto again = ParseCertificatePem(
          CertificatePem(dataip::hash::AsBytes(certificate.der)));
      if (!again.ok() || again->der != certificate.der) std::abort();
    }
  }
  return 0;
}
