#include <functional>
#include <string>
#include <vector>

#include "client/pki/authority.h"
#include "client/pki/extensions.h"
#include "core/crypto/openssl.h"
#include "core/crypto/x509.h"
#include "gtest/gtest.h"
#include "tests/support/process.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/core/crypto/bytes.h"

namespace dataip::crypto {
namespace {

using client::Authority;
using client::AuthorityOptions;
using client::KeyUse;
using ::dataip::testing::StatusIs;
constexpr auto kRefused = absl::StatusCode::kFailedPrecondition;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

constexpr int64_t kBegin = 1'704'067'200;  // 2024-01-01T00:00:00Z
constexpr int64_t kEnd = 1'735'689'600;    // 2025-01-01T00:00:00Z
constexpr int64_t kWithin = 1'720'000'000;

AuthorityOptions Options(Algorithm algorithm, const std::string& name,
                         int path_length = 1) {
  return {.algorithm = algorithm,
          .use = KeyUse::kIssuing,
          .common_name = name,
          .validity = {kBegin, kEnd},
          .path_length = path_length};
}

Authority Root(Algorithm algorithm, const std::string& name = "root",
               int path_length = 1) {
  auto root = Authority::Create(Options(algorithm, name, path_length));
  EXPECT_OK(root);
  return *std::move(root);
}

std::string Der(const std::string& pem) {
  auto certificate = ParseCertificatePem(pem);
  EXPECT_OK(certificate);
  return certificate->der;
}

// Signs a leaf as `authority` would, but lets `shape` give it any extensions.
std::string Shaped(
    const PublicKey& subject, const Authority& authority,
    const std::function<absl::Status(client::CertificateBuilder&)>& shape) {
  auto issuer = ReadX509(B(authority.certificate().der));
  auto builder = client::CertificateBuilder::Start(subject, {kBegin, kEnd});
  EXPECT_OK(builder);
  EXPECT_OK(builder->SetSubject("shaped", ""));
  EXPECT_OK(builder->SetIssuer(issuer->get()));
  EXPECT_OK(shape(*builder));
  auto der = builder->SignDer(authority.key());
  EXPECT_OK(der);
  return *std::move(der);
}

client::LeafOptions IssuingLeaf() {
  return {.use = KeyUse::kIssuing,
          .common_name = "发证机关",
          .validity = {kBegin, kEnd}};
}

class VerifyChainOf : public ::testing::TestWithParam<Algorithm> {
 protected:
  VerifyChainOf()
      : root_(Root(GetParam())),
        middle_(
            *root_.CreateIntermediate(Options(GetParam(), "intermediate", 0))),
        key_(*PrivateKey::Generate(GetParam())) {}

  std::string LeafOf(const Authority& authority) const {
    auto pem = authority.Issue(key_.public_key(), IssuingLeaf());
    EXPECT_OK(pem);
    return Der(*pem);
  }

  ChainToVerify Good() const {
    return {.leaf_der = LeafOf(middle_),
            .intermediates_der = {middle_.certificate().der},
            .anchors_pem = {root_.certificate_pem()},
            .algorithm = GetParam(),
            .at_unix_s = kWithin};
  }

  Algorithm OtherAlgorithm() const {
    return GetParam() == Algorithm::kSm2 ? Algorithm::kP256 : Algorithm::kSm2;
  }

