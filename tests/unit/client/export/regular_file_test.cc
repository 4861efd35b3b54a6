// Files that somebody else made: what is no file, and what is too large.
#include "client/export/regular_file.h"

#include <sys/stat.h>

#include <filesystem>

#include "gtest/gtest.h"
#include "tests/support/process.h"
#include "tests/support/status_matchers.h"

namespace dataip::client {
namespace {

namespace fs = std::filesystem;

using ::dataip::testing::StatusIs;
using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr uint64_t kMostBytes = 1'000;
constexpr uint64_t kHugeBytes = uint64_t{64} << 30;  // more than there is room

class RegularFile : public ::testing::Test {
 protected:
  std::string With(const std::string& content) const {
    test::WriteFile(path_, content);
    return path_;
  }

  test::TempDir dir_;
  const std::string path_ = dir_ / "file";
};

TEST_F(RegularFile, IsNoFolderPipeOrDevice) {
  const std::string pipe = dir_ / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  const std::string zero = dir_ / "zero";
  fs::create_symlink("/dev/zero", zero);
  for (const std::string& path :
       {dir_.path(), pipe, zero, std::string("/dev/null")}) {
    const auto is_refused =
        StatusIs(absl::StatusCode::kFailedPrecondition,
                 AllOf(HasSubstr(path), HasSubstr("不是普通文件"),
                       HasSubstr("not a regular file")));
    EXPECT_THAT(ReadNamedFile(path, kMostBytes), is_refused);
    EXPECT_THAT(ReadStartOfFile(path, kMostBytes), is_refused);
    EXPECT_THAT(OpenNamedFile(path), is_refused);
    EXPECT_THAT(ReadRegularFile(path, kMostBytes), is_refused);
  }
}

TEST_F(RegularFile, IsNotReadWhenItSaysThatItIsTooLarge) {
  With("");
  fs::resize_file(path_, kHugeBytes);
  EXPECT_THAT(ReadNamedFile(path_, kMostBytes),
              StatusIs(absl::StatusCode::kOutOfRange,
                       AllOf(HasSubstr(path_), HasSubstr("上限 1000 字节"),
                             HasSubstr("1000 bytes"))));
  EXPECT_THAT(ReadRegularFile(path_, kMostBytes),
              StatusIs(absl::StatusCode::kOutOfRange));
  const auto start = ReadStartOfFile(path_, kMostBytes);
  ASSERT_TRUE(start.ok()) << start.status();
  EXPECT_EQ(start->size(), kMostBytes);
}

TEST_F(RegularFile, IsNotReadBeyondTheLimitWhateverItSays) {
  // Its size is 0 for whoever asks.
  const std::string lies = "/proc/self/maps";
  EXPECT_THAT(ReadNamedFile(lies, 100),
              StatusIs(absl::StatusCode::kOutOfRange));
  const auto whole = ReadNamedFile(lies, uint64_t{1} << 24);
  ASSERT_TRUE(whole.ok()) << whole.status();
  EXPECT_THAT(*whole, HasSubstr("[stack]"));
}

TEST_F(RegularFile, MayHaveJustTheLimit) {
  EXPECT_THAT(ReadNamedFile(With(std::string(kMostBytes + 1, 'x')), kMostBytes),
              StatusIs(absl::StatusCode::kOutOfRange));
  for (const std::string& content :
       {std::string(), std::string("a"), std::string(kMostBytes, 'x')}) {
    With(content);
    for (const auto& read :
         {ReadNamedFile(path_, kMostBytes), ReadRegularFile(path_, kMostBytes),
          ReadStartOfFile(path_, kMostBytes)}) {
      ASSERT_TRUE(read.ok()) << read.status();
      EXPECT_EQ(*read, content);
    }
  }
}

TEST_F(RegularFile, MayBeALinkWhenAPersonNamedIt) {
  const std::string link = dir_ / "link";
  fs::create_symlink(With("content"), link);
  const auto read = ReadNamedFile(link, kMostBytes);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, "content");
  EXPECT_THAT(ReadRegularFile(link, kMostBytes),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(ReadNamedFile(dir_ / "none", kMostBytes),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("没有这个文件")));
}

}  // namespace
}  // namespace dataip::client
