#include "services/registry/certificate_signer.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/crypto/command_signature.h"
#include "core/registry/state/signing.h"
#include "services/common/checks.h"
#include "services/common/error.h"
#include "services/registry/named_key.h"

namespace dataip::registryd {

absl::StatusOr<CertificateSigner::Issuer> CertificateSigner::Load(
    const KeyPem& pem, crypto::Algorithm algorithm) {
  const std::string name(crypto::AlgorithmName(algorithm));
  auto key = crypto::PrivateKey::FromPem(pem.key);
  if (!key.ok()) {
    return services::AboutSetting(absl::StrCat("issuing_", name, "_key"),
                                  key.status());
  }
  if (key->algorithm() != algorithm) {
    return services::InvalidField(
        absl::StrCat("issuing_", name, "_key"),
        {"a key of another algorithm", "密钥算法不对"});
  }
  auto chain = crypto::ParseCertificatesPem(pem.chain);
  if (!chain.ok()) {
    return services::AboutSetting(absl::StrCat("issuing_", name, "_chain"),
                                  chain.status());
  }
  if (!(chain->front().public_key == key->public_key())) {
    return services::InvalidField(
        absl::StrCat("issuing_", name, "_chain"),
        {"the first certificate is not that of the key",
         "第一张证书不是该密钥的证书"});
  }
  return Issuer{*std::move(key), *std::move(chain), pem.key_path};
}

absl::StatusOr<CertificateSigner> CertificateSigner::Create(
    const KeyPem& sm2, const KeyPem& p256) {
  ASSIGN_OR_RETURN(Issuer sm2_issuer, Load(sm2, crypto::Algorithm::kSm2));
  ASSIGN_OR_RETURN(Issuer p256_issuer, Load(p256, crypto::Algorithm::kP256));
  return CertificateSigner(std::move(sm2_issuer), std::move(p256_issuer));
}

absl::Status CertificateSigner::CheckRegistry(
    const v1::OpenRegistry& registry) const {
  RETURN_IF_ERROR(CheckNamedKey(registry.issuing_sm2(), sm2_.key,
                                {"issuing_sm2_key", sm2_.key_path}));
  return CheckNamedKey(registry.issuing_p256(), p256_.key,
                       {"issuing_p256_key", p256_.key_path});
}

bool CertificateSigner::HasKey(const std::string& key_id) const {
  return sm2_.key.KeyId() == key_id || p256_.key.KeyId() == key_id;
}

absl::StatusOr<std::vector<v1::CertificateSignature>> CertificateSigner::Sign(
    const std::string& origin, const std::vector<v1::Event>& events) const {
  std::vector<v1::CertificateSignature> signatures;
  for (const v1::Event& event : events) {
    if (!event.has_certificate_issued()) continue;
    const std::string message = crypto::CertificateMessage(
        origin, hash::AsBytes(event.certificate_issued().content()));
    for (const Issuer* issuer : {&sm2_, &p256_}) {
      v1::CertificateSignature& signature = signatures.emplace_back();
      signature.set_key_id(issuer->key.KeyId());
      ASSIGN_OR_RETURN(*signature.mutable_signature(),
                       issuer->key.Sign(hash::AsBytes(message)));
    }
  }
  return signatures;
}

std::vector<std::string> IssuingPem(const CertificateSigner& signer) {
  std::vector<std::string> pem;
  for (const auto* chain : {&signer.sm2_chain(), &signer.p256_chain()}) {
    for (const crypto::Certificate& certificate : *chain) {
      pem.push_back(crypto::CertificatePem(hash::AsBytes(certificate.der)));
    }
  }
  return pem;
}

}  // namespace dataip::registryd
