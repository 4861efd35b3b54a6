#include "client/pki/authority.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/process.h"
#include "tests/support/status_matchers.h"

namespace dataip::client {
namespace {

using crypto::Algorithm;
using ::dataip::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::Not;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

constexpr int64_t kBegin = 1'704'067'200;  // 2024-01-01T00:00:00Z
constexpr int64_t kEnd = 1'735'689'600;    // 2025-01-01T00:00:00Z
constexpr char kWithin[] = "1720000000";

AuthorityOptions Options(Algorithm algorithm, KeyUse use, int path_length = 1) {
  return {.algorithm = algorithm,
          .use = use,
          .common_name = "测试根",
          .organization = "登记机构",
          .validity = {kBegin, kEnd},
          .path_length = path_length};
}

Authority Create(const AuthorityOptions& options) {
  auto authority = Authority::Create(options);
  EXPECT_OK(authority);
  return *std::move(authority);
}

crypto::PublicKey NewPublicKey(Algorithm algorithm) {
  auto key = crypto::PrivateKey::Generate(algorithm);
  EXPECT_OK(key);
  return key->public_key();
}

LeafOptions TlsLeaf() {
  return {.use = KeyUse::kTls,
          .common_name = "ledger",
          .validity = {kBegin, kEnd},
          .dns_names = {"localhost"},
          .ip_addresses = {"127.0.0.1", "::1"},
          .actor = "registry-1"};
}

LeafOptions IssuingLeaf() {
  return {.use = KeyUse::kIssuing,
          .common_name = "发证机关",
          .validity = {kBegin, kEnd}};
}

test::Ended OpenSsl(const test::TempDir& dir,
                    std::vector<std::string> arguments) {
  return test::Run({"/usr/bin/openssl", std::move(arguments), {}, dir.path()});
}

TEST(CreateAuthority, RefusesWhatCannotBe) {
  EXPECT_THAT(Authority::Create(Options(Algorithm::kSm2, KeyUse::kTls)),
              StatusIs(kInvalid, HasSubstr("p256")));
  EXPECT_THAT(Authority::Create(Options(Algorithm::kEd25519, KeyUse::kTls)),
              StatusIs(kInvalid));
  AuthorityOptions options = Options(Algorithm::kP256, KeyUse::kTls);
  options.common_name = "";
  EXPECT_THAT(Authority::Create(options), StatusIs(kInvalid));
  options.common_name = std::string(65, 'n');
  EXPECT_THAT(Authority::Create(options), StatusIs(kInvalid));
  options = Options(Algorithm::kP256, KeyUse::kTls);
  options.validity = {kEnd, kEnd};
  EXPECT_THAT(Authority::Create(options), StatusIs(kInvalid));
  options.validity = {kBegin, int64_t{1} << 60};
  EXPECT_THAT(Authority::Create(options), StatusIs(kInvalid));
  EXPECT_THAT(Authority::Create(Options(Algorithm::kP256, KeyUse::kTls, -1)),
              StatusIs(kInvalid));
  EXPECT_THAT(Authority::Create(Options(Algorithm::kP256, KeyUse::kTls, 5)),
              StatusIs(kInvalid));
}

TEST(Issue, RefusesAnotherUseAlgorithmOrALongerLife) {
  const Authority tls = Create(Options(Algorithm::kP256, KeyUse::kTls));
  EXPECT_THAT(tls.Issue(NewPublicKey(Algorithm::kP256), IssuingLeaf()),
              StatusIs(kInvalid, HasSubstr("tls")));
  EXPECT_THAT(tls.Issue(NewPublicKey(Algorithm::kSm2), TlsLeaf()),
              StatusIs(kInvalid));
  LeafOptions late = TlsLeaf();
  late.validity.not_after_s = kEnd + 1;
  EXPECT_THAT(tls.Issue(NewPublicKey(Algorithm::kP256), late),
              StatusIs(kInvalid));
}

TEST(Issue, RefusesNamesThatAreNone) {
  const Authority tls = Create(Options(Algorithm::kP256, KeyUse::kTls));
  const crypto::PublicKey key = NewPublicKey(Algorithm::kP256);
  LeafOptions leaf = TlsLeaf();
  leaf.dns_names = {"a b"};
  EXPECT_THAT(tls.Issue(key, leaf), StatusIs(kInvalid, HasSubstr("a b")));
  leaf = TlsLeaf();
  leaf.ip_addresses = {"300.0.0.1"};
  EXPECT_THAT(tls.Issue(key, leaf), StatusIs(kInvalid, HasSubstr("300.0.0.1")));
  leaf = TlsLeaf();
  leaf.actor = "a,URI:dataip:root";
  EXPECT_THAT(tls.Issue(key, leaf), StatusIs(kInvalid));
  EXPECT_THAT(tls.Issue(key, {.common_name = "n", .validity = {kBegin, kEnd}}),
              StatusIs(kInvalid));
  const Authority issuing = Create(Options(Algorithm::kSm2, KeyUse::kIssuing));
  LeafOptions named = IssuingLeaf();
  named.actor = "root";
  EXPECT_THAT(issuing.Issue(NewPublicKey(Algorithm::kSm2), named),
              StatusIs(kInvalid));
}

TEST(CreateIntermediate, KeepsWithinItsAuthority) {
  const Authority root = Create(Options(Algorithm::kSm2, KeyUse::kIssuing, 1));
  EXPECT_THAT(
      root.CreateIntermediate(Options(Algorithm::kSm2, KeyUse::kIssuing, 1)),
      StatusIs(kInvalid));
  EXPECT_THAT(
      root.CreateIntermediate(Options(Algorithm::kP256, KeyUse::kIssuing, 0)),
      StatusIs(kInvalid));
  ASSERT_OK_AND_ASSIGN(
      const Authority middle,
      root.CreateIntermediate(Options(Algorithm::kSm2, KeyUse::kIssuing, 0)));
  EXPECT_THAT(
      middle.CreateIntermediate(Options(Algorithm::kSm2, KeyUse::kIssuing, 0)),
      StatusIs(kInvalid));
}

TEST(LoadAuthority, RefusesALeafAndAnotherKey) {
  const Authority root = Create(Options(Algorithm::kP256, KeyUse::kTls));
  ASSERT_OK_AND_ASSIGN(const auto key,
                       crypto::PrivateKey::Generate(Algorithm::kP256));
  ASSERT_OK_AND_ASSIGN(const std::string leaf,
                       root.Issue(key.public_key(), TlsLeaf()));
  EXPECT_THAT(Authority::Load(key, leaf), StatusIs(kInvalid));
  EXPECT_THAT(Authority::Load(key, root.certificate_pem()), StatusIs(kInvalid));
  ASSERT_OK_AND_ASSIGN(const Authority again,
                       Authority::Load(root.key(), root.certificate_pem()));
  EXPECT_EQ(again.use(), KeyUse::kTls);
  EXPECT_OK(again.Issue(key.public_key(), TlsLeaf()));
}

TEST(ParseKeyUse, KnowsTwoWordsOnly) {
  EXPECT_EQ(*ParseKeyUse("tls"), KeyUse::kTls);
  EXPECT_EQ(*ParseKeyUse("issuing"), KeyUse::kIssuing);
  EXPECT_THAT(ParseKeyUse("TLS"), StatusIs(kInvalid));
}

// The stock tool is the judge of what was made.
class WithOpenSsl : public ::testing::TestWithParam<Algorithm> {
 protected:
  // One step with the stock tool: its distid reaches the certificate that it
  // verifies and not those between, so an SM2 chain is verified step by step.
  test::Ended Verify(const std::string& certificate, const std::string& by) {
    std::vector<std::string> arguments = {
        "verify",  "-x509_strict", "-partial_chain",
        "-attime", kWithin,        "-trusted",
        by};
    if (GetParam() == Algorithm::kSm2) {
      arguments.insert(arguments.end(), {"-vfyopt", "distid:1234567812345678"});
    }
    arguments.push_back(certificate);
    return OpenSsl(dir_, arguments);
  }

