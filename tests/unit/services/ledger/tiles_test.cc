#include "services/ledger/tiles.h"

#include <map>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "client/export/export_layout.h"
#include "core/proof/header.h"
#include "gtest/gtest.h"
#include "tests/unit/services/ledger/ledger_fixture.h"

namespace dataip::ledger {
namespace {

using services::HttpRequest;
using services::HttpResponse;

constexpr size_t kEntries = 600;

std::string HeaderOf(const HttpResponse& response, const std::string& name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return "";
}

std::string BodyOf(HttpResponse response) {
  if (response.next_piece == nullptr) return response.body;
  std::string body;
  while (body.size() < response.streamed_bytes) {
    const auto piece = response.next_piece();
    EXPECT_TRUE(piece.ok() && !piece->empty()) << piece.status();
    if (!piece.ok() || piece->empty()) break;
    body += *piece;
  }
  EXPECT_EQ(body.size(), response.streamed_bytes);
  return body;
}

class TilesTest : public testing::Test, public LedgerFixture {
 protected:
  void SetUp() override {
    ASSERT_TRUE(Open().ok());
    const auto opened = OpenWriter();
    ASSERT_TRUE(opened.ok()) << opened.status();
    epoch_ = opened->epoch;
    Fill(kEntries);
  }

  void Fill(size_t entries) {
    ASSERT_TRUE(Append(Make({.epoch = epoch_,
                             .sequence = sequence_++,
                             .entries = entries}))
                    .ok());
    size_ = WaitForCheckpoint()->size;
  }

  HttpResponse Get(const std::string& path, bool local = true,
                   Tiles::Payloads payloads = Tiles::Payloads::kThisMachine) {
    // Pieces of a body are asked of it later.
    tiles_ = std::make_unique<Tiles>(*ledger, payloads);
    return tiles_->Answer({"GET", path, "", local});
  }

