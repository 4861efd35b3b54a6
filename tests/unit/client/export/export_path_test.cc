#include "client/export/export_path.h"

#include "gtest/gtest.h"

namespace dataip::client {
namespace {

TEST(ExportPath, HasOneSpelling) {
  for (const char* const path :
       {"checkpoint", "tile/0/000", "tile/7/x001/234.p/17",
        "tile/entries/x001/x234/567", "payload/000.p/1"}) {
    const auto parsed = ParseExportPath(path);
    ASSERT_TRUE(parsed.has_value()) << path;
    EXPECT_EQ(Spelled(*parsed), path);
  }
  for (const char* const path :
       {"", "/tile/0/000", "tile/0/0", "tile/8/000", "tile/00/000",
        "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/x000/001", "payload/",
        "payload/000.p/", "tile/entries/000/001", "payload/000/"}) {
    EXPECT_FALSE(ParseExportPath(path).has_value()) << path;
  }
}

}  // namespace
}  // namespace dataip::client
