#include "client/pki/extensions.h"

#include <arpa/inet.h>
#include <openssl/objects.h>

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/crypto/random.h"

namespace dataip::client {
namespace {

using crypto::OpenSslFailure;
using ExtensionPtr =
    std::unique_ptr<X509_EXTENSION, crypto::Freer<X509_EXTENSION_free>>;
using GeneralNamesPtr =
    std::unique_ptr<GENERAL_NAMES, crypto::Freer<GENERAL_NAMES_free>>;
using GeneralNamePtr =
    std::unique_ptr<GENERAL_NAME, crypto::Freer<GENERAL_NAME_free>>;

constexpr size_t kSerialBytes = 16;
constexpr size_t kDnsNameChars = 253;
constexpr size_t kActorChars = 255;
constexpr char kTlsUsages[] = "serverAuth,clientAuth";

absl::Status Invalid(absl::string_view chinese, absl::string_view english) {
  return absl::InvalidArgumentError(absl::StrCat(chinese, " ", english));
}

bool SetRandomSerial(X509* x509) {
  std::string bytes = crypto::RandomBytes(kSerialBytes);
  bytes[0] = static_cast<char>((bytes[0] & 0x7f) | 0x40);  // positive, full
  const crypto::BnPtr number(
      BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()),
                static_cast<int>(bytes.size()), nullptr));
  return number != nullptr &&
         BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(x509)) !=
             nullptr;
}

bool SetKey(X509* x509, const crypto::PublicKey& key) {
  const std::string der = key.ToSpkiDer();
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const crypto::PkeyPtr pkey(
      d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())));
  return pkey != nullptr && X509_set_pubkey(x509, pkey.get()) == 1;
}

bool AddNameEntry(X509_NAME* name, const char* field, absl::string_view text) {
  return X509_NAME_add_entry_by_txt(
             name, field, MBSTRING_UTF8,
             reinterpret_cast<const unsigned char*>(text.data()),
             static_cast<int>(text.size()), -1, 0) == 1;
}

bool PushText(GENERAL_NAMES* names, int type, absl::string_view text) {
  GeneralNamePtr name(GENERAL_NAME_new());
  ASN1_IA5STRING* const value = ASN1_IA5STRING_new();
  if (name == nullptr || value == nullptr) return false;
  GENERAL_NAME_set0_value(name.get(), type, value);
  if (ASN1_STRING_set(value, text.data(), static_cast<int>(text.size())) != 1) {
    return false;
  }
  if (sk_GENERAL_NAME_push(names, name.get()) <= 0) return false;
  name.release();
  return true;
}

bool PushIp(GENERAL_NAMES* names, const std::string& text) {
  GeneralNamePtr name(GENERAL_NAME_new());
  ASN1_OCTET_STRING* const value = a2i_IPADDRESS(text.c_str());
  if (name == nullptr || value == nullptr) return false;
  GENERAL_NAME_set0_value(name.get(), GEN_IPADD, value);
  if (sk_GENERAL_NAME_push(names, name.get()) <= 0) return false;
  name.release();
  return true;
}

bool IsDnsName(absl::string_view name) {
  if (name.empty() || name.size() > kDnsNameChars) return false;
  for (const char c : name) {
    if (!absl::ascii_isalnum(static_cast<unsigned char>(c)) && c != '-' &&
        c != '.' && c != '*') {
      return false;
    }
  }
  return true;
}

bool IsIpAddress(const std::string& text) {
  unsigned char address[16];
  return inet_pton(AF_INET, text.c_str(), address) == 1 ||
         inet_pton(AF_INET6, text.c_str(), address) == 1;
}

}  // namespace

bool IsActor(absl::string_view actor) {
  if (actor.size() > kActorChars) return false;
  for (const char c : actor) {
    if (!absl::ascii_isalnum(static_cast<unsigned char>(c)) && c != '-' &&
        c != '.' && c != '_' && c != '/') {
      return false;
    }
  }
  return true;
}

