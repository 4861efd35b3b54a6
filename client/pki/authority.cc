#include "client/pki/authority.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "client/pki/extensions.h"
#include "core/base/status_macros.h"
#include "core/crypto/openssl.h"

namespace dataip::client {
namespace {

using crypto::Algorithm;

constexpr int kMaxPathLength = 4;

absl::Status Invalid(absl::string_view chinese, absl::string_view english) {
  return absl::InvalidArgumentError(absl::StrCat(chinese, " ", english));
}

absl::Status CheckOptions(const AuthorityOptions& options) {
  if (options.algorithm == Algorithm::kEd25519) {
    return Invalid("证书只支持 sm2 或 p256 算法。",
                   "Certificates are of algorithm sm2 or p256.");
  }
  if (options.use == KeyUse::kTls && options.algorithm != Algorithm::kP256) {
    return Invalid("TLS 证书只支持 p256 算法；sm2 用于 issuing。",
                   "Certificates for TLS are p256; sm2 is for issuing.");
  }
  if (options.path_length < 0 || options.path_length > kMaxPathLength) {
    return Invalid("下级层数须为 0 至 4。", "The path length is 0 to 4.");
  }
  return absl::OkStatus();
}

absl::StatusOr<crypto::PrivateKey> NewKey(const AuthorityOptions& options) {
  RETURN_IF_ERROR(CheckOptions(options));
  return crypto::PrivateKey::Generate(options.algorithm);
}

absl::Status CheckWithin(const Validity& inner,
                         const crypto::Certificate& outer) {
  if (inner.not_before_s < outer.not_before_s ||
      inner.not_after_s > outer.not_after_s) {
    return Invalid("有效期超出上级证书的有效期。",
                   "The validity goes beyond that of the authority.");
  }
  return absl::OkStatus();
}

absl::StatusOr<crypto::X509Ptr> X509Of(const crypto::Certificate& certificate) {
  return crypto::ReadX509(hash::AsBytes(certificate.der));
}

// An authority for TLS says so by its own extendedKeyUsage; TLS libraries and
// VerifyChain read it the same way.
bool IsForTls(X509& x509) {
  constexpr uint32_t kTls = XKU_SSL_SERVER | XKU_SSL_CLIENT;
  return (X509_get_extension_flags(&x509) & EXFLAG_XKUSAGE) != 0 &&
         (X509_get_extended_key_usage(&x509) & kTls) != 0;
}

// Makes and signs an authority's certificate; without `issuer` it is its own.
absl::StatusOr<std::string> MakeAuthorityDer(const crypto::PublicKey& subject,
                                             const AuthorityOptions& options,
                                             const X509* issuer,
                                             const crypto::PrivateKey& signer) {
  ASSIGN_OR_RETURN(auto builder,
                   CertificateBuilder::Start(subject, options.validity));
  RETURN_IF_ERROR(
      builder.SetSubject(options.common_name, options.organization));
  RETURN_IF_ERROR(builder.SetIssuer(issuer));
  RETURN_IF_ERROR(builder.MakeAuthority(options.path_length, options.use));
  return builder.SignDer(signer);
}

}  // namespace

absl::string_view KeyUseName(KeyUse use) {
  return use == KeyUse::kTls ? "tls" : "issuing";
}

absl::StatusOr<KeyUse> ParseKeyUse(absl::string_view name) {
  for (const KeyUse use : {KeyUse::kTls, KeyUse::kIssuing}) {
    if (name == KeyUseName(use)) return use;
  }
  return Invalid(
      absl::StrCat("用途只能是 tls 或 issuing，收到“", name, "”。"),
      absl::StrCat("The use must be tls or issuing, not \"", name, "\"."));
}

absl::StatusOr<Authority> Authority::Create(const AuthorityOptions& options) {
  ASSIGN_OR_RETURN(crypto::PrivateKey key, NewKey(options));
  ASSIGN_OR_RETURN(const std::string der,
                   MakeAuthorityDer(key.public_key(), options, nullptr, key));
  ASSIGN_OR_RETURN(crypto::Certificate certificate,
                   crypto::ParseCertificateDer(hash::AsBytes(der)));
  return Authority(std::move(key), std::move(certificate), options.use);
}

absl::StatusOr<Authority> Authority::Load(crypto::PrivateKey key,
                                          absl::string_view certificate_pem) {
  ASSIGN_OR_RETURN(crypto::Certificate certificate,
                   crypto::ParseCertificatePem(certificate_pem));
  if (!certificate.is_ca) {
    return Invalid("该证书不是签发机构证书。",
                   "The certificate is not that of an authority.");
  }
  if (certificate.public_key != key.public_key()) {
    return Invalid("签发机构的私钥与证书不是一对。",
                   "The authority's key does not belong to its certificate.");
  }
  ASSIGN_OR_RETURN(const crypto::X509Ptr x509, X509Of(certificate));
  const KeyUse use = IsForTls(*x509) ? KeyUse::kTls : KeyUse::kIssuing;
  return Authority(std::move(key), std::move(certificate), use);
}

absl::StatusOr<Authority> Authority::CreateIntermediate(
    const AuthorityOptions& options) const {
  if (options.algorithm != key_.algorithm() || options.use != use_) {
    return Invalid("下级机构的算法与用途须与上级相同。",
                   "An authority below has the same algorithm and use.");
  }
  ASSIGN_OR_RETURN(const crypto::X509Ptr issuer, X509Of(certificate_));
  const long allowed = X509_get_pathlen(issuer.get());
  if (allowed >= 0 && options.path_length >= allowed) {
    return Invalid("上级证书不允许这么多层下级。",
                   "The path length of the authority does not allow this.");
  }
  RETURN_IF_ERROR(CheckWithin(options.validity, certificate_));
  ASSIGN_OR_RETURN(crypto::PrivateKey key, NewKey(options));
  ASSIGN_OR_RETURN(
      const std::string der,
      MakeAuthorityDer(key.public_key(), options, issuer.get(), key_));
  ASSIGN_OR_RETURN(crypto::Certificate certificate,
                   crypto::ParseCertificateDer(hash::AsBytes(der)));
  return Authority(std::move(key), std::move(certificate), options.use);
}

absl::StatusOr<std::string> Authority::Issue(const crypto::PublicKey& subject,
                                             const LeafOptions& options) const {
  if (options.use != use_) {
    return Invalid(
        absl::StrCat("该签发机构只能签发 ", KeyUseName(use_), " 用途的证书。"),
        absl::StrCat("This authority issues certificates for ",
                     KeyUseName(use_), " only."));
  }
  if (subject.algorithm() != key_.algorithm()) {
    return Invalid("密钥算法须与签发机构相同。",
                   "The key must be of the authority's algorithm.");
  }
  RETURN_IF_ERROR(CheckWithin(options.validity, certificate_));
  ASSIGN_OR_RETURN(const crypto::X509Ptr issuer, X509Of(certificate_));
  ASSIGN_OR_RETURN(auto builder,
                   CertificateBuilder::Start(subject, options.validity));
  RETURN_IF_ERROR(
      builder.SetSubject(options.common_name, options.organization));
  RETURN_IF_ERROR(builder.SetIssuer(issuer.get()));
  RETURN_IF_ERROR(builder.MakeLeaf(options));
  ASSIGN_OR_RETURN(const std::string der, builder.SignDer(key_));
  return crypto::CertificatePem(hash::AsBytes(der));
}

std::string Authority::certificate_pem() const {
  return crypto::CertificatePem(hash::AsBytes(certificate_.der));
}

}  // namespace dataip::client
