#include "services/registry/store.h"

#include "gtest/gtest.h"
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
