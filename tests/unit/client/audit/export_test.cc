#include <filesystem>

#include "client/export/export_layout.h"
#include "client/export/ledger_export.h"
#include "gtest/gtest.h"
#include "tests/support/process.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/core/verify/sample.h"

namespace dataip::client {
namespace {

using test::Sample;
using testing::IsOk;
using testing::StatusIs;

TEST(ExportLayout, NamesTilesAsTlogTilesDoes) {
  EXPECT_EQ(TilePath(0, {0, 256}), "tile/0/000");
  EXPECT_EQ(TilePath(1, {7, 3}), "tile/1/007.p/3");
  EXPECT_EQ(TilePath(0, {1'234'067, 256}), "tile/0/x001/x234/067");
  EXPECT_EQ(EntriesPath({1000, 256}), "tile/entries/x001/000");
  EXPECT_EQ(PayloadPath({0, 1}), "payload/000.p/1");
}

TEST(ExportLayout, ListsThePathsOfASize) {
  EXPECT_EQ(ExportPaths(1),
            (std::vector<std::string>{"checkpoint", "manifest.json",
                                      "payload/000.p/1", "tile/0/000.p/1",
                                      "tile/entries/000.p/1"}));
  EXPECT_EQ(ExportPaths(256),
            (std::vector<std::string>{"checkpoint", "manifest.json",
                                      "payload/000", "tile/0/000",
                                      "tile/1/000.p/1", "tile/entries/000"}));
}

// 600 leaves: two full tiles, a partial one, and their parents.
TEST(TileBuilder, MakesTheTilesOfTheTree) {
  TileBuilder builder;
  proof::StoredTree tree;
  std::map<std::string, std::string> tiles;
  const auto sink = [&](const std::string& path, const std::string& bytes) {
    tiles[path] = bytes;
  };
  for (int i = 0; i < 600; ++i) {
    const hash::Hash leaf = hash::Sha256(hash::AsBytes(std::to_string(i)));
    builder.Append(leaf, sink);
    tree.Append(leaf);
  }
  builder.Finish(sink);
  ASSERT_EQ(tiles.size(), 4u);
  EXPECT_EQ(tiles.at("tile/0/002.p/88").size(), 88u * 32);
  EXPECT_EQ(tiles.at("tile/1/000.p/2"),
            std::string(tree.Node({8, 0})->text()) +
                std::string(tree.Node({8, 1})->text()));
}

TEST(LedgerExport, RefusesAFolderThatIsNotEmpty) {
  test::TempDir dir;
  test::WriteFile(dir / "x", "");
  EXPECT_THAT(LedgerExport::Create(dir.path()),
              StatusIs(absl::StatusCode::kAlreadyExists));
}

TEST(LedgerExport, RefusesEntriesOutOfOrderAndForeignPayloads) {
  test::TempDir dir;
  auto writer = LedgerExport::Create(dir / "e");
  ASSERT_THAT(writer, IsOk());
  const auto& book = Sample().book;
  EXPECT_FALSE((*writer)->Add({book.headers[1], book.payloads[1]}).ok());
  EXPECT_THAT((*writer)->Add({book.headers[0], "other"}),
              StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT((*writer)->Add({book.headers[0], book.payloads[0]}), IsOk());
  EXPECT_THAT((*writer)->Finish(book.checkpoint),
              StatusIs(absl::StatusCode::kDataLoss));
}

TEST(LedgerExport, LeavesNothingWhenItIsNotFinished) {
  test::TempDir dir;
  {
    auto writer = LedgerExport::Create(dir / "e");
    ASSERT_THAT(writer, IsOk());
    const auto& book = Sample().book;
    ASSERT_THAT((*writer)->Add({book.headers[0], book.payloads[0]}), IsOk());
  }
  EXPECT_TRUE(std::filesystem::is_empty(dir.path()));
}

TEST(LedgerExport, WritesTheSameBytesTwice) {
  test::TempDir dir;
  ASSERT_THAT(test::WriteExport(Sample().book, dir / "a"), IsOk());
  std::filesystem::create_directory(dir / "b");
  ASSERT_THAT(test::WriteExport(Sample().book, dir / "b"), IsOk());
  EXPECT_EQ(*test::LoadExport(dir / "a"), *test::LoadExport(dir / "b"));
}

}  // namespace
}  // namespace dataip::client
