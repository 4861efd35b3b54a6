#include "services/registry/store.h"

#include <rocksdb/db.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "gtest/gtest.h"
#include "services/common/rocks.h"
#include "services/registry/data_directory.h"
#include "tests/support/process.h"
#include "tests/support/status_matchers.h"

namespace dataip::registryd {
namespace {

using ::dataip::testing::StatusIs;

Hash HashOf(const std::string& text) {
  return hash::Sha256(hash::AsBytes(text));
}

StoredOpening OpeningOf(const std::string& value) {
  return {HashOf(value), std::string(32, 's'), value};
}

TEST(DecodeMark, RefusesOtherLengths) {
  const std::string bytes = EncodeMark({7, HashOf("leaf")});
  EXPECT_FALSE(DecodeMark(hash::AsBytes(bytes + "x")).has_value());
  EXPECT_FALSE(
      DecodeMark(hash::AsBytes(bytes.substr(0, bytes.size() - 1))).has_value());
  EXPECT_EQ(DecodeMark(hash::AsBytes(bytes)), (LedgerMark{7, HashOf("leaf")}));
}

TEST(Store, IsForOneAtATime) {
  const test::TempDir dir;
  ASSERT_OK_AND_ASSIGN(const auto store, Store::Open(dir / "store"));
  EXPECT_THAT(Store::Open(dir / "store").status(),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST(Store, HasNoOpeningThatWasNotPut) {
  const test::TempDir dir;
  ASSERT_OK_AND_ASSIGN(const auto store, Store::Open(dir / "store"));
  EXPECT_THAT(store->GetOpening(HashOf("x")).status(),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_FALSE((*store->GetMark()).has_value());
}

TEST(Store, KeepsOpeningsMarkAndTokenKey) {
  const test::TempDir dir;
  std::string token_key;
  {
    ASSERT_OK_AND_ASSIGN(const auto store, Store::Open(dir / "store"));
    ASSERT_OK(store->PutOpenings({OpeningOf("a"), OpeningOf("")}));
    ASSERT_OK(store->SetMark({9, HashOf("leaf")}));
    token_key = store->token_key();
    EXPECT_EQ(token_key.size(), 32u);
  }
  ASSERT_OK_AND_ASSIGN(const auto store, Store::Open(dir / "store"));
  EXPECT_EQ(store->token_key(), token_key);
  EXPECT_EQ(store->GetOpening(HashOf("a"))->value, "a");
  EXPECT_EQ(store->GetOpening(HashOf("a"))->salt, std::string(32, 's'));
  EXPECT_EQ(store->GetOpening(HashOf(""))->value, "");
  EXPECT_EQ(**store->GetMark(), (LedgerMark{9, HashOf("leaf")}));
}

TEST(Store, SweepsWhatIsNotKept) {
  const test::TempDir dir;
  ASSERT_OK_AND_ASSIGN(const auto store, Store::Open(dir / "store"));
  ASSERT_OK(store->PutOpenings({OpeningOf("a"), OpeningOf("b")}));
  const auto swept = store->SweepOpenings(
      [](const Hash& digest) { return digest == HashOf("b"); });
  ASSERT_OK(swept);
  EXPECT_EQ(*swept, 1u);
  EXPECT_FALSE(store->GetOpening(HashOf("a")).ok());
  EXPECT_OK(store->GetOpening(HashOf("b")));
}

// Bytes of every file below the folder.
std::string AllBytesOf(const std::string& folder) {
  std::string all;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    all.append(std::istreambuf_iterator<char>(file), {});
  }
  return all;
}

// As a version without a key left it.
void WritePlain(const std::string& path, const std::string& value) {
  services::RocksOptions options;
  options.path = path;
  options.families = {{"openings", services::FamilyUse::kLookup}};
  ASSERT_OK_AND_ASSIGN(const auto rocks, services::Rocks::Open(options));
  ASSERT_TRUE(rocks->db()
                  .Put(rocksdb::WriteOptions(), rocks->family(0),
                       std::string(HashOf(value).text()),
                       std::string(32, 's') + value)
                  .ok());
}

TEST(Store, MakesItsKeyOnceForItsOwnerOnly) {
  const test::TempDir dir;
  const std::string key = dir / "elsewhere.key";
  { ASSERT_OK(Store::Open(dir / "store", key)); }
  EXPECT_EQ(
      std::filesystem::status(key).permissions(),
      std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  const auto made = std::filesystem::last_write_time(key);
  { ASSERT_OK(Store::Open(dir / "store", key)); }
  EXPECT_EQ(std::filesystem::last_write_time(key), made);
}

TEST(Store, DoesNotStartWithoutItsKey) {
  const test::TempDir dir;
  { ASSERT_OK(Store::Open(dir / "store", dir / "key")); }
  std::filesystem::remove(dir / "key");
  EXPECT_THAT(Store::Open(dir / "store", dir / "key").status(),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_FALSE(std::filesystem::exists(dir / "key"));
}

TEST(Store, DoesNotStartWithAnotherKey) {
  const test::TempDir dir;
  { ASSERT_OK(Store::Open(dir / "store", dir / "key")); }
  for (const std::string& other :
       {std::string(64, 'a') + "\n", std::string("no key"), std::string()}) {
    std::ofstream(dir / "key") << other;
    EXPECT_THAT(Store::Open(dir / "store", dir / "key").status(),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

TEST(Store, LeavesNothingInClearOnTheDisk) {
  const test::TempDir dir;
  const std::string value = "浙江省温州市瓯海区某路 1 号";
  ASSERT_OK_AND_ASSIGN(const auto store, Store::Open(dir / "store"));
  ASSERT_OK(store->PutOpenings({OpeningOf(value)}));
  EXPECT_EQ(AllBytesOf(dir / "store").find(value), std::string::npos);
  EXPECT_EQ(store->GetOpening(HashOf(value))->value, value);
}

TEST(Store, SealsWhatAnOlderVersionLeftInClear) {
  const test::TempDir dir;
  const std::string value = "浙江省温州市瓯海区某路 1 号";
  WritePlain(dir / "store", value);
  EXPECT_NE(AllBytesOf(dir / "store").find(value), std::string::npos);
  {
    ASSERT_OK_AND_ASSIGN(const auto store, Store::Open(dir / "store"));
    EXPECT_EQ(store->GetOpening(HashOf(value))->value, value);
    EXPECT_EQ(store->GetOpening(HashOf(value))->salt, std::string(32, 's'));
  }
  EXPECT_EQ(AllBytesOf(dir / "store").find(value), std::string::npos);
  ASSERT_OK_AND_ASSIGN(const auto store, Store::Open(dir / "store"));
  EXPECT_EQ(store->GetOpening(HashOf(value))->value, value);
}

TEST(Store, ForgetsWhatIsErased) {
  const test::TempDir dir;
  {
    ASSERT_OK_AND_ASSIGN(const auto store, Store::Open(dir / "store"));
    ASSERT_OK(store->PutOpenings({OpeningOf("a"), OpeningOf("b")}));
    ASSERT_OK(store->EraseOpenings({HashOf("a"), HashOf("never sent")}));
    ASSERT_OK(store->EraseOpenings({HashOf("a")}));
    EXPECT_THAT(store->GetOpening(HashOf("a")).status(),
                StatusIs(absl::StatusCode::kNotFound));
    EXPECT_OK(store->GetOpening(HashOf("b")));
    EXPECT_OK(store->PurgeErased());
    EXPECT_OK(store->PurgeErased());
  }
  ASSERT_OK_AND_ASSIGN(const auto store, Store::Open(dir / "store"));
  EXPECT_FALSE(store->GetOpening(HashOf("a")).ok());
  EXPECT_OK(store->GetOpening(HashOf("b")));
}

TEST(Store, PurgesAtTheNextStartWhatWasErased) {
  const test::TempDir dir;
  {
    ASSERT_OK_AND_ASSIGN(const auto store, Store::Open(dir / "store"));
    ASSERT_OK(store->PutOpenings({OpeningOf("a")}));
    ASSERT_OK(store->EraseOpenings({HashOf("a")}));
  }
  const std::string digest(HashOf("a").text());
  EXPECT_NE(AllBytesOf(dir / "store").find(digest), std::string::npos);
  ASSERT_OK_AND_ASSIGN(const auto store, Store::Open(dir / "store"));
  EXPECT_OK(store->PurgeErased());
  EXPECT_FALSE(store->GetOpening(HashOf("a")).ok());
}

TEST(DataDirectory, IsForOneAtATime) {
  const test::TempDir dir;
  ASSERT_OK_AND_ASSIGN(const auto directory, DataDirectory::Open(dir / "data"));
  EXPECT_THAT(DataDirectory::Open(dir / "data").status(),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST(DataDirectory, BelongsToOneLedger) {
  const test::TempDir dir;
  ASSERT_OK_AND_ASSIGN(const auto directory, DataDirectory::Open(dir / "data"));
  EXPECT_OK(directory.BindTo("ledger/1"));
  EXPECT_OK(directory.BindTo("ledger/1"));
  EXPECT_THAT(directory.BindTo("ledger/2"),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace dataip::registryd
