// Files that outlive a crash of the machine.
#include "client/export/durable_file.h"

#include <filesystem>

#include "gtest/gtest.h"
#include "tests/support/process.h"
#include "tests/support/status_matchers.h"

namespace dataip::client {
namespace {

namespace fs = std::filesystem;

// A name without a folder is one of the folder that the program runs in.
TEST(WriteDurably, TakesABareName) {
  const test::TempDir dir;
  const fs::path before = fs::current_path();
  fs::current_path(dir.path());
  const absl::Status written =
      WriteDurably({"feed.state", "feed.state.new"}, "a\n");
  fs::current_path(before);
  EXPECT_TRUE(written.ok()) << written;
  EXPECT_EQ(test::ReadFile(dir / "feed.state"), "a\n");
}

TEST(WriteDurably, NamesThePathThatItCannotWrite) {
  const test::TempDir dir;
  const std::string path = dir / "none/feed.state";
  const absl::Status written = WriteDurably({path, path + ".new"}, "a\n");
  EXPECT_FALSE(written.ok());
  EXPECT_NE(std::string(written.message()).find(path), std::string::npos);
}

}  // namespace
}  // namespace dataip::client