  std::unique_ptr<Tiles> tiles_;
  uint64_t epoch_ = 0;
  uint64_t sequence_ = 0;
  uint64_t size_ = 0;
};

TEST_F(TilesTest, WhatLiesBeyondTheCheckpointIsNotFound) {
  const uint64_t last = size_ / 256;
  const uint64_t width = size_ % 256;
  for (const std::string& path : {
           absl::StrCat("/tile/0/00", last),
           absl::StrCat("/tile/0/00", last, ".p/", width + 1),
           absl::StrCat("/tile/entries/00", last, ".p/", width + 1),
           absl::StrCat("/payload/00", last),
           absl::StrCat("/tile/0/00", last + 1, ".p/1"),
           std::string("/tile/1/000"),
           std::string("/tile/1/000.p/3"),
           std::string("/tile/2/000.p/1"),
           std::string("/tile/0/x999/999"),
       }) {
    const HttpResponse response = Get(path);
    EXPECT_EQ(response.status, 404) << path;
    EXPECT_EQ(HeaderOf(response, "Cache-Control"), "no-cache") << path;
  }
}

TEST_F(TilesTest, OnlyGetIsAnswered) {
  const HttpResponse response = Tiles(*ledger, Tiles::Payloads::kNobody)
                                    .Answer({"POST", "/checkpoint", "x", true});
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(HeaderOf(response, "Allow"), "GET, HEAD");
}

TEST_F(TilesTest, TilesFoldToTheRootOfTheCheckpoint) {
  // What readers who know nothing of ours would build from the entries.
  std::map<std::string, std::string> expected;
  client::TileBuilder builder;
  const auto keep = [&](const std::string& path, const std::string& bytes) {
    expected[path] = bytes;
  };
  for (const client::Piece& piece : client::PiecesOf(size_)) {
    std::string bundle = Get("/" + client::EntriesPath(piece)).body;
    for (uint32_t i = 0; i < piece.width; ++i) {
      ASSERT_GE(bundle.size(), 2u);
      const size_t length = static_cast<uint8_t>(bundle[0]) * 256 +
                            static_cast<uint8_t>(bundle[1]);
      const std::string header = bundle.substr(2, length);
      ASSERT_TRUE(proof::DecodeHeader(hash::AsBytes(header)).ok());
      builder.Append(hash::LeafHash(hash::AsBytes(header)), keep);
      bundle.erase(0, 2 + length);
    }
    EXPECT_EQ(bundle, "");
  }
  builder.Finish(keep);
  const auto published =
      ReadNote(Get("/checkpoint").body, options.signing.origin,
               options.signing.verifiers);
  ASSERT_TRUE(published.ok()) << published.status();
  EXPECT_EQ(builder.frontier().Root(), published->root);
  ASSERT_GT(expected.size(), 3u);
  for (const auto& [path, bytes] : expected) {
    const HttpResponse response = Get("/" + path);
    EXPECT_EQ(response.status, 200) << path;
    EXPECT_EQ(response.content_type, "application/octet-stream");
    EXPECT_EQ(HeaderOf(response, "Cache-Control"),
              "public, max-age=31536000, immutable");
    EXPECT_EQ(HeaderOf(response, "Access-Control-Allow-Origin"), "*");
    EXPECT_TRUE(response.body == bytes) << path;
  }
}

TEST_F(TilesTest, APartialTileIsTheBeginningOfTheFullOne) {
  const std::string tile = Get("/tile/0/000").body;
  ASSERT_EQ(tile.size(), kTileBytes);
  const std::string entries = Get("/tile/entries/000").body;
  for (const size_t width : {1, 2, 100, 255}) {
    EXPECT_EQ(Get(absl::StrCat("/tile/0/000.p/", width)).body,
              tile.substr(0, width * hash::kHashBytes));
    const std::string some =
        Get(absl::StrCat("/tile/entries/000.p/", width)).body;
    EXPECT_EQ(entries.substr(0, some.size()), some);
    EXPECT_FALSE(some.empty());
  }
}

TEST_F(TilesTest, PayloadsAreForThisMachineAndNeverCached) {
  const HttpResponse local = Get("/payload/000");
  EXPECT_EQ(HeaderOf(local, "Cache-Control"), "no-store");
  EXPECT_EQ(HeaderOf(local, "Access-Control-Allow-Origin"), "");
  const std::string body = BodyOf(local);
  const std::string first = *ledger->store().ReadPayload(0);
  EXPECT_EQ(body.substr(4, first.size()), first);
  EXPECT_EQ(body.substr(0, 4),
            std::string({'\0', '\0', '\0', static_cast<char>(first.size())}));

  std::string nobodys;
  for (int i = 0; i < 256; ++i) nobodys += "\xff\xff\xff\xfe";
  EXPECT_EQ(BodyOf(Get("/payload/000", false)), nobodys);
  EXPECT_EQ(BodyOf(Get("/payload/000", true, Tiles::Payloads::kNobody)),
            nobodys);
}

TEST_F(TilesTest, APayloadErasedByOrderSaysSoToEverybody) {
  const std::string before = BodyOf(Get("/payload/000.p/2"));
  const auto first = *ledger->store().ReadPayload(0);
  const auto second = *ledger->store().ReadPayload(1);
  Close();
  {
    auto store = Store::Open(options.database_path, options.cache_bytes);
    ASSERT_TRUE(store.ok()) << store.status();
    ASSERT_TRUE((*store)->Erase({size_ - 2, {0}}).ok());
  }
  ASSERT_TRUE(Open().ok());
  EXPECT_EQ(BodyOf(Get("/payload/000.p/2")),
            "\xff\xff\xff\xff" + before.substr(4 + first.size()));
  EXPECT_EQ(BodyOf(Get("/payload/000.p/2", false)),
            "\xff\xff\xff\xff\xff\xff\xff\xfe");
}

TEST_F(TilesTest, AFullTileIsNeverRewrittenWithOtherBytes) {
  const std::string stored = *ledger->store().ReadTile({0, 0});
  Close();
  auto store = *Store::Open(options.database_path, options.cache_bytes);
  std::string other = stored;
  other[0] = static_cast<char>(other[0] ^ 1);
  Store::Batch same = store->NewBatch();
  same.AddTile({0, 0}, stored);
  EXPECT_TRUE(store->Commit(same).ok());
  Store::Batch changed = store->NewBatch();
  changed.AddTile({0, 7}, stored);
  changed.AddTile({0, 0}, other);
  EXPECT_EQ(store->Commit(changed).code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(*store->ReadTile({0, 0}), stored);
  EXPECT_TRUE(absl::IsDataLoss(store->ReadTile({0, 7}).status()));
}

}  // namespace
}  // namespace dataip::ledger
