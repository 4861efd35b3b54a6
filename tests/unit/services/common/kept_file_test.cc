// Kills and losses of power at every call: tests/crash/shim_test.cc.
#include "services/common/kept_file.h"

#include <filesystem>
#include <memory>
#include <string>

#include "gtest/gtest.h"
#include "tests/support/no_descriptors.h"
#include "tests/support/process.h"
#include "tests/support/status_matchers.h"

namespace dataip::services {
namespace {

using ::dataip::test::NoDescriptors;

class KeptFileTest : public ::testing::Test {
 protected:
  std::string Content() const { return test::ReadFile(path); }

  test::TempDir dir;
  std::string path = dir / "kept";
};

TEST_F(KeptFileTest, WritesNothingWithoutAnyDescriptorAndLaterAgain) {
  test::WriteFile(path, "before");
  std::unique_ptr<KeptFile> file;
  {
    const NoDescriptors none;
    file = std::make_unique<KeptFile>(path);
    EXPECT_TRUE(absl::IsUnavailable(file->Write("after")));
  }
  EXPECT_EQ(Content(), "before");
  ASSERT_OK(file->Write("after"));
  EXPECT_EQ(Content(), "after");
}

TEST_F(KeptFileTest, WritesAgainAndAgainWhenAllOtherDescriptorsAreTaken) {
  KeptFile file(path);
  {
    const NoDescriptors none;
    for (const std::string content : {"first", "second", "third"}) {
      EXPECT_OK(file.Write(content));
    }
  }
  EXPECT_EQ(Content(), "third");
}

TEST_F(KeptFileTest, FailsWhereThereIsNoFolder) {
  KeptFile file(dir / "none/kept");
  EXPECT_EQ(file.Write("content").code(), absl::StatusCode::kInternal);
}

TEST_F(KeptFileTest, FailsWhereItsNameIsAFolder) {
  std::filesystem::create_directory(path);
  KeptFile file(path);
  EXPECT_EQ(file.Write("content").code(), absl::StatusCode::kInternal);
}

TEST_F(KeptFileTest, FindsNothingWhereNothingWasWritten) {
  const KeptFile file(path);
  ASSERT_OK_AND_ASSIGN(const auto content, file.Read(100));
  EXPECT_FALSE(content.has_value());
}

TEST_F(KeptFileTest, ReadsNoMoreThanItIsAskedFor) {
  KeptFile file(path);
  ASSERT_OK(file.Write("12345"));
  ASSERT_OK_AND_ASSIGN(const auto content, file.Read(5));
  EXPECT_EQ(content, "12345");
  EXPECT_EQ(file.Read(4).status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(KeptFileTest, WritesOverWhatAKilledProgramHasLeft) {
  test::WriteFile(path, "old");
  test::WriteFile(path + ".new", "half of something that is longer");
  KeptFile file(path);
  ASSERT_OK_AND_ASSIGN(const auto before, file.Read(100));
  EXPECT_EQ(before, "old");
  ASSERT_OK(file.Write("new"));
  EXPECT_EQ(Content(), "new");
  EXPECT_FALSE(std::filesystem::exists(path + ".new"));
}

TEST_F(KeptFileTest, KeepsBytesOfAnyKindAndNone) {
  KeptFile file(path);
  const std::string bytes("a\0\n\xff", 4);
  ASSERT_OK(file.Write(bytes));
  EXPECT_EQ(Content(), bytes);
  ASSERT_OK(file.Write(""));
  ASSERT_OK_AND_ASSIGN(const auto content, file.Read(0));
  EXPECT_EQ(content, "");
}

}  // namespace
}  // namespace dataip::services
