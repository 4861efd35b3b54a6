#include "core/crypto/key.h"

#include <string>
#include <vector>

#include "core/crypto/signer.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/core/crypto/bytes.h"

namespace dataip::crypto {
namespace {

using ::dataip::testing::StatusIs;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

// GM/T 0003.5 and RFC 8032 7.1.
constexpr char kSm2Point[] =
    "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13";
constexpr char kEd25519Key[] =
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

TEST(PublicKeyFromRaw, RefusesPointsOffTheCurve) {
  std::vector<uint8_t> point = Hex(kSm2Point);
  point.back() ^= 1;
  EXPECT_THAT(PublicKey::FromRaw(Algorithm::kSm2, point), StatusIs(kInvalid));
  std::vector<uint8_t> zero(65, 0);
  zero[0] = 4;
  EXPECT_THAT(PublicKey::FromRaw(Algorithm::kSm2, zero), StatusIs(kInvalid));
  EXPECT_THAT(PublicKey::FromRaw(Algorithm::kP256, zero), StatusIs(kInvalid));
}

TEST(PublicKeyFromRaw, RefusesAPointOfTheOtherCurve) {
  EXPECT_THAT(PublicKey::FromRaw(Algorithm::kP256, Hex(kSm2Point)),
              StatusIs(kInvalid));
}

TEST(PublicKeyFromRaw, RefusesCoordinatesNotBelowTheFieldPrime) {
  std::vector<uint8_t> point(65, 0xff);
  point[0] = 4;
  EXPECT_THAT(PublicKey::FromRaw(Algorithm::kSm2, point), StatusIs(kInvalid));
  EXPECT_THAT(PublicKey::FromRaw(Algorithm::kP256, point), StatusIs(kInvalid));
}

TEST(PublicKeyFromRaw, RefusesInfinityCompressedAndHybridForms) {
  const std::vector<uint8_t> point = Hex(kSm2Point);
  EXPECT_THAT(PublicKey::FromRaw(Algorithm::kSm2, Hex("00")),
              StatusIs(kInvalid));
  std::vector<uint8_t> compressed(point.begin(), point.begin() + 33);
  compressed[0] = 0x03;
  EXPECT_THAT(PublicKey::FromRaw(Algorithm::kSm2, compressed),
              StatusIs(kInvalid));
  for (const uint8_t first : {0x00, 0x02, 0x03, 0x06, 0x07}) {
    std::vector<uint8_t> other = point;
    other[0] = first;
    EXPECT_THAT(PublicKey::FromRaw(Algorithm::kSm2, other), StatusIs(kInvalid))
        << int{first};
  }
}

TEST(PublicKeyFromRaw, RefusesOtherLengths) {
  std::vector<uint8_t> point = Hex(kSm2Point);
  point.push_back(0);
  EXPECT_THAT(PublicKey::FromRaw(Algorithm::kSm2, point), StatusIs(kInvalid));
  point.resize(64);
  EXPECT_THAT(PublicKey::FromRaw(Algorithm::kSm2, point), StatusIs(kInvalid));
  std::vector<uint8_t> key = Hex(kEd25519Key);
  key.push_back(0);
  EXPECT_THAT(PublicKey::FromRaw(Algorithm::kEd25519, key), StatusIs(kInvalid));
  EXPECT_THAT(PublicKey::FromRaw(Algorithm::kEd25519, {}), StatusIs(kInvalid));
}

TEST(PublicKeyFromRaw, RefusesAnUnknownAlgorithm) {
  for (const int number : {0, 4, 255}) {
    EXPECT_THAT(
        PublicKey::FromRaw(static_cast<Algorithm>(number), Hex(kSm2Point)),
        StatusIs(kInvalid));
  }
}

// Every encoding, canonical or not, of the eight points of small order.
TEST(PublicKeyFromRaw, RefusesSmallOrderEd25519Keys) {
  for (const char* hex : {
           "0000000000000000000000000000000000000000000000000000000000000000",
           "0000000000000000000000000000000000000000000000000000000000000080",
           "0100000000000000000000000000000000000000000000000000000000000000",
           "0100000000000000000000000000000000000000000000000000000000000080",
           "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
           "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
           "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
           "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
           "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
           "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
           "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
           "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
           "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
           "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
       }) {
    EXPECT_THAT(PublicKey::FromRaw(Algorithm::kEd25519, Hex(hex)),
                StatusIs(kInvalid))
        << hex;
  }
}

TEST(PublicKeyFromRaw, RefusesEd25519KeysThatAreNoPoint) {
  // y = 2 has no x; y = p + 3 is y = 3 spelled another way.
  EXPECT_THAT(PublicKey::FromRaw(Algorithm::kEd25519,
                                 Hex("02000000000000000000000000000000000000000"
                                     "00000000000000000000000")),
              StatusIs(kInvalid));
  EXPECT_THAT(PublicKey::FromRaw(Algorithm::kEd25519,
                                 Hex("f0fffffffffffffffffffffffffffffffffffffff"
                                     "fffffffffffffffffffff7f")),
              StatusIs(kInvalid));
}

TEST(PublicKeyFromRaw, TakesEveryGeneratedKey) {
  for (const Algorithm algorithm :
       {Algorithm::kSm2, Algorithm::kP256, Algorithm::kEd25519}) {
    for (int i = 0; i < 20; ++i) {
      ASSERT_OK_AND_ASSIGN(const PrivateKey key,
                           PrivateKey::Generate(algorithm));
      ASSERT_OK_AND_ASSIGN(
          const PublicKey again,
          PublicKey::FromRaw(algorithm, key.public_key().raw()));
      EXPECT_EQ(again, key.public_key());
    }
  }
}

TEST(KeyId, IsSha256OfAlgorithmByteAndKey) {
  ASSERT_OK_AND_ASSIGN(const PublicKey key,
                       PublicKey::FromRaw(Algorithm::kSm2, Hex(kSm2Point)));
  EXPECT_EQ(
      key.KeyId(),
      base::HexEncode(hash::Sha256(Hex(std::string("01") + kSm2Point)).span()));
  EXPECT_EQ(key.KeyId(), KeyIdOf(Algorithm::kSm2, Hex(kSm2Point)));
  EXPECT_NE(key.KeyId(), KeyIdOf(Algorithm::kP256, Hex(kSm2Point)));
}

TEST(PublicKeyFromSpkiDer, RefusesAnyByteMoreLessOrOther) {
  ASSERT_OK_AND_ASSIGN(const PublicKey key,
                       PublicKey::FromRaw(Algorithm::kSm2, Hex(kSm2Point)));
  const std::string der = key.ToSpkiDer();
  EXPECT_THAT(PublicKey::FromSpkiDer(B(der + '\0')), StatusIs(kInvalid));
  for (size_t size = 0; size < der.size(); ++size) {
    EXPECT_FALSE(PublicKey::FromSpkiDer(B(der.substr(0, size))).ok()) << size;
  }
  for (size_t bit = 0; bit < der.size() * 8; ++bit) {
    std::string other = der;
    other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(PublicKey::FromSpkiDer(B(other)).ok()) << bit;
  }
}

TEST(PublicKey, KeepsItselfThroughPemAndSpki) {
  for (const Algorithm algorithm :
       {Algorithm::kSm2, Algorithm::kP256, Algorithm::kEd25519}) {
    ASSERT_OK_AND_ASSIGN(const PrivateKey key, PrivateKey::Generate(algorithm));
    const PublicKey& original = key.public_key();
    ASSERT_OK_AND_ASSIGN(const PublicKey from_pem,
                         PublicKey::FromPem(original.ToPem()));
    ASSERT_OK_AND_ASSIGN(const PublicKey from_der,
                         PublicKey::FromSpkiDer(B(original.ToSpkiDer())));
    EXPECT_EQ(from_pem, original);
    EXPECT_EQ(from_der, original);
    EXPECT_EQ(from_der.algorithm(), algorithm);
    EXPECT_EQ(from_der.raw_string(), original.raw_string());
  }
}

TEST(ParseAlgorithm, KnowsThreeWordsOnly) {
  for (const char* name : {"sm2", "p256", "ed25519"}) {
    ASSERT_OK_AND_ASSIGN(const Algorithm algorithm, ParseAlgorithm(name));
    EXPECT_EQ(AlgorithmName(algorithm), name);
  }
  for (const char* name : {"", "SM2", "rsa", "p384"}) {
    EXPECT_THAT(ParseAlgorithm(name), StatusIs(kInvalid)) << name;
  }
}

}  // namespace
}  // namespace dataip::crypto
