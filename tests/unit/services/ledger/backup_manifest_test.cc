#include "services/ledger/backup_manifest.h"

#include "core/base/base64.h"
#include "core/proof/note.h"
#include "gtest/gtest.h"
#include "tests/unit/services/ledger/ledger_fixture.h"

namespace dataip::ledger {
namespace {

constexpr char kOrigin[] = "backup.test/1";

Hash HashOf(std::string_view text) { return hash::Sha256(hash::AsBytes(text)); }

class BackupManifestTest : public testing::Test {
 protected:
  BackupManifest Manifest() const {
    return {kOrigin, 3, 1'700'000'000'000, checkpoint, 2, HashOf("list")};
  }
  std::string Signed(const BackupManifest& manifest) const {
    return *SignManifest(manifest, chain_head, signing);
  }

  Signing signing = MakeTestSigning(kOrigin);
  Hash chain_head = HashOf("head");
  std::string checkpoint =
      *crypto::SignNote(proof::FormatCheckpoint({kOrigin, 7, HashOf("root")}),
                        chain_head, signing.signers);
};

TEST_F(BackupManifestTest, RefusesAnotherSpelling) {
  const std::string good = FormatManifest(Manifest());
  ASSERT_TRUE(ParseManifest(good).ok());
  for (size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] ^= 0x20;
    const auto parsed = ParseManifest(bad);
    EXPECT_TRUE(!parsed.ok() || *parsed != Manifest()) << i;
    EXPECT_FALSE(ParseManifest(good.substr(0, i)).ok()) << i;
  }
  EXPECT_FALSE(ParseManifest(good + "\n").ok());
  EXPECT_FALSE(ParseManifest(good + "backup 4\n").ok());
}

TEST_F(BackupManifestTest, RefusesAListThatIsNotAscending) {
  const BackupFile a{"meta/1", 4, HashOf("a")};
  const BackupFile b{"private/1/CURRENT", 16, HashOf("b")};
  EXPECT_EQ(ParseFileList(FormatFileList({a, b})).value(),
            (std::vector<BackupFile>{a, b}));
  EXPECT_FALSE(ParseFileList(FormatFileList({b, a})).ok());
  EXPECT_FALSE(ParseFileList(FormatFileList({a, a})).ok());
  EXPECT_FALSE(ParseFileList("short 1 path\n").ok());
  const std::string good = FormatFileList({a, b});
  EXPECT_FALSE(ParseFileList(good.substr(0, good.size() - 1)).ok());
}

TEST_F(BackupManifestTest, NeedsBothKeys) {
  const std::string note = Signed(Manifest());
  ASSERT_TRUE(ReadManifest(note, signing).ok());
  const size_t last = note.rfind('\n', note.size() - 2) + 1;
  EXPECT_FALSE(ReadManifest(note.substr(0, last), signing).ok());
  EXPECT_FALSE(ReadManifest(note, MakeTestSigning(kOrigin)).ok());
}

TEST_F(BackupManifestTest, RefusesOneOfAnotherLedger) {
  BackupManifest other = Manifest();
  other.origin = "backup.test/2";
  EXPECT_FALSE(ReadManifest(Signed(other), signing).ok());
}

TEST_F(BackupManifestTest, RefusesAnotherChainHeadThanItsCheckpoints) {
  const std::string note =
      *SignManifest(Manifest(), HashOf("another"), signing);
  EXPECT_FALSE(ReadManifest(note, signing).ok());
}

TEST_F(BackupManifestTest, RefusesACheckpointThatIsNotSigned) {
  BackupManifest unsigned_checkpoint = Manifest();
  unsigned_checkpoint.checkpoint[20] ^= 1;
  EXPECT_FALSE(ReadManifest(Signed(unsigned_checkpoint), signing).ok());
}

// formats.md 7: the keys sign notes only, and this one is no checkpoint.
TEST_F(BackupManifestTest, CannotBeTakenForACheckpointNorTheOtherWay) {
  const std::string note = Signed(Manifest());
  EXPECT_FALSE(proof::ParseCheckpoint(FormatManifest(Manifest())).ok());
  EXPECT_FALSE(ReadNote(note, kOrigin, signing.verifiers).ok());
  EXPECT_FALSE(ReadManifest(checkpoint, signing).ok());
  // The first line is no origin, so no key can have its name.
  const std::string first = note.substr(0, note.find('\n'));
  EXPECT_NE(proof::CheckOrigin(first), proof::Flaw::kNone);
}

}  // namespace
}  // namespace dataip::ledger
