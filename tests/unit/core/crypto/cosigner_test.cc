#include "core/crypto/cosigner.h"

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/core/crypto/bytes.h"

namespace dataip::crypto {
namespace {

using ::dataip::testing::StatusIs;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
constexpr auto kDataLoss = absl::StatusCode::kDataLoss;

constexpr char kName[] = "witness.example/w1";
// tlog-cosignature's example.
constexpr char kText[] =
    "example.com/behind-the-sofa\n20852163\n"
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
constexpr uint64_t kTime_s = 1'679'315'147;

class CosignerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto key = PrivateKey::Generate(Algorithm::kEd25519);
    ASSERT_TRUE(key.ok());
    auto cosigner = Cosigner::Create(kName, *key);
    ASSERT_TRUE(cosigner.ok()) << cosigner.status();
    auto verifier = NoteVerifier::FromVkey(cosigner->vkey());
    ASSERT_TRUE(verifier.ok()) << verifier.status();
    key_ = *std::move(key);
    cosigner_ = *std::move(cosigner);
    verifier_ = *std::move(verifier);
  }

  proof::SignatureLine LineOver(const std::string& text) {
    auto line = cosigner_->SignatureLine(text, kTime_s);
    EXPECT_TRUE(line.ok());
    auto parsed = proof::ParseSignatureLines(*line);
    EXPECT_TRUE(parsed.ok()) << *line;
    return parsed->front();
  }

  std::optional<PrivateKey> key_;
  std::optional<Cosigner> cosigner_;
  std::optional<NoteVerifier> verifier_;
};

TEST_F(CosignerTest, RefusesKeysAndNamesThatNoWitnessMayHave) {
  ASSERT_OK_AND_ASSIGN(const PrivateKey sm2,
                       PrivateKey::Generate(Algorithm::kSm2));
  EXPECT_THAT(Cosigner::Create(kName, sm2), StatusIs(kInvalid));
  EXPECT_THAT(CosignatureVkey(kName, sm2.public_key()), StatusIs(kInvalid));
  for (const std::string name : {"", "a b", "a+b"}) {
    EXPECT_THAT(Cosigner::Create(name, *key_), StatusIs(kInvalid)) << name;
  }
}

TEST_F(CosignerTest, SignsWhatTheSpecificationSays) {
  const proof::SignatureLine line = LineOver(kText);
  ASSERT_EQ(line.signature.size(), 8u + 64u);
  const std::string message =
      absl::StrCat("cosignature/v1\ntime ", kTime_s, "\n", kText);
  ASSERT_OK_AND_ASSIGN(const std::string signature, key_->Sign(B(message)));
  EXPECT_EQ(line.signature.substr(8), signature);
  EXPECT_EQ(line.name, kName);
  EXPECT_EQ(line.key_id, verifier_->note_key().id);
}

TEST_F(CosignerTest, TellsTheTimeOfALineThatVerifies) {
  ASSERT_OK_AND_ASSIGN(const uint64_t time_s,
                       VerifyCosignature(*verifier_, kText, LineOver(kText)));
  EXPECT_EQ(time_s, kTime_s);
}

TEST_F(CosignerTest, RefusesALineOverAnotherTextOrOfAnotherKey) {
  EXPECT_THAT(VerifyCosignature(*verifier_, kText, LineOver("other\n")),
              StatusIs(kDataLoss));
  proof::SignatureLine line = LineOver(kText);
  line.name = "witness.example/w2";
  EXPECT_THAT(VerifyCosignature(*verifier_, kText, line), StatusIs(kDataLoss));
  line = LineOver(kText);
  line.signature[7] ^= 1;  // the time
  EXPECT_THAT(VerifyCosignature(*verifier_, kText, line), StatusIs(kDataLoss));
  line = LineOver(kText);
  line.signature.pop_back();
  EXPECT_THAT(VerifyCosignature(*verifier_, kText, line), StatusIs(kDataLoss));
}

TEST_F(CosignerTest, RefusesATimeAboveTheLimit) {
  const uint64_t late_s = uint64_t{1} << 63;
  ASSERT_OK_AND_ASSIGN(const std::string text,
                       cosigner_->SignatureLine(kText, late_s));
  const auto lines = proof::ParseSignatureLines(text);
  ASSERT_TRUE(lines.ok());
  EXPECT_THAT(VerifyCosignature(*verifier_, kText, lines->front()),
              StatusIs(kDataLoss));
}

TEST_F(CosignerTest, RefusesTheLineOfALedgersKey) {
  ASSERT_OK_AND_ASSIGN(const NoteSigner ledger,
                       NoteSigner::Create(kName, *key_));
  ASSERT_OK_AND_ASSIGN(const NoteVerifier verifier,
                       NoteVerifier::FromVkey(ledger.vkey()));
  ASSERT_OK_AND_ASSIGN(const std::string text,
                       ledger.SignatureLine(kText, hash::Hash{}));
  const auto lines = proof::ParseSignatureLines(text);
  ASSERT_TRUE(lines.ok());
  EXPECT_THAT(VerifyCosignature(verifier, kText, lines->front()),
              StatusIs(kDataLoss));
}

}  // namespace
}  // namespace dataip::crypto
