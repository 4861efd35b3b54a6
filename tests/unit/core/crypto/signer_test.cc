#include "core/crypto/signer.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_replace.h"
#include "core/crypto/random.h"
#include "core/crypto/verify.h"
#include "gtest/gtest.h"
#include "tests/support/process.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/core/crypto/bytes.h"

namespace dataip::crypto {
namespace {

using ::dataip::testing::StatusIs;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

std::string OpenSsl(std::vector<std::string> arguments) {
  const test::Ended ended =
      test::Run({"/usr/bin/openssl", std::move(arguments), {}, ""});
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  return ended.out;
}

TEST(PrivateKeyFromPem, RefusesWhatIsNoKeyOfOurs) {
  EXPECT_THAT(PrivateKey::FromPem(""), StatusIs(kInvalid));
  EXPECT_THAT(PrivateKey::FromPem("hello"), StatusIs(kInvalid));
  EXPECT_THAT(PrivateKey::FromPem("-----BEGIN PRIVATE KEY-----\nAAAA\n"
                                  "-----END PRIVATE KEY-----\n"),
              StatusIs(kInvalid));
}

TEST(PrivateKeyFromPem, RefusesOtherKindsOfKeys) {
  const std::vector<std::vector<std::string>> others = {
      {"genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"},
      {"genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"},
      {"genpkey", "-algorithm", "EC", "-pkeyopt",
       "ec_paramgen_curve:secp256k1"},
      {"genpkey", "-algorithm", "X25519"},
      {"genpkey", "-algorithm", "ED448"},
      {"genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256",
       "-pkeyopt", "ec_param_enc:explicit"},
  };
  for (const auto& arguments : others) {
    EXPECT_THAT(PrivateKey::FromPem(OpenSsl(arguments)), StatusIs(kInvalid))
        << arguments[2] << " " << arguments.back();
  }
}

TEST(PrivateKeyFromPem, RefusesAnEncryptedKeyWithoutAsking) {
  const std::string pem = OpenSsl(
      {"genpkey", "-algorithm", "ED25519", "-aes256", "-pass", "pass:secret"});
  EXPECT_THAT(PrivateKey::FromPem(pem), StatusIs(kInvalid));
}

TEST(PrivateKeyFromPem, RefusesTwoKeysAndTextAround) {
  ASSERT_OK_AND_ASSIGN(const PrivateKey key,
                       PrivateKey::Generate(Algorithm::kP256));
  const std::string pem = key.ToPem();
  EXPECT_THAT(PrivateKey::FromPem(pem + pem), StatusIs(kInvalid));
  EXPECT_THAT(PrivateKey::FromPem("x\n" + pem), StatusIs(kInvalid));
  EXPECT_THAT(PrivateKey::FromPem(key.public_key().ToPem()),
              StatusIs(kInvalid));
}

TEST(PrivateKeyFromPem, RefusesAPublicPartOfAnotherKey) {
  ASSERT_OK_AND_ASSIGN(const PrivateKey key,
                       PrivateKey::Generate(Algorithm::kP256));
  ASSERT_OK_AND_ASSIGN(const PrivateKey other,
                       PrivateKey::Generate(Algorithm::kP256));
  test::TempDir dir;
  test::WriteFile(dir / "key.pem", key.ToPem());
  OpenSsl({"pkey", "-in", dir / "key.pem", "-outform", "DER", "-out",
           dir / "key.der"});
  std::string der = test::ReadFile(dir / "key.der");
  const size_t at = der.find(key.public_key().raw_string());
  ASSERT_NE(at, std::string::npos);
  der.replace(at, 65, other.public_key().raw_string());
  test::WriteFile(dir / "key.der", der);
  const std::string base64 = OpenSsl({"base64", "-in", dir / "key.der"});
  EXPECT_THAT(PrivateKey::FromPem("-----BEGIN PRIVATE KEY-----\n" + base64 +
                                  "-----END PRIVATE KEY-----\n"),
              StatusIs(kInvalid));
}

class SignerOf : public ::testing::TestWithParam<Algorithm> {};

TEST_P(SignerOf, SignsWhatVerifyTakes) {
  ASSERT_OK_AND_ASSIGN(const PrivateKey key, PrivateKey::Generate(GetParam()));
  for (const size_t size : {size_t{0}, size_t{1}, size_t{100'000}}) {
    const std::string message = RandomBytes(size);
    ASSERT_OK_AND_ASSIGN(const std::string signature, key.Sign(B(message)));
    EXPECT_TRUE(Verify(key.public_key(), B(message), B(signature)));
  }
}

TEST_P(SignerOf, KeepsItselfThroughPem) {
  ASSERT_OK_AND_ASSIGN(const PrivateKey key, PrivateKey::Generate(GetParam()));
  ASSERT_OK_AND_ASSIGN(const PrivateKey again,
                       PrivateKey::FromPem(key.ToPem()));
  EXPECT_EQ(again.KeyId(), key.KeyId());
  EXPECT_EQ(again.algorithm(), GetParam());
  EXPECT_EQ(again.ToPem(), key.ToPem());
  ASSERT_OK_AND_ASSIGN(const std::string signature, again.Sign(B("m")));
  EXPECT_TRUE(Verify(key.public_key(), B("m"), B(signature)));
}

TEST_P(SignerOf, WritesWhatTheOpensslCommandReads) {
  ASSERT_OK_AND_ASSIGN(const PrivateKey key, PrivateKey::Generate(GetParam()));
  test::TempDir dir;
  test::WriteFile(dir / "key.pem", key.ToPem());
  EXPECT_EQ(OpenSsl({"pkey", "-in", dir / "key.pem", "-pubout"}),
            key.public_key().ToPem());
}

TEST_P(SignerOf, ReadsWhatTheOpensslCommandWrites) {
  std::vector<std::string> arguments = {"genpkey", "-algorithm"};
  if (GetParam() == Algorithm::kSm2) arguments.push_back("SM2");
  if (GetParam() == Algorithm::kEd25519) arguments.push_back("ED25519");
  if (GetParam() == Algorithm::kP256) {
    arguments.insert(arguments.end(),
                     {"EC", "-pkeyopt", "ec_paramgen_curve:P-256"});
  }
  ASSERT_OK_AND_ASSIGN(const PrivateKey key,
                       PrivateKey::FromPem(OpenSsl(arguments)));
  EXPECT_EQ(key.algorithm(), GetParam());
}

// A signature of ours holds for the stock tool as the bundle's check.sh uses
// it.
TEST_P(SignerOf, SignsWhatTheOpensslCommandVerifies) {
  ASSERT_OK_AND_ASSIGN(const PrivateKey key, PrivateKey::Generate(GetParam()));
  test::TempDir dir;
  test::WriteFile(dir / "message", "a message");
  ASSERT_OK_AND_ASSIGN(const std::string signature, key.Sign(B("a message")));
  test::WriteFile(dir / "signature", signature);
  test::WriteFile(dir / "key.pem", key.public_key().ToPem());
  std::vector<std::string> arguments = {
      "pkeyutl",         "-verify", "-pubin",        "-inkey",
      dir / "key.pem",   "-in",     dir / "message", "-sigfile",
      dir / "signature", "-rawin"};
  if (GetParam() == Algorithm::kSm2) {
    arguments.insert(arguments.end(),
                     {"-digest", "sm3", "-pkeyopt", "distid:1234567812345678"});
  }
  if (GetParam() == Algorithm::kP256) {
    arguments.insert(arguments.end(), {"-digest", "sha256"});
  }
  EXPECT_EQ(OpenSsl(arguments), "Signature Verified Successfully\n");
}

INSTANTIATE_TEST_SUITE_P(Algorithms, SignerOf,
                         ::testing::Values(Algorithm::kSm2, Algorithm::kP256,
                                           Algorithm::kEd25519),
                         [](const auto& parameter) {
                           const absl::string_view name =
                               AlgorithmName(parameter.param);
                           return std::string(name.data(), name.size());
                         });

TEST(FillRandom, GivesOtherBytesEachTime) {
  EXPECT_NE(RandomBytes(32), RandomBytes(32));
  EXPECT_EQ(RandomBytes(0), "");
}

}  // namespace
}  // namespace dataip::crypto
