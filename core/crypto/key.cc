#include "core/crypto/key.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/hex.h"
#include "core/base/status_macros.h"
#include "core/crypto/ed25519_point.h"
#include "core/crypto/openssl.h"
#include "core/crypto/pem.h"

namespace dataip::crypto {
namespace {

constexpr size_t kPointBytes = 65;
constexpr size_t kEd25519Bytes = 32;
constexpr uint8_t kUncompressed = 0x04;

// SubjectPublicKeyInfo up to the raw key: the one form there is of each.
constexpr uint8_t kSm2Spki[] = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a,
                                0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06,
                                0x08, 0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01,
                                0x82, 0x2d, 0x03, 0x42, 0x00};
constexpr uint8_t kP256Spki[] = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a,
                                 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06,
                                 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03,
                                 0x01, 0x07, 0x03, 0x42, 0x00};
constexpr uint8_t kEd25519Spki[] = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
                                    0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};

// ENTL, the user ID, then a, b, xG and yG of the SM2 curve (GB/T 32918.5):
// what Z hashes before the key's point.
constexpr absl::string_view kSm2ZPrefixHex =
    "0080"
    "31323334353637383132333435363738"
    "fffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffc"
    "28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93"
    "32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7"
    "bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0";

Bytes SpkiPrefix(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::kSm2:
      return kSm2Spki;
    case Algorithm::kP256:
      return kP256Spki;
    case Algorithm::kEd25519:
      return kEd25519Spki;
  }
  return {};
}

size_t RawBytes(Algorithm algorithm) {
  return algorithm == Algorithm::kEd25519 ? kEd25519Bytes : kPointBytes;
}

std::string SpkiOf(Algorithm algorithm, Bytes raw) {
  const Bytes prefix = SpkiPrefix(algorithm);
  std::string der(prefix.begin(), prefix.end());
  der.append(raw.begin(), raw.end());
  return der;
}

absl::Status NotAKey(Algorithm algorithm, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat(
      "not a public key for ", AlgorithmName(algorithm), ": ", why));
}

absl::Status CheckForm(Algorithm algorithm, Bytes raw) {
  if (!IsKnownAlgorithm(static_cast<uint64_t>(algorithm))) {
    return absl::InvalidArgumentError("unknown key algorithm");
  }
  if (raw.size() != RawBytes(algorithm)) {
    return NotAKey(algorithm, absl::StrCat("must be ", RawBytes(algorithm),
                                           " bytes, has ", raw.size()));
  }
  if (algorithm == Algorithm::kEd25519) {
    if (IsEnrollableEd25519(raw)) return absl::OkStatus();
    return NotAKey(algorithm, "off the curve, not canonical or small order");
  }
  if (raw[0] != kUncompressed) {
    return NotAKey(algorithm, "not an uncompressed point");
  }
  return absl::OkStatus();
}

hash::Hash Sm2Z(Bytes raw) {
  const auto prefix = base::HexDecode(kSm2ZPrefixHex);
  DATAIP_ASSERT(prefix.has_value());
  return hash::Sm3({*prefix, raw.subspan(1)});
}

absl::Status Prepare(PublicKey::Prepared& key) {
  if (key.algorithm == Algorithm::kEd25519) {
    key.whole.reset(EVP_MD_CTX_new());
    if (key.whole == nullptr ||
        EVP_DigestVerifyInit(key.whole.get(), nullptr, nullptr, nullptr,
                             key.pkey.get()) != 1) {
      return OpenSslFailure("preparing a key");
    }
    return absl::OkStatus();
  }
  key.prehashed.reset(
      EVP_PKEY_CTX_new_from_pkey(nullptr, key.pkey.get(), nullptr));
  if (key.prehashed == nullptr ||
      EVP_PKEY_verify_init(key.prehashed.get()) != 1) {
    return OpenSslFailure("preparing a key");
  }
  if (key.algorithm == Algorithm::kSm2) {
    key.sm2_z = Sm2Z(hash::AsBytes(key.raw));
  }
  return absl::OkStatus();
}

}  // namespace

absl::string_view AlgorithmName(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::kSm2:
      return "sm2";
    case Algorithm::kP256:
      return "p256";
    case Algorithm::kEd25519:
      return "ed25519";
  }
  return "unknown";
}

absl::StatusOr<Algorithm> ParseAlgorithm(absl::string_view name) {
  for (const Algorithm algorithm :
       {Algorithm::kSm2, Algorithm::kP256, Algorithm::kEd25519}) {
    if (name == AlgorithmName(algorithm)) return algorithm;
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "算法只能是 sm2、p256 或 ed25519，收到“", name,
      "”。 The algorithm must be sm2, p256 or ed25519, not \"", name, "\"."));
}

bool IsKnownAlgorithm(uint64_t number) { return number >= 1 && number <= 3; }

absl::StatusOr<PublicKey> PublicKey::FromRaw(Algorithm algorithm, Bytes raw) {
  RETURN_IF_ERROR(CheckForm(algorithm, raw));
  const ErrorQueueCleaner cleaner;
  const std::string der = SpkiOf(algorithm, raw);
  auto key = std::make_shared<Prepared>();
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  // Reading a point includes the check that it is on the curve; both curves
  // have cofactor 1, so there is no subgroup to fall into.
  key->pkey.reset(d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())));
  if (key->pkey == nullptr) return NotAKey(algorithm, "not on the curve");
  key->algorithm = algorithm;
  key->raw.assign(raw.begin(), raw.end());
  key->key_id = KeyIdOf(algorithm, raw);
  RETURN_IF_ERROR(Prepare(*key));
  return PublicKey(std::move(key));
}

absl::StatusOr<PublicKey> PublicKey::FromSpkiDer(Bytes der) {
  for (const Algorithm algorithm :
       {Algorithm::kSm2, Algorithm::kP256, Algorithm::kEd25519}) {
    const Bytes prefix = SpkiPrefix(algorithm);
    if (der.size() == prefix.size() + RawBytes(algorithm) &&
        std::equal(prefix.begin(), prefix.end(), der.begin())) {
      return FromRaw(algorithm, der.subspan(prefix.size()));
    }
  }
  return absl::InvalidArgumentError(
      "public key is not SM2, P-256 (named curve, uncompressed point) or "
      "Ed25519");
}

absl::StatusOr<PublicKey> PublicKey::FromPem(absl::string_view pem) {
  ASSIGN_OR_RETURN(const auto blocks, ReadPem(pem, "PUBLIC KEY", 1));
  return FromSpkiDer(hash::AsBytes(blocks[0]));
}

Algorithm PublicKey::algorithm() const { return prepared_->algorithm; }

Bytes PublicKey::raw() const { return hash::AsBytes(prepared_->raw); }

std::string PublicKey::raw_string() const { return prepared_->raw; }

const std::string& PublicKey::KeyId() const { return prepared_->key_id; }

std::string PublicKey::ToSpkiDer() const { return SpkiOf(algorithm(), raw()); }

std::string PublicKey::ToPem() const {
  return WritePem("PUBLIC KEY", hash::AsBytes(ToSpkiDer()));
}

std::string KeyIdOf(Algorithm algorithm, Bytes raw) {
  const uint8_t number[] = {static_cast<uint8_t>(algorithm)};
  return base::HexEncode(hash::Sha256({Bytes(number), raw}).span());
}

}  // namespace dataip::crypto
