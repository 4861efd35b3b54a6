#include "core/crypto/checkpoint.h"

#include <string>
#include <utility>
#include <vector>

#include "core/crypto/cosigner.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace dataip::crypto {
namespace {

constexpr char kOrigin[] = "test.example/ledger";
constexpr uint64_t kTimeS = 1'700'000'000;

// A ledger with both keys, and two witnesses.
class CheckCheckpointTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const Algorithm algorithm : {Algorithm::kEd25519, Algorithm::kSm2}) {
      ASSERT_OK_AND_ASSIGN(auto key, PrivateKey::Generate(algorithm));
      ASSERT_OK_AND_ASSIGN(auto signer,
                           NoteSigner::Create(kOrigin, std::move(key)));
      ASSERT_OK_AND_ASSIGN(auto verifier,
                           NoteVerifier::FromVkey(signer.vkey()));
      signers_.push_back(std::move(signer));
      ledger_keys_.push_back(std::move(verifier));
    }
    for (const char* name : {"witness.example/a", "witness.example/b"}) {
      ASSERT_OK_AND_ASSIGN(auto key, PrivateKey::Generate(Algorithm::kEd25519));
      ASSERT_OK_AND_ASSIGN(auto cosigner,
                           Cosigner::Create(name, std::move(key)));
      ASSERT_OK_AND_ASSIGN(auto verifier,
                           NoteVerifier::FromVkey(cosigner.vkey()));
      cosigners_.push_back(std::move(cosigner));
      witness_keys_.push_back(std::move(verifier));
    }
  }

  std::string TextOf(const std::string& origin) const {
    return proof::FormatCheckpoint({origin, 7, hash::Hash()});
  }
  std::string Signed(const std::string& text,
                     std::span<const NoteSigner> signers) const {
    return *SignNote(text, chain_head_, signers);
  }
  std::string Signed() const { return Signed(TextOf(kOrigin), signers_); }
  std::string LineOf(size_t witness, const std::string& text) const {
    return *cosigners_[witness].SignatureLine(text, kTimeS);
  }

  CheckpointFault FaultOf(const std::string& note, uint32_t quorum = 0) const {
    const CheckedCheckpoint checked =
        CheckCheckpoint(note, {kOrigin, ledger_keys_, witness_keys_, quorum});
    EXPECT_EQ(checked.counts(), checked.zh.empty() && checked.en.empty());
    return checked.fault;
  }

  const hash::Hash chain_head_ = hash::Sha256({});
  std::vector<NoteSigner> signers_;
  std::vector<NoteVerifier> ledger_keys_;
  std::vector<Cosigner> cosigners_;
  std::vector<NoteVerifier> witness_keys_;
};

TEST_F(CheckCheckpointTest, RefusesWhatIsNoCheckpoint) {
  EXPECT_EQ(FaultOf(""), CheckpointFault::kForm);
  EXPECT_EQ(FaultOf(TextOf(kOrigin)), CheckpointFault::kForm);
  EXPECT_EQ(FaultOf(Signed(TextOf(kOrigin) + "extension\n", signers_)),
            CheckpointFault::kForm);
}

TEST_F(CheckCheckpointTest, RefusesWhatOneLedgerKeyHasNotSigned) {
  for (const NoteSigner& signer : signers_) {
    EXPECT_EQ(FaultOf(Signed(TextOf(kOrigin), {&signer, 1})),
              CheckpointFault::kSignatures);
  }
}

TEST_F(CheckCheckpointTest, RefusesAnyLineOfANamedKeyThatDoesNotVerify) {
  const std::string other =
      Signed(proof::FormatCheckpoint({kOrigin, 8, hash::Hash()}), signers_);
  const std::string lines = other.substr(other.find("\n\n") + 2);
  EXPECT_EQ(FaultOf(TextOf(kOrigin) + "\n" + lines),
            CheckpointFault::kSignatures);
  EXPECT_EQ(FaultOf(Signed() + lines), CheckpointFault::kSignatures);
  EXPECT_EQ(FaultOf(Signed() + LineOf(0, TextOf("test.example/other"))),
            CheckpointFault::kSignatures);
}

TEST_F(CheckCheckpointTest, RefusesTooFewWitnesses) {
  const std::string text = TextOf(kOrigin);
  EXPECT_EQ(FaultOf(Signed(), 1), CheckpointFault::kWitnesses);
  EXPECT_EQ(FaultOf(Signed() + LineOf(0, text), 2),
            CheckpointFault::kWitnesses);
  EXPECT_EQ(FaultOf(Signed() + LineOf(0, text) + LineOf(1, text), 2),
            CheckpointFault::kNone);
}

TEST_F(CheckCheckpointTest, RefusesTheSameKeysUnderAnotherOrigin) {
  const CheckedCheckpoint checked = CheckCheckpoint(
      Signed(TextOf("test.example/other"), signers_), {kOrigin, ledger_keys_});
  EXPECT_EQ(checked.fault, CheckpointFault::kOrigin);
  EXPECT_EQ(checked.checkpoint.origin, "test.example/other");
}

TEST_F(CheckCheckpointTest, TakesWhatEveryLedgerKeyHasSigned) {
  const CheckedCheckpoint checked =
      CheckCheckpoint(Signed(), {kOrigin, ledger_keys_});
  EXPECT_TRUE(checked.counts()) << checked.en;
  EXPECT_EQ(checked.checkpoint.size, 7u);
  EXPECT_EQ(checked.chain_head, chain_head_);
}

}  // namespace
}  // namespace dataip::crypto
