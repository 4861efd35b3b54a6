#include "services/registry/uploads.h"

#include <filesystem>

#include "client/status.h"
#include "core/base/hex.h"
#include "core/base/limits.h"
#include "gtest/gtest.h"
#include "services/registry/orphans.h"
#include "tests/support/process.h"
#include "tests/support/status_matchers.h"

namespace dataip::registryd {
namespace {

using Actors = std::set<std::string>;

Hash HashOf(const std::string& content) {
  return hash::Sha256(hash::AsBytes(content));
}

class UploadsTest : public ::testing::Test {
 protected:
  void SetUp() override { Open(); }

  void Open() {
    uploads_.reset();
    store_.reset();
    store_ = *Store::Open(dir_ / "store");
    files_ = *FileStore::Open(dir_ / "files");
    uploads_ = *Uploads::Open(*store_, [this] { return now_ms_; },
                              {.of_one = 10 * limits::kUnfiledBytesAtLeast,
                               .of_all = 15 * limits::kUnfiledBytesAtLeast});
  }

  // As UploadFile does it.
  absl::Status Upload(const std::string& actor, const std::string& content,
                      uint64_t counted) {
    auto room = uploads_->Reserve(actor, counted);
    if (!room.ok()) return room.status();
    return uploads_->Note(actor, HashOf(content), counted);
  }

  void Keep(const std::string& content) {
    const auto upload = files_->Begin({HashOf(content), content.size()});
    ASSERT_OK(upload);
    ASSERT_OK((*upload)->Append(hash::AsBytes(content)));
    ASSERT_OK((*upload)->Finish());
  }

  // Puts the opening of a file; its digest.
  Hash PutOpening(const std::string& content, char salt) {
    StoredOpening opening{HashOf(content + salt), std::string(32, salt),
                          std::string(HashOf(content).text())};
    EXPECT_OK(store_->PutOpenings({opening}));
    return opening.digest;
  }

  absl::Status Begin(Orphans& orphans, const std::vector<Hash>& committed) {
    std::set<std::string> digests;
    for (const Hash& digest : committed) {
      digests.insert(std::string(digest.text()));
    }
    return orphans.Begin({digests, erased_});
  }

  const test::TempDir dir_;
  int64_t now_ms_ = 1'700'000'000'000;
  std::set<std::string, std::less<>> erased_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<FileStore> files_;
  std::unique_ptr<Uploads> uploads_;
};

TEST_F(UploadsTest, CountForTheirActorsForAWhile) {
  ASSERT_OK(Upload("P1", "a", 1));
  for (int start = 0; start < 2; ++start) {
    EXPECT_TRUE(uploads_->Has({"P1", "P2"}, HashOf("a")));
    EXPECT_FALSE(uploads_->Has({"P2", ""}, HashOf("a")));
    EXPECT_FALSE(uploads_->Has({"P1"}, HashOf("b")));
    Open();
  }
  now_ms_ += limits::kUnusedFileKeptS * 1'000;
  EXPECT_TRUE(uploads_->Has({"P1"}, HashOf("a")));
  ++now_ms_;
  EXPECT_FALSE(uploads_->Has({"P1"}, HashOf("a")));
  ASSERT_OK(uploads_->Sweep());
  --now_ms_;
  EXPECT_FALSE(uploads_->Has({"P1"}, HashOf("a")));
}

TEST_F(UploadsTest, HaveABoundUntilTheyAreFiled) {
  const uint64_t five = 5 * limits::kUnfiledBytesAtLeast;
  ASSERT_OK(Upload("P1", "a", five));
  ASSERT_OK(Upload("P1", "a", five));  // again: counts once
  EXPECT_EQ(client::ReasonOf(Upload("P1", "b", five + 1)), rpc::v1::TOO_LARGE);
  ASSERT_OK(Upload("P1", "b", five));
  EXPECT_EQ(client::ReasonOf(Upload("P1", "c", 1)), rpc::v1::TOO_LARGE);
  ASSERT_OK(Upload("P2", "c", five));
  EXPECT_EQ(client::ReasonOf(Upload("P3", "d", 1)), rpc::v1::OVERLOADED);
  uploads_->Filed(HashOf("a"));
  uploads_->Filed(HashOf("a"));
  EXPECT_TRUE(uploads_->Has({"P1"}, HashOf("a")));
  EXPECT_OK(Upload("P3", "d", 1));
  now_ms_ += limits::kUnusedFileKeptS * 1'000 + 1;
  ASSERT_OK(uploads_->Sweep());
  EXPECT_OK(Upload("P1", "e", five));
}

TEST_F(UploadsTest, StayWhenOpeningsAreMissing) {
  Keep("kept");
  Keep("lost");
  const Hash kept = PutOpening("kept", 'k');
  Orphans orphans({*store_, *files_, *uploads_});
  EXPECT_OK(Begin(orphans, {kept, HashOf("of a lost opening")}));
  EXPECT_EQ(orphans.missing(), 1u);
  const Hash stray = PutOpening("stray", 's');
  EXPECT_OK(Begin(orphans, {kept, HashOf("of a lost opening")}));
  EXPECT_TRUE(*store_->HasOpening(stray));
  const auto old =
      std::filesystem::file_time_type::clock::now() - std::chrono::hours(25);
  for (const auto& file : std::filesystem::directory_iterator(dir_ / "files")) {
    std::filesystem::last_write_time(file.path(), old);
  }
  EXPECT_OK(orphans.SweepFiles());
  EXPECT_TRUE(files_->Has(HashOf("lost")));
  // One that was ordered erased is none that is missing.
  erased_.insert(std::string(HashOf("of a lost opening").text()));
  EXPECT_OK(Begin(orphans, {kept, HashOf("of a lost opening")}));
  EXPECT_EQ(orphans.missing(), 0u);
  EXPECT_FALSE(*store_->HasOpening(stray));
  EXPECT_FALSE(files_->Has(HashOf("lost")));
  EXPECT_TRUE(files_->Has(HashOf("kept")));
}

TEST_F(UploadsTest, GoWithTheOpeningsThatWereErased) {
  Keep("gone");
  Keep("named twice");
  ASSERT_OK(Upload("P1", "gone", 4));
  const Hash gone = PutOpening("gone", 'a');
  const Hash one = PutOpening("named twice", 'b');
  const Hash other = PutOpening("named twice", 'c');
  Orphans orphans({*store_, *files_, *uploads_});
  ASSERT_OK(store_->EraseOpenings({gone, one}));
  ASSERT_OK(orphans.Purge());
  EXPECT_FALSE(files_->Has(HashOf("gone")));
  EXPECT_FALSE(uploads_->Has({"P1"}, HashOf("gone")));
  EXPECT_TRUE(files_->Has(HashOf("named twice")));
  EXPECT_TRUE(store_->ErasedDigests().empty());
  ASSERT_OK(store_->EraseOpenings({other}));
  ASSERT_OK(orphans.Purge());
  EXPECT_FALSE(files_->Has(HashOf("named twice")));
}

// It ends between the order and the purge.
TEST_F(UploadsTest, GoWithErasedOpeningsAtTheNextStart) {
  Keep("gone");
  const Hash gone = PutOpening("gone", 'a');
  ASSERT_OK(store_->EraseOpenings({gone}));
  Open();
  Orphans orphans({*store_, *files_, *uploads_});
  EXPECT_OK(Begin(orphans, {}));
  EXPECT_FALSE(files_->Has(HashOf("gone")));
}

}  // namespace
}  // namespace dataip::registryd
