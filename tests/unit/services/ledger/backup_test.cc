#include "services/ledger/backup.h"

#include <filesystem>

#include "core/base/limits.h"
#include "gtest/gtest.h"
#include "services/ledger/backup_files.h"
#include "services/ledger/backup_restore.h"
#include "services/ledger/whole_check.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/services/ledger/ledger_fixture.h"

namespace dataip::ledger {
namespace {

namespace fs = std::filesystem;
using ::dataip::testing::StatusIs;

constexpr size_t kCacheBytes = size_t{1} << 20;
constexpr int kKeys = 200;  // more than a bucket of the map

class BackupTest : public ::testing::Test, public LedgerFixture {
 protected:
  void SetUp() override {
    options.backup.folder = folder;
    ASSERT_OK(Open());
    epoch_ = OpenWriter()->epoch;
    for (int i = 0; i < kKeys; ++i) Put("key/" + std::to_string(i));
    WaitForCheckpoint();
  }

  void Put(const std::string& key) {
    EXPECT_OK(Append(Make({.epoch = epoch_,
                           .sequence = sequence_++,
                           .text = "payload of " + key,
                           .key = key})));
  }

  // Restores the only backup, or the one with this number.
  absl::Status Restore(uint32_t id = 1) {
    return RestoreBackup({folder, id, restored}, options.signing).status();
  }

  // CheckWhole of the ledger's database after this write to it.
  template <typename Write>
  absl::Status CheckAfter(const Write& write) {
    const auto checkpoint = *ReadNote(ledger->states().Newest()->note, Origin(),
                                      options.signing.verifiers);
    Close();
    const auto store = *Store::Open(options.database_path, kCacheBytes);
    Store::Batch batch = store->NewBatch();
    write(batch);
    EXPECT_OK(store->Commit(batch));
    const absl::Status whole =
        CheckWhole(*store, Origin(), checkpoint, dir / "scratch");
    EXPECT_FALSE(fs::exists(dir / "scratch"));
    return whole;
  }

  const std::string& Origin() const { return options.signing.origin; }

  std::string folder = dir / "backup";
  std::string restored = dir / "restored";
  uint64_t epoch_ = 0;
  uint64_t sequence_ = 0;
};

TEST_F(BackupTest, IsFoundWholeAgain) {
  EXPECT_OK(CheckAfter([](Store::Batch&) {}));
}

TEST_F(BackupTest, WholeCheckFindsAnotherValueInTheStoredMap) {
  EXPECT_THAT(CheckAfter([](Store::Batch& batch) {
                batch.SetMapValue(proof::MapKeyHash("key/7"), Hash());
              }),
              StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(BackupTest, WholeCheckFindsAKeyThatNoEntrySet) {
  EXPECT_THAT(CheckAfter([](Store::Batch& batch) {
                batch.SetMapValue(proof::MapKeyHash("nobodys"), Hash());
              }),
              StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(BackupTest, WholeCheckFindsAStripOfAPageThatIsNone) {
  EXPECT_THAT(CheckAfter([](Store::Batch& batch) {
                batch.SetMapStrip(MapStripKey("", 0), "broken");
              }),
              StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(BackupTest, WholeCheckFindsAMapSaidToBeOfAnEntryThatIsNoSeal) {
  EXPECT_THAT(CheckAfter([](Store::Batch& batch) { batch.SetMappedSize(1); }),
              StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(BackupTest, IsRestoredUnderTheNameThatALedgerOpens) {
  ASSERT_OK(ledger->backups().Create());
  ASSERT_OK(Restore());
  EXPECT_TRUE(fs::exists(restored + kRestoredFolder));
  EXPECT_FALSE(fs::exists(restored + kRestoringFolder));
}

TEST_F(BackupTest, WhatIsNotWholeNeverHasTheNameThatALedgerOpens) {
  Close();
  {
    const auto store = *Store::Open(options.database_path, kCacheBytes);
    Store::Batch batch = store->NewBatch();
    batch.AddEntry(1, "no header", "no payload");
    ASSERT_OK(store->Commit(batch));
    Backups backups(options.backup, *store, options.signing, [&] {
      return (*PublishedFile(options.published_path)
                   .Read(Origin(), options.signing.verifiers))
          ->note;
    });
    ASSERT_OK(backups.Create());
  }
  EXPECT_THAT(Restore(), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_FALSE(fs::exists(restored + kRestoredFolder));
  EXPECT_TRUE(fs::exists(restored + kRestoringFolder));
}

// A file that backups share is never signed again with other bytes.
TEST_F(BackupTest, SignsSharedFilesForTheBytesThatWereSavedFirst) {
  ASSERT_OK(ledger->backups().Create());
  for (const auto& shared :
       fs::directory_iterator(folder + "/shared_checksum")) {
    std::string bytes = test::ReadFile(shared.path());
    bytes[0] ^= 1;
    test::WriteFile(shared.path(), bytes);
  }
  Put("another/key");
  WaitForCheckpoint();
  ASSERT_OK(ledger->backups().Create());
  Close();
  EXPECT_THAT(VerifyBackup(folder, 2, options.signing),
              StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(BackupTest, SignsNewFilesBesideThoseThatAreShared) {
  for (int i = 0; i < 3; ++i) {
    ASSERT_OK(ledger->backups().Create());
    Put("another/key");
    WaitForCheckpoint();
  }
  Close();
  for (const uint32_t id : {1, 2, 3}) {
    EXPECT_OK(VerifyBackup(folder, id, options.signing));
  }
}

// What an erasure leaves to the operator: nobody remembers a former folder.
TEST_F(BackupTest, IsNotRemadeInAFormerFolder) {
  ASSERT_OK(ledger->backups().Create());
  for (const std::string& now : {std::string(), dir / "another"}) {
    Close();
    options.backup.folder = now;
    ASSERT_OK(Open());
    const auto remade = ledger->backups().Remake();
    ASSERT_OK(remade);
    EXPECT_EQ(*remade, now);
    EXPECT_OK(VerifyBackup(folder, 1, options.signing));
  }
}

TEST_F(BackupTest, IsRemadeInItsFolderWhichIsNamed) {
  ASSERT_OK(ledger->backups().Create());
  ASSERT_OK(ledger->backups().Create());
  const auto remade = ledger->backups().Remake();
  ASSERT_OK(remade);
  EXPECT_EQ(*remade, folder);
  EXPECT_EQ(*BackupFiles(folder).Manifests(), std::vector<uint32_t>{3});
}

TEST_F(BackupTest, ReadsNoManifestThatIsTooLarge) {
  ASSERT_OK(ledger->backups().Create());
  fs::resize_file(folder + "/manifest/1", limits::kManifestNoteBytes + 1);
  EXPECT_THAT(BackupFiles(folder).ReadManifest(1),
              StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(BackupTest, ReadsNoListThatIsTooLarge) {
  ASSERT_OK(ledger->backups().Create());
  // Sparse: it takes no room.
  fs::resize_file(folder + "/manifest/1.files", limits::kManifestListBytes + 1);
  EXPECT_THAT(BackupFiles(folder).ReadManifest(1),
              StatusIs(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace dataip::ledger
