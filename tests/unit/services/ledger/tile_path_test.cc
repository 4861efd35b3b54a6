#include "services/ledger/tile_path.h"

#include <string>

#include "gtest/gtest.h"

namespace dataip::ledger {
namespace {

using Kind = TilePath::Kind;

TEST(ParseTilePath, RefusesOtherSpellings) {
  for (const char* path : {"",
                           "/",
                           "checkpoint",
                           "//checkpoint",
                           "/checkpoint/",
                           "/Checkpoint",
                           "/tile",
                           "/tile/",
                           "/tile/0",
                           "/tile/0/",
                           "/tile//000",
                           "/tile/00/000",
                           "/tile/8/000",
                           "/tile/-1/000",
                           "/tile/0/0",
                           "/tile/0/00",
                           "/tile/0/0000",
                           "/tile/0/1000",
                           "/tile/0/x000/000",
                           "/tile/0/x00/001",
                           "/tile/0/x1/234",
                           "/tile/0/001/234",
                           "/tile/0/x001/x234",
                           "/tile/0/x001/2345",
                           "/tile/0/x001234",
                           "/tile/0/x001//234",
                           "/tile/0/000/",
                           "/tile/0/000.p",
                           "/tile/0/000.p/",
                           "/tile/0/000.p/0",
                           "/tile/0/000.p/256",
                           "/tile/0/000.p/01",
                           "/tile/0/000.p/1/",
                           "/tile/0/000.p/1.p/1",
                           "/tile/0/000.P/1",
                           "/tile/0/000.p/+1",
                           "/tile/0/x999/x999/x999/x999/x999/x999/x999/x999",
                           "/tile/0/x999/x999/x999/x999/x999/x999/999",
                           "/tile/data/000",
                           "/tile/entries",
                           "/tile/entries/0",
                           "/entries/000",
                           "/payload",
                           "/payload/0",
                           "/payload/000.p/256",
                           "/payload/..",
                           "/tile/0/../000"}) {
    EXPECT_FALSE(ParseTilePath(path).has_value()) << path;
  }
  EXPECT_FALSE(ParseTilePath(std::string_view("/checkpoint\0", 12)));
}

TEST(ParseTilePath, ReadsWhatTheSpecificationWrites) {
  const struct {
    const char* path;
    Kind kind;
    uint32_t level;
    uint64_t number;
    uint32_t width;
  } cases[] = {
      {"/checkpoint", Kind::kCheckpoint, 0, 0, 256},
      {"/tile/0/000", Kind::kTile, 0, 0, 256},
      {"/tile/3/x001/x234/067", Kind::kTile, 3, 1'234'067, 256},
      {"/tile/0/x001/234.p/255", Kind::kTile, 0, 1'234, 255},
      {"/tile/entries/x123/456.p/8", Kind::kEntries, 0, 123'456, 8},
      {"/payload/999", Kind::kPayloads, 0, 999, 256},
  };
  for (const auto& expected : cases) {
    const auto path = ParseTilePath(expected.path);
    ASSERT_TRUE(path.has_value()) << expected.path;
    EXPECT_EQ(path->kind, expected.kind) << expected.path;
    EXPECT_EQ(path->level, expected.level) << expected.path;
    EXPECT_EQ(path->piece.number, expected.number) << expected.path;
    EXPECT_EQ(path->piece.width, expected.width) << expected.path;
  }
}

}  // namespace
}  // namespace dataip::ledger
