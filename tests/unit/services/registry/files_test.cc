#include "services/registry/files.h"

#include <chrono>
#include <filesystem>

#include "core/base/hex.h"
#include "core/base/limits.h"
#include "gtest/gtest.h"
#include "services/registry/openings.h"
#include "tests/support/process.h"
#include "tests/support/status_matchers.h"

namespace dataip::registryd {
namespace {

using ::dataip::testing::StatusIs;

FileStore::Announced Announce(const std::string& content) {
  return {hash::Sha256(hash::AsBytes(content)), content.size()};
}

class FilesTest : public ::testing::Test {
 protected:
  void SetUp() override { files_ = *FileStore::Open(dir_ / "files"); }

  absl::Status Put(const FileStore::Announced& announced,
                   const std::vector<std::string>& pieces) {
    const auto upload = files_->Begin(announced);
    if (!upload.ok()) return upload.status();
    for (const std::string& piece : pieces) {
      absl::Status status = (*upload)->Append(hash::AsBytes(piece));
      if (!status.ok()) return status;
    }
    return (*upload)->Finish();
  }

  absl::StatusOr<std::string> Get(const hash::Hash& sha256) {
    std::string content;
    absl::Status status = files_->Read(sha256, [&](Bytes chunk) {
      content.append(chunk.begin(), chunk.end());
      return true;
    });
    if (!status.ok()) return status;
    return content;
  }

  size_t CountInFolder() const {
    size_t count = 0;
    for (const auto& entry :
         std::filesystem::directory_iterator(dir_ / "files")) {
      count += entry.is_regular_file();
    }
    return count;
  }

  const test::TempDir dir_;
  std::unique_ptr<FileStore> files_;
};

TEST_F(FilesTest, RefuseFewerAndMoreBytesThanAnnounced) {
  const auto announced = Announce("abcdef");
  EXPECT_THAT(Put(announced, {"abc"}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Put(announced, {"abcdef", "g"}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(CountInFolder(), 0u);
}

TEST_F(FilesTest, RefuseAnotherDigest) {
  EXPECT_THAT(Put(Announce("abcdef"), {"abcdeg"}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(CountInFolder(), 0u);
}

TEST_F(FilesTest, RefuseWhatIsTooLarge) {
  EXPECT_THAT(files_->Begin({{}, limits::kFileBytes + 1}).status(),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(FilesTest, DoNotHaveWhatNeverCame) {
  const auto announced = Announce("abcdef");
  EXPECT_FALSE(files_->Has(announced.sha256));
  EXPECT_THAT(Get(announced.sha256).status(),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(FilesTest, SayWhenStoredBytesChanged) {
  const auto announced = Announce("abcdef");
  ASSERT_OK(Put(announced, {"abcdef"}));
  test::WriteFile(dir_ / ("files/" + base::HexEncode(announced.sha256.span())),
                  "abcdeX");
  EXPECT_THAT(Get(announced.sha256).status(),
              StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(FilesTest, KeepWhatCameInPieces) {
  const std::string content(limits::kFileChunkBytes * 2 + 17, 'x');
  const auto announced = Announce(content);
  ASSERT_OK(Put(announced, {content.substr(0, 5), content.substr(5)}));
  EXPECT_EQ(*files_->SizeOf(announced.sha256), content.size());
  EXPECT_EQ(*Get(announced.sha256), content);
  ASSERT_OK(Put(announced, {content}));  // once more
  EXPECT_EQ(CountInFolder(), 1u);
  const auto empty = Announce("");
  ASSERT_OK(Put(empty, {}));
  EXPECT_EQ(*Get(empty.sha256), "");
}

TEST_F(FilesTest, RemoveHalfWrittenOnesAtTheNextStart) {
  test::WriteFile(dir_ / "files/abc.123.new", "half");
  ASSERT_OK_AND_ASSIGN(files_, FileStore::Open(dir_ / "files"));
  EXPECT_EQ(CountInFolder(), 0u);
}

TEST_F(FilesTest, SweepOldOnesThatNobodyKeeps) {
  ASSERT_OK(Put(Announce("kept"), {"kept"}));
  ASSERT_OK(Put(Announce("orphan"), {"orphan"}));
  const auto keep = [](const hash::Hash& sha256) {
    return sha256 == Announce("kept").sha256;
  };
  EXPECT_EQ(*files_->Sweep(3'600, keep), 0u);  // too young
  EXPECT_EQ(*files_->Sweep(-1, keep), 1u);
  EXPECT_TRUE(files_->Has(Announce("kept").sha256));
  EXPECT_FALSE(files_->Has(Announce("orphan").sha256));
}

TEST_F(FilesTest, AreClaimedByTheCommandThatNamesThem) {
  const auto announced = Announce("awaited");
  EXPECT_FALSE(files_->Claim(announced.sha256));
  ASSERT_OK(Put(announced, {"awaited"}));
  const std::string path =
      dir_ / ("files/" + base::HexEncode(announced.sha256.span()));
  const auto day_ago =
      std::filesystem::last_write_time(path) - std::chrono::hours(24);
  std::filesystem::last_write_time(path, day_ago);
  EXPECT_TRUE(files_->Claim(announced.sha256));
  EXPECT_EQ(*files_->Sweep(3'600, [](const auto&) { return false; }), 0u);
}

TEST_F(FilesTest, AreSweptWhenNoOpeningNamesThem) {
  ASSERT_OK_AND_ASSIGN(const auto store, Store::Open(dir_ / "store"));
  ASSERT_OK(Put(Announce("kept"), {"kept"}));
  ASSERT_OK(Put(Announce("orphan"), {"orphan"}));
  StoredOpening opening;
  opening.digest = hash::Sha256(hash::AsBytes("any commitment"));
  opening.salt = std::string(32, 's');
  opening.value = std::string(Announce("kept").sha256.text());
  ASSERT_OK(store->PutOpenings({opening}));
  ASSERT_OK_AND_ASSIGN(const auto named, NamedFiles(*store));
  EXPECT_EQ(named.size(), 1u);
  const auto keep = [&](const hash::Hash& sha256) {
    return named.count(sha256) > 0;
  };
  EXPECT_EQ(*files_->Sweep(3'600, keep), 0u);
  EXPECT_EQ(*files_->Sweep(-1, keep), 1u);
  EXPECT_TRUE(files_->Has(Announce("kept").sha256));
  EXPECT_FALSE(files_->Has(Announce("orphan").sha256));
}

}  // namespace
}  // namespace dataip::registryd