absl::StatusOr<CertificateBuilder> CertificateBuilder::Start(
    const crypto::PublicKey& subject_key, const Validity& validity) {
  if (validity.not_after_s <= validity.not_before_s) {
    return Invalid("有效期的终止须晚于起始。",
                   "The validity must end after it begins.");
  }
  crypto::X509Ptr x509(X509_new());
  if (x509 == nullptr || X509_set_version(x509.get(), X509_VERSION_3) != 1 ||
      !SetRandomSerial(x509.get()) || !SetKey(x509.get(), subject_key)) {
    return OpenSslFailure("starting a certificate");
  }
  if (ASN1_TIME_set(X509_getm_notBefore(x509.get()), validity.not_before_s) ==
          nullptr ||
      ASN1_TIME_set(X509_getm_notAfter(x509.get()), validity.not_after_s) ==
          nullptr) {
    return Invalid("有效期超出可表示的范围。",
                   "The validity is out of the range of X.509.");
  }
  return CertificateBuilder(std::move(x509));
}

absl::Status CertificateBuilder::SetSubject(absl::string_view common_name,
                                            absl::string_view organization) {
  if (common_name.empty()) {
    return Invalid("缺少名称。", "A common name is needed.");
  }
  X509_NAME* const name = X509_get_subject_name(x509_.get());
  if ((!organization.empty() && !AddNameEntry(name, "O", organization)) ||
      !AddNameEntry(name, "CN", common_name)) {
    return Invalid("名称须为 1 至 64 个 UTF-8 字符。",
                   "A name has 1 to 64 characters of UTF-8.");
  }
  return absl::OkStatus();
}

absl::Status CertificateBuilder::SetIssuer(const X509* issuer) {
  const X509* const from = issuer == nullptr ? x509_.get() : issuer;
  if (X509_set_issuer_name(x509_.get(), X509_get_subject_name(from)) != 1) {
    return OpenSslFailure("naming the issuer");
  }
  RETURN_IF_ERROR(AddExtension(NID_subject_key_identifier, "hash"));
  if (issuer == nullptr) return absl::OkStatus();
  // By hand: the text form would need an issuer's X509 that can be changed.
  const ASN1_OCTET_STRING* const id =
      X509_get0_subject_key_id(const_cast<X509*>(issuer));
  if (id == nullptr) {
    return Invalid("上级证书没有密钥标识。",
                   "The authority's certificate has no key identifier.");
  }
  const std::unique_ptr<AUTHORITY_KEYID, crypto::Freer<AUTHORITY_KEYID_free>>
      authority(AUTHORITY_KEYID_new());
  if (authority == nullptr) return OpenSslFailure("naming the issuer's key");
  authority->keyid = ASN1_OCTET_STRING_dup(id);
  if (authority->keyid == nullptr ||
      X509_add1_ext_i2d(x509_.get(), NID_authority_key_identifier,
                        authority.get(), 0, X509V3_ADD_DEFAULT) != 1) {
    return OpenSslFailure("naming the issuer's key");
  }
  return absl::OkStatus();
}

absl::Status CertificateBuilder::MakeAuthority(int path_length, KeyUse use) {
  RETURN_IF_ERROR(
      AddExtension(NID_basic_constraints,
                   absl::StrCat("critical,CA:TRUE,pathlen:", path_length)));
  RETURN_IF_ERROR(AddExtension(NID_key_usage, "critical,keyCertSign,cRLSign"));
  if (use == KeyUse::kIssuing) return absl::OkStatus();
  return AddExtension(NID_ext_key_usage, kTlsUsages);
}

