#include "core/crypto/x509.h"

#include <string>

#include "client/pki/authority.h"
#include "gtest/gtest.h"
#include "tests/support/process.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/core/crypto/bytes.h"

namespace dataip::crypto {
namespace {

using ::dataip::testing::StatusIs;
using ::testing::ElementsAre;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

constexpr int64_t kBegin = 1'704'067'200;  // 2024-01-01T00:00:00Z
constexpr int64_t kEnd = 2'840'140'800;    // 2060-01-01T00:00:00Z

client::Authority TlsAuthority() {
  auto authority = client::Authority::Create({
      .algorithm = Algorithm::kP256,
      .use = client::KeyUse::kTls,
      .common_name = "数据知识产权登记 TLS",
      .organization = "登记机构",
      .validity = {kBegin, kEnd},
  });
  EXPECT_OK(authority);
  return *std::move(authority);
}

std::string TlsLeafPem(const PublicKey& key) {
  auto pem = TlsAuthority().Issue(key, {
                                           .use = client::KeyUse::kTls,
                                           .common_name = "registry-1",
                                           .validity = {kBegin, kEnd},
                                           .dns_names = {"localhost"},
                                           .ip_addresses = {"127.0.0.1"},
                                           .actor = "registry-1",
                                       });
  EXPECT_OK(pem);
  return *std::move(pem);
}

TEST(ParseCertificate, SaysWhatTheCertificateSays) {
  ASSERT_OK_AND_ASSIGN(const PrivateKey key,
                       PrivateKey::Generate(Algorithm::kP256));
  ASSERT_OK_AND_ASSIGN(const Certificate leaf,
                       ParseCertificatePem(TlsLeafPem(key.public_key())));
  EXPECT_EQ(leaf.public_key, key.public_key());
  EXPECT_EQ(leaf.subject, "CN=registry-1");
  EXPECT_EQ(leaf.issuer, "CN=数据知识产权登记 TLS,O=登记机构");
  EXPECT_EQ(leaf.serial.size(), 32u);
  EXPECT_EQ(leaf.not_before_s, kBegin);
  EXPECT_EQ(leaf.not_after_s, kEnd);
  EXPECT_FALSE(leaf.is_ca);
  EXPECT_THAT(leaf.san_uris, ElementsAre("dataip:registry-1"));
  EXPECT_THAT(leaf.san_dns_names, ElementsAre("localhost"));
  EXPECT_TRUE(TlsAuthority().certificate().is_ca);
}

TEST(ParseCertificate, RefusesTruncatedAndExtendedBytes) {
  const std::string der = TlsAuthority().certificate().der;
  for (size_t size = 0; size < der.size(); ++size) {
    EXPECT_FALSE(ParseCertificateDer(B(der.substr(0, size))).ok()) << size;
  }
  EXPECT_THAT(ParseCertificateDer(B(der + '\0')), StatusIs(kInvalid));
  EXPECT_THAT(ParseCertificateDer(B(der + der)), StatusIs(kInvalid));
  EXPECT_THAT(ParseCertificateDer(B(std::string(20'000, '0'))),
              StatusIs(kInvalid));
}

TEST(ParseCertificate, RefusesKeysOfOtherKinds) {
  const test::Ended ended =
      test::Run({"/usr/bin/openssl",
                 {"req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout",
                  "/dev/null", "-subj", "/CN=rsa", "-days", "10"},
                 {},
                 ""});
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_THAT(ParseCertificatePem(ended.out), StatusIs(kInvalid));
}

TEST(ParseCertificate, RefusesANameWithAZeroByteInIt) {
  ASSERT_OK_AND_ASSIGN(const PrivateKey key,
                       PrivateKey::Generate(Algorithm::kP256));
  ASSERT_OK_AND_ASSIGN(const Certificate leaf,
                       ParseCertificatePem(TlsLeafPem(key.public_key())));
  std::string der = leaf.der;
  const size_t at = der.find("dataip:registry-1");
  ASSERT_NE(at, std::string::npos);
  der[at + 10] = '\0';
  EXPECT_THAT(ParseCertificateDer(B(der)), StatusIs(kInvalid));
}

TEST(ParseCertificatesPem, KeepsTheirOrder) {
  const client::Authority first = TlsAuthority();
  const client::Authority second = TlsAuthority();
  ASSERT_OK_AND_ASSIGN(
      const auto certificates,
      ParseCertificatesPem(first.certificate_pem() + second.certificate_pem()));
  ASSERT_EQ(certificates.size(), 2u);
  EXPECT_EQ(certificates[0].der, first.certificate().der);
  EXPECT_EQ(certificates[1].der, second.certificate().der);
  EXPECT_THAT(
      ParseCertificatePem(first.certificate_pem() + second.certificate_pem()),
      StatusIs(kInvalid));
  EXPECT_THAT(ParseCertificatesPem(""), StatusIs(kInvalid));
}

}  // namespace
}  // namespace dataip::crypto
