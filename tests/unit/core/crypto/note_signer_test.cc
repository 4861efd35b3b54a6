#include "core/crypto/note_signer.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/core/crypto/bytes.h"

namespace dataip::crypto {
namespace {

using ::dataip::testing::StatusIs;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
constexpr auto kDataLoss = absl::StatusCode::kDataLoss;

// A note of an independent implementation.
constexpr char kEd25519Vkey[] =
    "ledger.example/zhejiang+5757e79e+"
    "AUv43niwlBF/1RfMi2dH2PKCnO7zDTXyUWKptDkXcO+Q";
constexpr char kSm2Vkey[] =
    "ledger.example/zhejiang+509893c4+"
    "/2RhdGFpcC5zbTJzbTMudjEE0PIAtVRh9wUs/"
    "uyz4AowabDVOCjAOMF+KGIHmfHsozY2tNsrbBR+"
    "AVlO0trCdJqcOMYg/B6xiPdlrD/0zlHxOQ==";
const std::string kText =
    "ledger.example/zhejiang\n23\n"
    "zNS/sV5cW80SUt8kzBVhCubNkuhQC17WzMdJXFd40ts=\n";
const std::string kEd25519Line =
    "— ledger.example/zhejiang "
    "V1fnnjGty8WtUcsSGQCuFhFo6H3vmRjbbfFtcjZ6qnK0co3KbVK+"
    "cLrtDudljhV657NwWZxkEf7BmZtxNjeDNavewQM=\n";
const std::string kSm2Line =
    "— ledger.example/zhejiang "
    "UJiTxPpznkWIZ+Sa4lVhzWE8SkFjR8KSpanAt8TXYHM7QWrSMEUCIQDR1d92u+"
    "sVcGTLve4l4JhBfQ5WWWpYSb2dDJgke1mJ8wIgbDtx8a5rb/"
    "5NBgszbBKbXig66rkSa+b/sI5DEWZrk9w=\n";

std::vector<NoteVerifier> LedgerKeys() {
  std::vector<NoteVerifier> keys;
  for (const char* vkey : {kEd25519Vkey, kSm2Vkey}) {
    auto key = NoteVerifier::FromVkey(vkey);
    EXPECT_OK(key);
    keys.push_back(*std::move(key));
  }
  return keys;
}

TEST(VerifyNote, TakesTheNoteOfAnotherImplementation) {
  ASSERT_OK_AND_ASSIGN(
      const VerifiedNote note,
      VerifyNote(absl::StrCat(kText, "\n", kEd25519Line, kSm2Line),
                 LedgerKeys()));
  EXPECT_TRUE(AllSigned(note));
  EXPECT_EQ(note.text, kText);
  ASSERT_TRUE(note.chain_head.has_value());
  EXPECT_EQ(base::HexEncode(note.chain_head->span()).substr(0, 16),
            "fa739e458867e49a");
}

TEST(VerifyNote, SaysWhichKeysHaveSigned) {
  ASSERT_OK_AND_ASSIGN(
      const VerifiedNote ed25519_only,
      VerifyNote(absl::StrCat(kText, "\n", kEd25519Line), LedgerKeys()));
  EXPECT_EQ(ed25519_only.signed_by, (std::vector<bool>{true, false}));
  EXPECT_FALSE(AllSigned(ed25519_only));
  EXPECT_FALSE(ed25519_only.chain_head.has_value());
  ASSERT_OK_AND_ASSIGN(
      const VerifiedNote sm2_only,
      VerifyNote(absl::StrCat(kText, "\n", kSm2Line), LedgerKeys()));
  EXPECT_EQ(sm2_only.signed_by, (std::vector<bool>{false, true}));
}

TEST(VerifyNote, NeverTakesAFlippedBitForSigned) {
  const std::string note = absl::StrCat(kText, "\n", kEd25519Line, kSm2Line);
  const std::vector<NoteVerifier> keys = LedgerKeys();
  for (size_t bit = 0; bit < note.size() * 8; ++bit) {
    std::string other = note;
    other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << (bit % 8)));
    const auto verified = VerifyNote(other, keys);
    EXPECT_FALSE(verified.ok() && AllSigned(*verified)) << bit;
  }
}

TEST(VerifyNote, RefusesALineOfAGivenKeyThatFails) {
  const std::string other_text =
      "ledger.example/zhejiang\n24\n"
      "zNS/sV5cW80SUt8kzBVhCubNkuhQC17WzMdJXFd40ts=\n";
  EXPECT_THAT(
      VerifyNote(absl::StrCat(other_text, "\n", kEd25519Line), LedgerKeys()),
      StatusIs(kDataLoss));
  EXPECT_THAT(
      VerifyNote(absl::StrCat(other_text, "\n", kSm2Line), LedgerKeys()),
      StatusIs(kDataLoss));
}

TEST(VerifyNote, RefusesAKeysSecondLine) {
  EXPECT_THAT(VerifyNote(absl::StrCat(kText, "\n", kEd25519Line, kEd25519Line),
                         LedgerKeys()),
              StatusIs(kDataLoss));
}

TEST(VerifyNote, IgnoresLinesOfOtherKeys) {
  ASSERT_OK_AND_ASSIGN(PrivateKey key,
                       PrivateKey::Generate(Algorithm::kEd25519));
  ASSERT_OK_AND_ASSIGN(const NoteSigner other,
                       NoteSigner::Create("witness.example", key));
  ASSERT_OK_AND_ASSIGN(const std::string line,
                       other.SignatureLine("another text\n", hash::Hash{}));
  ASSERT_OK_AND_ASSIGN(
      const VerifiedNote note,
      VerifyNote(absl::StrCat(kText, "\n", line, kEd25519Line, kSm2Line),
                 LedgerKeys()));
  EXPECT_TRUE(AllSigned(note));
}