  Authority root_;
  Authority middle_;
  PrivateKey key_;
};

TEST_P(VerifyChainOf, ReturnsTheLeafsKey) {
  ASSERT_OK_AND_ASSIGN(const PublicKey key, VerifyChain(Good()));
  EXPECT_EQ(key, key_.public_key());
}

TEST_P(VerifyChainOf, HoldsFromNotBeforeUntilNotAfter) {
  ChainToVerify chain = Good();
  for (const auto& [at, holds] :
       {std::pair{kBegin - 1, false}, std::pair{kBegin, true},
        std::pair{kEnd - 1, true}, std::pair{kEnd, false}}) {
    chain.at_unix_s = at;
    EXPECT_EQ(VerifyChain(chain).ok(), holds) << at - kBegin;
  }
}

TEST_P(VerifyChainOf, TakesALeafRightBelowTheAnchorAndAnIntermediateAnchor) {
  ChainToVerify chain = Good();
  chain.leaf_der = LeafOf(root_);
  chain.intermediates_der.clear();
  EXPECT_OK(VerifyChain(chain));
  chain = Good();
  chain.intermediates_der.clear();
  chain.anchors_pem = {middle_.certificate_pem()};
  EXPECT_OK(VerifyChain(chain));
}

TEST_P(VerifyChainOf, PassesOverAnchorsOfTheOtherAlgorithm) {
  ChainToVerify chain = Good();
  chain.anchors_pem.insert(chain.anchors_pem.begin(),
                           Root(OtherAlgorithm()).certificate_pem());
  EXPECT_OK(VerifyChain(chain));
  chain.anchors_pem.pop_back();
  EXPECT_THAT(VerifyChain(chain), StatusIs(kRefused));
  chain.anchors_pem.clear();
  EXPECT_THAT(VerifyChain(chain), StatusIs(kRefused));
}

TEST_P(VerifyChainOf, RefusesAnotherAuthorityOfTheSameName) {
  ChainToVerify chain = Good();
  chain.anchors_pem = {Root(GetParam()).certificate_pem()};
  EXPECT_THAT(VerifyChain(chain), StatusIs(kRefused));
}

TEST_P(VerifyChainOf, RefusesASelfSignedLeaf) {
  ChainToVerify chain = Good();
  auto builder =
      client::CertificateBuilder::Start(key_.public_key(), {kBegin, kEnd});
  ASSERT_OK(builder);
  ASSERT_OK(builder->SetSubject("self", ""));
  ASSERT_OK(builder->SetIssuer(nullptr));
  ASSERT_OK(builder->MakeLeaf(IssuingLeaf()));
  ASSERT_OK_AND_ASSIGN(chain.leaf_der, builder->SignDer(key_));
  chain.intermediates_der.clear();
  EXPECT_THAT(VerifyChain(chain), StatusIs(kRefused));
  // Not even as an anchor: an anchor is an authority.
  chain.anchors_pem = {CertificatePem(B(chain.leaf_der))};
  EXPECT_THAT(VerifyChain(chain), StatusIs(kRefused));
}

TEST_P(VerifyChainOf, RefusesAMissingIntermediate) {
  ChainToVerify chain = Good();
  chain.intermediates_der.clear();
  EXPECT_THAT(VerifyChain(chain), StatusIs(kRefused));
}

TEST_P(VerifyChainOf, RefusesCertificatesThatAreNotNeeded) {
  ChainToVerify chain = Good();
  chain.intermediates_der.push_back(Root(GetParam(), "x").certificate().der);
  EXPECT_THAT(VerifyChain(chain), StatusIs(kRefused));
  chain = Good();
  chain.intermediates_der.push_back(chain.intermediates_der[0]);
  EXPECT_THAT(VerifyChain(chain), StatusIs(kRefused));
  chain = Good();
  chain.intermediates_der.push_back(root_.certificate().der);
  EXPECT_THAT(VerifyChain(chain), StatusIs(kRefused));
}

TEST_P(VerifyChainOf, RefusesCertificatesOutOfOrder) {
  const Authority top = Root(GetParam(), "top", 3);
  ASSERT_OK_AND_ASSIGN(const Authority a,
                       top.CreateIntermediate(Options(GetParam(), "a", 2)));
  ASSERT_OK_AND_ASSIGN(const Authority b,
                       a.CreateIntermediate(Options(GetParam(), "b", 0)));
  ChainToVerify chain = Good();
  chain.leaf_der = LeafOf(b);
  chain.anchors_pem = {top.certificate_pem()};
  chain.intermediates_der = {b.certificate().der, a.certificate().der};
  EXPECT_OK(VerifyChain(chain));
  chain.intermediates_der = {a.certificate().der, b.certificate().der};
  EXPECT_THAT(VerifyChain(chain), StatusIs(kRefused));
}

TEST_P(VerifyChainOf, RefusesALeafThatActsAsAnAuthority) {
  const std::string signer_der = LeafOf(middle_);
  auto issuer = ReadX509(B(signer_der));
  ASSERT_OK(issuer);
  ASSERT_OK_AND_ASSIGN(const PrivateKey other,
                       PrivateKey::Generate(GetParam()));
  auto builder =
      client::CertificateBuilder::Start(other.public_key(), {kBegin, kEnd});
  ASSERT_OK(builder);
  ASSERT_OK(builder->SetSubject("below a leaf", ""));
  ASSERT_OK(builder->SetIssuer(issuer->get()));
  ASSERT_OK(builder->MakeLeaf(IssuingLeaf()));
  ChainToVerify chain = Good();
  ASSERT_OK_AND_ASSIGN(chain.leaf_der, builder->SignDer(key_));
  chain.intermediates_der = {signer_der, middle_.certificate().der};
  EXPECT_THAT(VerifyChain(chain), StatusIs(kRefused));
}

TEST_P(VerifyChainOf, RefusesMoreAuthoritiesThanThePathLengthAllows) {
  // middle_ has path length 0; CreateIntermediate would refuse.
  ASSERT_OK_AND_ASSIGN(const PrivateKey lower_key,
                       PrivateKey::Generate(GetParam()));
  const std::string lower_der = Shaped(
      lower_key.public_key(), middle_,
      [](auto& builder) { return builder.MakeAuthority(0, KeyUse::kIssuing); });
  ASSERT_OK_AND_ASSIGN(
      const Authority lower,
      Authority::Load(lower_key, CertificatePem(B(lower_der))));
  ChainToVerify chain = Good();
  chain.leaf_der = LeafOf(lower);
  chain.intermediates_der = {lower_der, middle_.certificate().der};
  EXPECT_THAT(VerifyChain(chain), StatusIs(kRefused));
}

TEST_P(VerifyChainOf, RefusesAnAuthorityAsLeaf) {
  ChainToVerify chain = Good();
  chain.leaf_der = middle_.certificate().der;
  chain.intermediates_der.clear();
  EXPECT_THAT(VerifyChain(chain), StatusIs(kRefused));
}

TEST_P(VerifyChainOf, RefusesALeafWithoutKeyUsage) {
  ChainToVerify chain = Good();
  chain.leaf_der = Shaped(key_.public_key(), middle_,
                          [](auto&) { return absl::OkStatus(); });
  EXPECT_THAT(VerifyChain(chain), StatusIs(kRefused));
}

TEST_P(VerifyChainOf, RefusesALeafForTls) {
  ChainToVerify chain = Good();
  chain.leaf_der = Shaped(key_.public_key(), middle_, [](auto& builder) {
    return builder.MakeLeaf({.use = KeyUse::kTls, .actor = "registry-1"});
  });
  EXPECT_THAT(VerifyChain(chain), StatusIs(kRefused));
}

TEST_P(VerifyChainOf, RefusesAnAuthorityForTls) {
  ASSERT_OK_AND_ASSIGN(const PrivateKey tls_key,
                       PrivateKey::Generate(GetParam()));
  const std::string tls_der = Shaped(
      tls_key.public_key(), root_,
      [](auto& builder) { return builder.MakeAuthority(0, KeyUse::kTls); });
  ASSERT_OK_AND_ASSIGN(const Authority tls,
                       Authority::Load(tls_key, CertificatePem(B(tls_der))));
  ASSERT_EQ(tls.use(), KeyUse::kTls);
  ChainToVerify chain = Good();
  chain.leaf_der = Shaped(key_.public_key(), tls, [](auto& builder) {
    return builder.MakeLeaf(IssuingLeaf());
  });
  chain.intermediates_der = {tls_der};
  EXPECT_THAT(VerifyChain(chain), StatusIs(kRefused));
}

TEST_P(VerifyChainOf, RefusesTheOtherCurveAndTheOtherName) {
  ChainToVerify chain = Good();
  chain.algorithm = OtherAlgorithm();
  EXPECT_THAT(VerifyChain(chain), StatusIs(kRefused));
  chain.algorithm = Algorithm::kEd25519;
  EXPECT_THAT(VerifyChain(chain), StatusIs(kInvalid));
}

TEST_P(VerifyChainOf, RefusesALeafOfTheOtherCurveUnderThisAuthority) {
  ASSERT_OK_AND_ASSIGN(const PrivateKey other,
                       PrivateKey::Generate(OtherAlgorithm()));
  ChainToVerify chain = Good();
  chain.leaf_der = Shaped(other.public_key(), middle_, [](auto& builder) {
    return builder.MakeLeaf(IssuingLeaf());
  });
  EXPECT_THAT(VerifyChain(chain), StatusIs(kRefused));
}

TEST_P(VerifyChainOf, RefusesAChainThatChangesAlgorithmOnTheWay) {
  ChainToVerify chain = Good();
  // The other algorithm's root signs an intermediate with a key of ours.
  const Authority other = Root(OtherAlgorithm());
  ASSERT_OK_AND_ASSIGN(const PrivateKey middle_key,
                       PrivateKey::Generate(GetParam()));
  const std::string mixed_der = Shaped(
      middle_key.public_key(), other,
      [](auto& builder) { return builder.MakeAuthority(0, KeyUse::kIssuing); });
  ASSERT_OK_AND_ASSIGN(
      const Authority mixed,
      Authority::Load(middle_key, CertificatePem(B(mixed_der))));
  chain.leaf_der = LeafOf(mixed);
  chain.intermediates_der = {mixed_der};
  chain.anchors_pem = {other.certificate_pem(), root_.certificate_pem()};
  EXPECT_THAT(VerifyChain(chain), StatusIs(kRefused));
}

TEST_P(VerifyChainOf, RefusesEveryBitFlipOfTheLeaf) {
  ChainToVerify chain = Good();
  const std::string leaf = chain.leaf_der;
  for (size_t bit = 0; bit < leaf.size() * 8; ++bit) {
    chain.leaf_der = leaf;
    chain.leaf_der[bit / 8] =
        static_cast<char>(chain.leaf_der[bit / 8] ^ (1 << (bit % 8)));
    ASSERT_FALSE(VerifyChain(chain).ok()) << bit;
  }
}

TEST_P(VerifyChainOf, SaysWhatCouldNotBeRead) {
  ChainToVerify chain = Good();
  chain.leaf_der = "nonsense";
  EXPECT_THAT(VerifyChain(chain), StatusIs(kInvalid));
  chain = Good();
  chain.intermediates_der[0].pop_back();
  EXPECT_THAT(VerifyChain(chain), StatusIs(kInvalid));
  chain = Good();
  chain.anchors_pem.push_back("nonsense");
  EXPECT_THAT(VerifyChain(chain), StatusIs(kInvalid));
}

INSTANTIATE_TEST_SUITE_P(Algorithms, VerifyChainOf,
                         ::testing::Values(Algorithm::kSm2, Algorithm::kP256),
                         [](const auto& parameter) {
                           const absl::string_view name =
                               AlgorithmName(parameter.param);
                           return std::string(name.data(), name.size());
                         });

test::Ended OpenSsl(const test::TempDir& dir,
                    std::vector<std::string> arguments) {
  return test::Run({"/usr/bin/openssl", std::move(arguments), {}, dir.path()});
}

// Certificates of the stock tool: with the user ID they hold, without it
// (OpenSSL's default) they do not.
TEST(VerifyChainSm2, DemandsTheUserIdInCertificates) {
  // The tool dates the leaf by the clock, so the root lasts until 2096.
  AuthorityOptions options = Options(Algorithm::kSm2, "root");
  options.validity.not_after_s = 4'000'000'000;
  ASSERT_OK_AND_ASSIGN(const Authority root, Authority::Create(options));
  ASSERT_OK_AND_ASSIGN(const PrivateKey key,
                       PrivateKey::Generate(Algorithm::kSm2));
  test::TempDir dir;
  test::WriteFile(dir / "root.pem", root.certificate_pem());
  test::WriteFile(dir / "root.key", root.key().ToPem());
  test::WriteFile(dir / "leaf.key", key.ToPem());
  test::WriteFile(dir / "leaf.ext",
                  "basicConstraints=critical,CA:FALSE\n"
                  "keyUsage=critical,digitalSignature\n"
                  "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n");
  const test::Ended request = OpenSsl(
      dir, {"req", "-new", "-key", "leaf.key", "-subj", "/CN=leaf", "-sm3",
            "-sigopt", "distid:1234567812345678", "-out", "leaf.csr"});
  ASSERT_EQ(request.exit_code, 0) << request.err;
  const auto issue = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"x509",
                                          "-req",
                                          "-in",
                                          "leaf.csr",
                                          "-CA",
                                          "root.pem",
                                          "-CAkey",
                                          "root.key",
                                          "-extfile",
                                          "leaf.ext",
                                          "-sm3",
                                          "-set_serial",
                                          "7",
                                          "-days",
                                          "1000",
                                          "-vfyopt",
                                          "distid:1234567812345678"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const test::Ended ended = OpenSsl(dir, arguments);
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    auto leaf = ParseCertificatePem(ended.out);
    EXPECT_OK(leaf);
    return *std::move(leaf);
  };
  const auto verify = [&](const Certificate& leaf) {
    return VerifyChain({.leaf_der = leaf.der,
                        .anchors_pem = {root.certificate_pem()},
                        .algorithm = Algorithm::kSm2,
                        .at_unix_s = leaf.not_before_s});
  };
  EXPECT_OK(verify(issue({"-sigopt", "distid:1234567812345678"})));
  EXPECT_THAT(verify(issue({})), StatusIs(kRefused));
  EXPECT_THAT(verify(issue({"-sigopt", "distid:1234567812345679"})),
              StatusIs(kRefused));
}

}  // namespace
}  // namespace dataip::crypto
