// Backup folders that are another ledger's, or nobody's.
#include "services/ledger/backup_folder.h"

#include <filesystem>

#include "gtest/gtest.h"
#include "services/ledger/backup_restore.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/services/ledger/ledger_fixture.h"

namespace dataip::ledger {
namespace {

namespace fs = std::filesystem;
using ::dataip::testing::StatusIs;

constexpr auto kRefused = absl::StatusCode::kFailedPrecondition;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

struct Ledgers : LedgerFixture {
  void Start(const std::string& folder) {
    options.backup.folder = folder;
    ASSERT_OK(Open());
    ASSERT_OK(Append(Make({.epoch = OpenWriter()->epoch})));
    WaitForCheckpoint();
  }
};

class BackupFolderTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ours.options.backup.keep = 1;
    ASSERT_NO_FATAL_FAILURE(ours.Start(folder));
    // Same origin, other keys.
    ASSERT_NO_FATAL_FAILURE(theirs.Start(folder));
  }

  absl::Status Verify(uint32_t id, const Ledgers& whose) {
    return VerifyBackup(folder, id, whose.options.signing).status();
  }

  Ledgers ours;
  Ledgers theirs;
  std::string folder = ours.dir / "backup";
};

TEST_F(BackupFolderTest, OfAnotherLedgerTakesNoBackup) {
  ASSERT_OK(theirs.ledger->backups().Create());
  EXPECT_THAT(ours.ledger->backups().Create(), StatusIs(kRefused));
  EXPECT_OK(Verify(1, theirs));
}

TEST_F(BackupFolderTest, OfAnotherLedgerIsNotCleanedByAnErasure) {
  ASSERT_OK(theirs.ledger->backups().Create());
  ASSERT_OK(theirs.ledger->backups().Create());
  // To be asked again, when the operator has named another folder.
  EXPECT_THAT(ours.ledger->backups().Remake(),
              StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_OK(Verify(1, theirs));
  EXPECT_OK(Verify(2, theirs));
}

TEST_F(BackupFolderTest, WhoseManifestIsAnotherLedgersIsFoundWithoutItsList) {
  ASSERT_OK(theirs.ledger->backups().Create());
  fs::remove(folder + "/manifest/1.files");
  EXPECT_THAT(ours.ledger->backups().Create(), StatusIs(kRefused));
}

TEST_F(BackupFolderTest, OfAnotherLedgerIsRefusedAtTheStart) {
  ASSERT_OK(theirs.ledger->backups().Create());
  EXPECT_THAT(CheckBackupFolder(folder, ours.options.signing),
              StatusIs(kInvalid));
  EXPECT_OK(CheckBackupFolder(folder, theirs.options.signing));
}

// An erasure must not wait for ever for a manifest that the disk has damaged.
TEST_F(BackupFolderTest, WithADamagedManifestOfOursIsOurs) {
  ASSERT_OK(ours.ledger->backups().Create());
  std::string note = test::ReadFile(folder + "/manifest/1");
  note[note.find("origin ") + 7] ^= 1;
  test::WriteFile(folder + "/manifest/1", note);
  EXPECT_OK(CheckBackupFolder(folder, ours.options.signing));
  EXPECT_OK(ours.ledger->backups().Remake());
  EXPECT_OK(Verify(2, ours));
}

TEST_F(BackupFolderTest, WithOtherFilesAndNoBackupIsRefused) {
  fs::create_directory(ours.dir / "keys");
  test::WriteFile(ours.dir / "keys/sm2.pem", "");
  EXPECT_THAT(CheckBackupFolder(ours.dir / "keys", ours.options.signing),
              StatusIs(kInvalid));
  EXPECT_THAT(CheckBackupFolder("/", ours.options.signing), StatusIs(kInvalid));
}

TEST_F(BackupFolderTest, WithinAnotherIsRefused) {
  ASSERT_OK(ours.ledger->backups().Create());
  EXPECT_THAT(CheckBackupFolder(folder + "/private/new", ours.options.signing),
              StatusIs(kInvalid));
}

TEST_F(BackupFolderTest, ThatIsNewOrEmptyIsTaken) {
  EXPECT_OK(CheckBackupFolder(folder, ours.options.signing));
  fs::create_directories(folder + "/lost+found");
  EXPECT_OK(CheckBackupFolder(folder, ours.options.signing));
}

}  // namespace
}  // namespace dataip::ledger
