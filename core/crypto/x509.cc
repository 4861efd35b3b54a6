#include "core/crypto/x509.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "core/crypto/openssl.h"
#include "core/crypto/pem.h"

namespace dataip::crypto {
namespace {

constexpr char kPemLabel[] = "CERTIFICATE";
constexpr int64_t kSecondsPerDay = 86'400;

struct GeneralNamesFreer {
  void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};
using GeneralNamesPtr = std::unique_ptr<GENERAL_NAMES, GeneralNamesFreer>;

using TimePtr = std::unique_ptr<ASN1_TIME, Freer<ASN1_TIME_free>>;

absl::Status NotACertificate(absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("not an X.509 certificate of this system: ", why));
}

std::string TextOf(const X509_NAME* name) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  DATAIP_ASSERT(bio != nullptr);
  // UTF-8 as it is instead of \E4\B8\AD.
  const unsigned long flags = XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB;
  if (X509_NAME_print_ex(bio.get(), name, 0, flags) < 0) return "";
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return size > 0 ? std::string(text, static_cast<size_t>(size)) : "";
}

std::string SerialOf(const X509& certificate) {
  const BnPtr number(
      ASN1_INTEGER_to_BN(X509_get0_serialNumber(&certificate), nullptr));
  if (number == nullptr) return "";
  char* const hex = BN_bn2hex(number.get());
  DATAIP_ASSERT(hex != nullptr);
  std::string text = absl::AsciiStrToLower(hex);
  OPENSSL_free(hex);
  while (text.size() > 1 && text[0] == '0') text.erase(0, 1);
  return text;
}

absl::StatusOr<int64_t> SecondsOf(const ASN1_TIME* time) {
  const TimePtr epoch(ASN1_TIME_set(nullptr, 0));
  DATAIP_ASSERT(epoch != nullptr);
  int days = 0;
  int seconds = 0;
  if (ASN1_TIME_diff(&days, &seconds, epoch.get(), time) != 1) {
    return NotACertificate("a time that cannot be read");
  }
  return days * kSecondsPerDay + seconds;
}

// IA5String can hold any byte; a zero in the middle has fooled readers before.
absl::StatusOr<std::string> VisibleText(const ASN1_IA5STRING* text) {
  const auto* const data = ASN1_STRING_get0_data(text);
  std::string value(data, data + ASN1_STRING_length(text));
  for (const char c : value) {
    if (c < 0x21 || c > 0x7e) {
      return NotACertificate("subject alternative name with other characters");
    }
  }
  return value;
}

absl::Status ReadAlternativeNames(const X509& x509, Certificate& certificate) {
  int critical = 0;
  const GeneralNamesPtr names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(&x509, NID_subject_alt_name, &critical, nullptr)));
  if (names == nullptr) {
    if (critical == -1) return absl::OkStatus();  // there is none
    return NotACertificate("broken subject alternative names");
  }
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_URI && name->type != GEN_DNS) continue;
    ASSIGN_OR_RETURN(std::string text, VisibleText(name->d.ia5));
    auto& list = name->type == GEN_URI ? certificate.san_uris
                                       : certificate.san_dns_names;
    list.push_back(std::move(text));
  }
  return absl::OkStatus();
}

// For the signature on this certificate; other algorithms know no user ID and
// would fail with one.
void AttachSm2UserId(X509& x509) {
  if (X509_get_signature_nid(&x509) != NID_SM2_with_SM3) return;
  ASN1_OCTET_STRING* const user_id = ASN1_OCTET_STRING_new();
  DATAIP_ASSERT(user_id != nullptr);
  DATAIP_ASSERT(ASN1_OCTET_STRING_set(
                    user_id,
                    reinterpret_cast<const unsigned char*>(kSm2UserId.data()),
                    static_cast<int>(kSm2UserId.size())) == 1);
  X509_set0_distinguishing_id(&x509, user_id);
}

}  // namespace

std::string DerOf(const X509& certificate) {
  // i2d only caches inside; the certificate is the same after it.
  auto* const x509 = const_cast<X509*>(&certificate);
  const int size = i2d_X509(x509, nullptr);
  DATAIP_ASSERT(size > 0);
  std::string der(static_cast<size_t>(size), '\0');
  auto* at = reinterpret_cast<unsigned char*>(der.data());
  DATAIP_ASSERT(i2d_X509(x509, &at) == size);
  return der;
}

absl::StatusOr<X509Ptr> ReadX509(Bytes der) {
  const ErrorQueueCleaner cleaner;
  if (der.empty() || der.size() > limits::kCertificateDerBytes) {
    return NotACertificate("empty or too long");
  }
  const unsigned char* at = der.data();
  X509Ptr x509(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  if (x509 == nullptr || at != der.data() + der.size()) {
    return NotACertificate("not one DER certificate");
  }
  const std::string again = DerOf(*x509);
  if (!std::equal(
          again.begin(), again.end(), der.begin(), der.end(),
          [](char a, uint8_t b) { return static_cast<uint8_t>(a) == b; })) {
    return NotACertificate("not in DER form");
  }
  AttachSm2UserId(*x509);
  if ((X509_get_extension_flags(x509.get()) & EXFLAG_INVALID) != 0) {
    return NotACertificate("broken extensions");
  }
  return x509;
}

absl::StatusOr<PublicKey> PublicKeyOf(const X509& certificate) {
  unsigned char* der = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(&certificate), &der);
  if (size <= 0) return NotACertificate("no public key");
  auto key = PublicKey::FromSpkiDer(Bytes(der, static_cast<size_t>(size)));
  OPENSSL_free(der);
  return key;
}

absl::StatusOr<Certificate> ParseCertificateDer(Bytes der) {
  ASSIGN_OR_RETURN(const X509Ptr x509, ReadX509(der));
  const ErrorQueueCleaner cleaner;
  ASSIGN_OR_RETURN(PublicKey key, PublicKeyOf(*x509));
  Certificate certificate{
      .der = std::string(der.begin(), der.end()),
      .public_key = std::move(key),
      .subject = TextOf(X509_get_subject_name(x509.get())),
      .issuer = TextOf(X509_get_issuer_name(x509.get())),
      .serial = SerialOf(*x509),
      .is_ca = X509_check_ca(x509.get()) == 1,
  };
  ASSIGN_OR_RETURN(certificate.not_before_s,
                   SecondsOf(X509_get0_notBefore(x509.get())));
  ASSIGN_OR_RETURN(certificate.not_after_s,
                   SecondsOf(X509_get0_notAfter(x509.get())));
  RETURN_IF_ERROR(ReadAlternativeNames(*x509, certificate));
  return certificate;
}

absl::StatusOr<Certificate> ParseCertificatePem(absl::string_view pem) {
  ASSIGN_OR_RETURN(const auto blocks, ReadPem(pem, kPemLabel, 1));
  return ParseCertificateDer(hash::AsBytes(blocks[0]));
}

absl::StatusOr<std::vector<Certificate>> ParseCertificatesPem(
    absl::string_view pem) {
  ASSIGN_OR_RETURN(const auto blocks,
                   ReadPem(pem, kPemLabel, limits::kCertificatesPerChain));
  std::vector<Certificate> certificates;
  for (const std::string& der : blocks) {
    ASSIGN_OR_RETURN(Certificate certificate,
                     ParseCertificateDer(hash::AsBytes(der)));
    certificates.push_back(std::move(certificate));
  }
  return certificates;
}

std::string CertificatePem(Bytes der) { return WritePem(kPemLabel, der); }

}  // namespace dataip::crypto
