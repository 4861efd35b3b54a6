#include "client/export/mirror_pieces.h"

#include <string>
#include <vector>

#include "client/audit/mirror_files.h"
#include "gtest/gtest.h"

namespace dataip::client {
namespace {

TEST(MayReplacePayloads, AllowsErasureAndWhatWasWithheldOnly) {
  const std::string one("\0\0\0\1a", 5);
  const std::string erased("\xff\xff\xff\xff");
  const std::string withheld("\xff\xff\xff\xfe");
  EXPECT_FALSE(MayReplacePayloads(one, std::string("\0\0\0\1b", 5)));
  EXPECT_FALSE(MayReplacePayloads(erased, one));
  EXPECT_FALSE(MayReplacePayloads(one, withheld));
  EXPECT_FALSE(MayReplacePayloads(one, one + one));
  EXPECT_TRUE(MayReplacePayloads(one, erased));
  EXPECT_TRUE(MayReplacePayloads(withheld, one));
}

TEST(SortExtras, KnowsWhatAMirrorMayHold) {
  const auto sorted = SortExtras(
      {".mirror/about", "evidence/1-00.note", "tile/0/001.p/3",
       "tile/0/001.p/44", "tile/0/001.p/200", "tile/0/1", "tile/0/000.p/0",
       "tile/0/000.p/7", "payload/002", "tile/entries/x000/001", "README"},
      256 + 45);
  ASSERT_EQ(sorted.older.size(), 3u);
  EXPECT_EQ(sorted.older[0].newer, "tile/0/001.p/45");
  EXPECT_EQ(sorted.older[2].newer, "tile/0/000");
  EXPECT_EQ(sorted.evidence.size(), 1u);
  EXPECT_EQ(sorted.unexpected,
            (std::vector<std::string>{"tile/0/1", "tile/0/000.p/0",
                                      "tile/entries/x000/001", "README"}));
}

}  // namespace
}  // namespace dataip::client
