#include "client/export/mirror_folder.h"

#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "tests/support/process.h"

namespace dataip::client {
namespace {

TEST(MirrorFolder, TellsADamagedOneFromALaterFormat) {
  const test::TempDir dir;
  const std::string folder = dir / "mirror";
  ASSERT_TRUE(MirrorFolder::Open(folder).ok());
  ASSERT_TRUE(MirrorFolder::Open(folder).ok());
  const std::string about = folder + "/.mirror/about";
  for (const std::string junk :
       {"", "junk\n", "dataip mirror x\n", "dataip mirror 1\nmore"}) {
    test::WriteFile(about, junk);
    const absl::Status status = MirrorFolder::Open(folder).status();
    EXPECT_TRUE(absl::IsDataLoss(status)) << status;
    EXPECT_TRUE(absl::StrContains(status.message(), "about")) << status;
  }
  test::WriteFile(about, "dataip mirror 2\nLater.\n");
  EXPECT_TRUE(absl::IsUnimplemented(MirrorFolder::Open(folder).status()));
}

}  // namespace
}  // namespace dataip::client