absl::Status CertificateBuilder::MakeLeaf(const LeafOptions& options) {
  RETURN_IF_ERROR(AddExtension(NID_basic_constraints, "critical,CA:FALSE"));
  RETURN_IF_ERROR(AddExtension(NID_key_usage, "critical,digitalSignature"));
  if (options.use == KeyUse::kIssuing) {
    if (!options.dns_names.empty() || !options.ip_addresses.empty() ||
        !options.actor.empty()) {
      return Invalid("发证用途的证书不含域名、IP 或主体标识。",
                     "A certificate for issuing has no DNS name, IP address "
                     "or actor.");
    }
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(AddExtension(NID_ext_key_usage, kTlsUsages));
  return AddNames(options);
}

absl::Status CertificateBuilder::AddNames(const LeafOptions& options) {
  const GeneralNamesPtr names(GENERAL_NAMES_new());
  if (names == nullptr) return OpenSslFailure("adding names");
  for (const std::string& dns : options.dns_names) {
    if (!IsDnsName(dns) || !PushText(names.get(), GEN_DNS, dns)) {
      return Invalid(absl::StrCat("“", dns, "”不是域名。"),
                     absl::StrCat("\"", dns, "\" is no DNS name."));
    }
  }
  for (const std::string& ip : options.ip_addresses) {
    if (!IsIpAddress(ip) || !PushIp(names.get(), ip)) {
      return Invalid(absl::StrCat("“", ip, "”不是 IP 地址。"),
                     absl::StrCat("\"", ip, "\" is no IP address."));
    }
  }
  if (!options.actor.empty() &&
      (!IsActor(options.actor) ||
       !PushText(names.get(), GEN_URI,
                 absl::StrCat("dataip:", options.actor)))) {
    return Invalid("主体标识只能含字母、数字和 - . _ /。",
                   "An actor has letters, digits and - . _ / only.");
  }
  if (sk_GENERAL_NAME_num(names.get()) == 0) {
    return Invalid("TLS 证书至少需要一个域名、IP 或主体标识。",
                   "A certificate for TLS needs a DNS name, IP address or "
                   "actor.");
  }
  if (X509_add1_ext_i2d(x509_.get(), NID_subject_alt_name, names.get(), 0,
                        X509V3_ADD_DEFAULT) != 1) {
    return OpenSslFailure("adding names");
  }
  return absl::OkStatus();
}

absl::Status CertificateBuilder::AddExtension(int nid,
                                              const std::string& value) {
  X509V3_CTX ctx;
  X509V3_set_ctx(&ctx, x509_.get(), x509_.get(), nullptr, nullptr, 0);
  const ExtensionPtr extension(
      X509V3_EXT_conf_nid(nullptr, &ctx, nid, value.c_str()));
  if (extension == nullptr ||
      X509_add_ext(x509_.get(), extension.get(), -1) != 1) {
    return OpenSslFailure(absl::StrCat("adding ", OBJ_nid2ln(nid)));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> CertificateBuilder::SignDer(
    const crypto::PrivateKey& key) {
  EVP_PKEY* const pkey = key.prepared().pkey.get();
  const bool is_sm2 = key.algorithm() == crypto::Algorithm::kSm2;
  const crypto::PkeyCtxPtr pkey_ctx(
      EVP_PKEY_CTX_new_from_pkey(nullptr, pkey, nullptr));
  const crypto::MdCtxPtr ctx(EVP_MD_CTX_new());
  if (pkey_ctx == nullptr || ctx == nullptr) return OpenSslFailure("signing");
  if (is_sm2 && EVP_PKEY_CTX_set1_id(pkey_ctx.get(), crypto::kSm2UserId.data(),
                                     crypto::kSm2UserId.size()) != 1) {
    return OpenSslFailure("setting the SM2 user ID");
  }
  EVP_MD_CTX_set_pkey_ctx(ctx.get(), pkey_ctx.get());
  if (EVP_DigestSignInit(ctx.get(), nullptr, is_sm2 ? EVP_sm3() : EVP_sha256(),
                         nullptr, pkey) != 1 ||
      X509_sign_ctx(x509_.get(), ctx.get()) <= 0) {
    return OpenSslFailure("signing a certificate");
  }
  return crypto::DerOf(*x509_);
}

}  // namespace dataip::client
