#include "core/crypto/signer.h"

#include <openssl/core_names.h>

#include <utility>

#include "core/base/status_macros.h"
#include "core/crypto/openssl.h"
#include "core/crypto/pem.h"

namespace dataip::crypto {
namespace {

constexpr char kPemLabel[] = "PRIVATE KEY";
constexpr size_t kMaxPointBytes = 65;
constexpr size_t kGroupNameChars = 64;

absl::Status NotAPrivateKey(absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("not a private key of this system: ", why));
}

absl::StatusOr<Algorithm> AlgorithmOf(const EVP_PKEY* pkey) {
  if (EVP_PKEY_is_a(pkey, "ED25519")) return Algorithm::kEd25519;
  if (EVP_PKEY_is_a(pkey, "SM2")) return Algorithm::kSm2;
  char group[kGroupNameChars] = "";
  if (EVP_PKEY_is_a(pkey, "EC") &&
      EVP_PKEY_get_group_name(pkey, group, sizeof(group), nullptr) == 1 &&
      absl::string_view(group) == "prime256v1") {
    return Algorithm::kP256;
  }
  return NotAPrivateKey("must be SM2, P-256 or Ed25519");
}

bool HasExplicitParameters(const EVP_PKEY* pkey) {
  int is_explicit = 0;
  return EVP_PKEY_get_int_param(pkey,
                                OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS,
                                &is_explicit) == 1 &&
         is_explicit != 0;
}

absl::StatusOr<PublicKey> PublicPartOf(const EVP_PKEY* pkey) {
  ASSIGN_OR_RETURN(const Algorithm algorithm, AlgorithmOf(pkey));
  if (HasExplicitParameters(pkey)) {
    return NotAPrivateKey("explicit curve parameters");
  }
  uint8_t raw[kMaxPointBytes];
  size_t size = 0;
  if (EVP_PKEY_get_octet_string_param(pkey, OSSL_PKEY_PARAM_PUB_KEY, raw,
                                      sizeof(raw), &size) != 1) {
    return NotAPrivateKey("no public part");
  }
  return PublicKey::FromRaw(algorithm, Bytes(raw, size));
}

bool PartsBelongTogether(EVP_PKEY* pkey) {
  const PkeyCtxPtr ctx(EVP_PKEY_CTX_new_from_pkey(nullptr, pkey, nullptr));
  return ctx != nullptr && EVP_PKEY_pairwise_check(ctx.get()) == 1;
}

absl::StatusOr<std::string> SignEd25519(EVP_PKEY* pkey, Bytes message) {
  const MdCtxPtr ctx(EVP_MD_CTX_new());
  std::string signature(64, '\0');
  size_t size = signature.size();
  if (ctx == nullptr ||
      EVP_DigestSignInit(ctx.get(), nullptr, nullptr, nullptr, pkey) != 1 ||
      EVP_DigestSign(ctx.get(),
                     reinterpret_cast<unsigned char*>(signature.data()), &size,
                     message.data(), message.size()) != 1) {
    return OpenSslFailure("signing");
  }
  return signature;
}

absl::StatusOr<std::string> SignDigest(EVP_PKEY* pkey,
                                       const hash::Hash& digest) {
  const PkeyCtxPtr ctx(EVP_PKEY_CTX_new_from_pkey(nullptr, pkey, nullptr));
  std::string signature(static_cast<size_t>(EVP_PKEY_get_size(pkey)), '\0');
  size_t size = signature.size();
  if (ctx == nullptr || EVP_PKEY_sign_init(ctx.get()) != 1 ||
      EVP_PKEY_sign(ctx.get(),
                    reinterpret_cast<unsigned char*>(signature.data()), &size,
                    digest.bytes.data(), digest.bytes.size()) != 1) {
    return OpenSslFailure("signing");
  }
  signature.resize(size);
  return signature;
}

PkeyPtr Read(const std::string& der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const auto* const end = at + der.size();
  const Pkcs8Ptr pkcs8(
      d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(der.size())));
  if (pkcs8 == nullptr || at != end) return nullptr;
  return PkeyPtr(EVP_PKCS82PKEY(pkcs8.get()));
}

}  // namespace

absl::StatusOr<PrivateKey> PrivateKey::Generate(Algorithm algorithm) {
  const ErrorQueueCleaner cleaner;
  auto prepared = std::make_shared<Prepared>();
  switch (algorithm) {
    case Algorithm::kSm2:
      prepared->pkey.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "SM2"));
      break;
    case Algorithm::kP256:
      prepared->pkey.reset(
          EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "prime256v1"));
      break;
    case Algorithm::kEd25519:
      prepared->pkey.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
      break;
  }
  if (prepared->pkey == nullptr) return OpenSslFailure("generating a key");
  ASSIGN_OR_RETURN(PublicKey public_key, PublicPartOf(prepared->pkey.get()));
  return PrivateKey(std::move(prepared), std::move(public_key));
}

absl::StatusOr<PrivateKey> PrivateKey::FromPem(absl::string_view pem) {
  const ErrorQueueCleaner cleaner;
  ASSIGN_OR_RETURN(auto blocks, ReadPem(pem, kPemLabel, 1));
  auto prepared = std::make_shared<Prepared>();
  prepared->pkey = Read(blocks[0]);
  OPENSSL_cleanse(blocks[0].data(), blocks[0].size());
  if (prepared->pkey == nullptr) return NotAPrivateKey("not PKCS#8");
  ASSIGN_OR_RETURN(PublicKey public_key, PublicPartOf(prepared->pkey.get()));
  if (!PartsBelongTogether(prepared->pkey.get())) {
    return NotAPrivateKey("its public part belongs to another key");
  }
  return PrivateKey(std::move(prepared), std::move(public_key));
}

std::string PrivateKey::ToPem() const {
  const ErrorQueueCleaner cleaner;
  const Pkcs8Ptr pkcs8(EVP_PKEY2PKCS8(prepared_->pkey.get()));
  DATAIP_ASSERT(pkcs8 != nullptr);
  const int size = i2d_PKCS8_PRIV_KEY_INFO(pkcs8.get(), nullptr);
  DATAIP_ASSERT(size > 0);
  std::string der(static_cast<size_t>(size), '\0');
  auto* at = reinterpret_cast<unsigned char*>(der.data());
  DATAIP_ASSERT(i2d_PKCS8_PRIV_KEY_INFO(pkcs8.get(), &at) == size);
  std::string pem = WritePem(kPemLabel, hash::AsBytes(der));
  OPENSSL_cleanse(der.data(), der.size());
  return pem;
}

absl::StatusOr<std::string> PrivateKey::Sign(Bytes message) const {
  const ErrorQueueCleaner cleaner;
  EVP_PKEY* const pkey = prepared_->pkey.get();
  if (algorithm() == Algorithm::kEd25519) return SignEd25519(pkey, message);
  return SignDigest(pkey, MessageDigest(public_key_.prepared(), message));
}

}  // namespace dataip::crypto