  void Make(KeyUse use, const LeafOptions& leaf) {
    const Authority root = Create(Options(GetParam(), use, 1));
    auto middle = root.CreateIntermediate(Options(GetParam(), use, 0));
    ASSERT_OK(middle);
    auto pem = middle->Issue(NewPublicKey(GetParam()), leaf);
    ASSERT_OK(pem);
    test::WriteFile(dir_ / "root.pem", root.certificate_pem());
    test::WriteFile(dir_ / "middle.pem", middle->certificate_pem());
    test::WriteFile(dir_ / "leaf.pem", *pem);
  }

  std::string Text(const std::string& name) {
    return OpenSsl(dir_, {"x509", "-in", name, "-noout", "-text", "-nameopt",
                          "utf8,sep_comma_plus"})
        .out;
  }

  test::TempDir dir_;
};

TEST_P(WithOpenSsl, AnIssuingChainVerifies) {
  Make(KeyUse::kIssuing, IssuingLeaf());
  for (const auto& [certificate, by] :
       {std::pair{"leaf.pem", "middle.pem"}, {"middle.pem", "root.pem"}}) {
    const test::Ended ended = Verify(certificate, by);
    EXPECT_EQ(ended.exit_code, 0) << ended.out << ended.err;
  }
  EXPECT_NE(Verify("leaf.pem", "root.pem").exit_code, 0);
  const std::string root = Text("root.pem");
  EXPECT_THAT(root, HasSubstr("CA:TRUE, pathlen:1"));
  EXPECT_THAT(root, HasSubstr("Certificate Sign, CRL Sign"));
  EXPECT_THAT(root, HasSubstr("O=登记机构,CN=测试根"));
  EXPECT_THAT(root, HasSubstr(GetParam() == Algorithm::kSm2
                                  ? "Signature Algorithm: SM2-with-SM3"
                                  : "Signature Algorithm: ecdsa-with-SHA256"));
  const std::string leaf = Text("leaf.pem");
  EXPECT_THAT(leaf, HasSubstr("CA:FALSE"));
  EXPECT_THAT(leaf, HasSubstr("Digital Signature\n"));
  EXPECT_THAT(leaf, Not(HasSubstr("TLS Web Server Authentication")));
  EXPECT_THAT(leaf, HasSubstr("Not Before: Jan  1 00:00:00 2024 GMT"));
  EXPECT_THAT(leaf, HasSubstr("Not After : Jan  1 00:00:00 2025 GMT"));
}

INSTANTIATE_TEST_SUITE_P(Algorithms, WithOpenSsl,
                         ::testing::Values(Algorithm::kSm2, Algorithm::kP256),
                         [](const auto& parameter) {
                           const absl::string_view name =
                               crypto::AlgorithmName(parameter.param);
                           return std::string(name.data(), name.size());
                         });

using TlsWithOpenSsl = WithOpenSsl;

TEST_P(TlsWithOpenSsl, ATlsChainVerifiesAsServerAndClient) {
  Make(KeyUse::kTls, TlsLeaf());
  for (const char* purpose : {"sslserver", "sslclient"}) {
    const test::Ended ended =
        OpenSsl(dir_, {"verify", "-x509_strict", "-attime", kWithin, "-CAfile",
                       "root.pem", "-untrusted", "middle.pem", "-purpose",
                       purpose, "leaf.pem"});
    EXPECT_EQ(ended.exit_code, 0) << ended.out << ended.err;
  }
  const std::string leaf = Text("leaf.pem");
  EXPECT_THAT(leaf, HasSubstr("TLS Web Server Authentication, "
                              "TLS Web Client Authentication"));
  EXPECT_THAT(leaf,
              HasSubstr("DNS:localhost, IP Address:127.0.0.1, "
                        "IP Address:0:0:0:0:0:0:0:1, URI:dataip:registry-1"));
}

INSTANTIATE_TEST_SUITE_P(Tls, TlsWithOpenSsl,
                         ::testing::Values(Algorithm::kP256));

}  // namespace
}  // namespace dataip::client