TEST(VerifyNote, RefusesWhatIsNoNote) {
  for (const std::string& note :
       {std::string(), kText, absl::StrCat(kText, "\n"),
        absl::StrCat(kText, "\n", kEd25519Line, "\n")}) {
    EXPECT_THAT(VerifyNote(note, LedgerKeys()), StatusIs(kInvalid)) << note;
  }
}

class SignedByUs : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const Algorithm algorithm : {Algorithm::kEd25519, Algorithm::kSm2}) {
      auto key = PrivateKey::Generate(algorithm);
      ASSERT_OK(key);
      auto signer = NoteSigner::Create("ledger.example/杭州", *key);
      ASSERT_OK(signer);
      auto verifier = NoteVerifier::FromVkey(signer->vkey());
      ASSERT_OK(verifier);
      signers_.push_back(*std::move(signer));
      verifiers_.push_back(*std::move(verifier));
    }
  }

  const std::string text_ =
      "ledger.example/杭州\n23\n"
      "zNS/sV5cW80SUt8kzBVhCubNkuhQC17WzMdJXFd40ts=\n";
  const hash::Hash head_ = hash::Sm3(B("a header"));
  std::vector<NoteSigner> signers_;
  std::vector<NoteVerifier> verifiers_;
};

TEST_F(SignedByUs, VerifiesWithItsChainHead) {
  ASSERT_OK_AND_ASSIGN(const std::string note,
                       SignNote(text_, head_, signers_));
  ASSERT_OK_AND_ASSIGN(const VerifiedNote verified,
                       VerifyNote(note, verifiers_));
  EXPECT_TRUE(AllSigned(verified));
  EXPECT_EQ(verified.chain_head, head_);
}

TEST_F(SignedByUs, FailsWithAnotherChainHeadInTheLine) {
  ASSERT_OK_AND_ASSIGN(const std::string line,
                       signers_[1].SignatureLine(text_, head_));
  auto note = proof::ParseNote(absl::StrCat(text_, "\n", line));
  ASSERT_TRUE(note.ok());
  note->signatures[0].signature[0] ^= 1;
  EXPECT_THAT(VerifyNote(proof::FormatNote(*note), verifiers_),
              StatusIs(kDataLoss));
}

TEST_F(SignedByUs, KeepsAVkeyThroughItsText) {
  for (size_t i = 0; i < signers_.size(); ++i) {
    EXPECT_EQ(proof::FormatVkey(verifiers_[i].note_key()), signers_[i].vkey());
    EXPECT_EQ(verifiers_[i].name(), "ledger.example/杭州");
  }
}

TEST(VerifyNote, TakesAWitnesssCosignature) {
  ASSERT_OK_AND_ASSIGN(const PrivateKey key,
                       PrivateKey::Generate(Algorithm::kEd25519));
  const auto note_key =
      proof::MakeNoteKey("witness.example", proof::NoteKeyType::kCosignature,
                         key.public_key().raw());
  ASSERT_TRUE(note_key.ok());
  constexpr uint64_t kTime = 1'700'000'000;
  ASSERT_OK_AND_ASSIGN(const std::string signature,
                       key.Sign(B(proof::CosignatureMessage(kText, kTime))));
  ASSERT_OK_AND_ASSIGN(const NoteVerifier verifier,
                       NoteVerifier::FromVkey(proof::FormatVkey(*note_key)));
  const auto noted = [&](uint64_t time_s) {
    return absl::StrCat(kText, "\n",
                        proof::FormatSignatureLine(proof::CosignatureLine(
                            *note_key, time_s, B(signature))));
  };
  ASSERT_OK_AND_ASSIGN(const VerifiedNote verified,
                       VerifyNote(noted(kTime), {{verifier}}));
  EXPECT_TRUE(AllSigned(verified));
  EXPECT_THAT(VerifyNote(noted(kTime + 1), {{verifier}}), StatusIs(kDataLoss));
}

TEST(NoteSigner, RefusesAP256KeyAndABadName) {
  ASSERT_OK_AND_ASSIGN(const PrivateKey p256,
                       PrivateKey::Generate(Algorithm::kP256));
  EXPECT_THAT(NoteSigner::Create("ledger.example", p256), StatusIs(kInvalid));
  ASSERT_OK_AND_ASSIGN(const PrivateKey ed25519,
                       PrivateKey::Generate(Algorithm::kEd25519));
  EXPECT_THAT(NoteSigner::Create("", ed25519), StatusIs(kInvalid));
  EXPECT_THAT(NoteSigner::Create("a+b", ed25519), StatusIs(kInvalid));
  EXPECT_THAT(NoteSigner::Create("a b", ed25519), StatusIs(kInvalid));
}

TEST(NoteVerifier, RefusesAKeyThatIsNoPointOrOfSmallOrder) {
  const std::vector<uint8_t> small(32, 0);
  const auto weak =
      proof::MakeNoteKey("ledger.example", proof::NoteKeyType::kEd25519, small);
  ASSERT_TRUE(weak.ok());
  EXPECT_THAT(NoteVerifier::FromVkey(proof::FormatVkey(*weak)),
              StatusIs(kInvalid));
  std::vector<uint8_t> off(65, 1);
  off[0] = 4;
  const auto off_curve =
      proof::MakeNoteKey("ledger.example", proof::NoteKeyType::kSm2, off);
  ASSERT_TRUE(off_curve.ok());
  EXPECT_THAT(NoteVerifier::FromVkey(proof::FormatVkey(*off_curve)),
              StatusIs(kInvalid));
  EXPECT_THAT(NoteVerifier::FromVkey("nonsense"), StatusIs(kInvalid));
}

}  // namespace
}  // namespace dataip::crypto
