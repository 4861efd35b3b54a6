#include "services/ledger/eraser.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <future>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "core/proof/header.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/common/rocks_backup.h"
#include "tests/support/grep.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/services/ledger/ledger_fixture.h"
#include "tests/unit/services/ledger/raw_database.h"

namespace dataip::ledger {
namespace {

using ::dataip::testing::StatusIs;
using test::FilesWith;
using ::testing::IsEmpty;

constexpr char kSecret[] = "Zx7-unique-words-that-must-go-41qq";

class EraserTest : public ::testing::Test, public LedgerFixture {
 protected:
  void SetUp() override {
    ASSERT_OK(Open());
    epoch_ = OpenWriter()->epoch;
    Put("first");
    secret_ = Put(kSecret);
    Put("between");
    order_ = Put("order");
  }

  uint64_t Put(const std::string& text) {
    const auto receipt =
        Append(Make({.epoch = epoch_, .sequence = sequence_++, .text = text}));
    EXPECT_OK(receipt);
    WaitForCheckpoint();
    return receipt->first_index;
  }

  PayloadErasure Named(uint64_t index) {
    const auto header =
        proof::DecodeHeader(hash::AsBytes(*ledger->store().ReadHeader(index)));
    return {index, header->payload_sha256, header->payload_sm3};
  }

  absl::StatusOr<uint32_t> Erase(const ErasureRequest& request) {
    std::promise<absl::StatusOr<uint32_t>> promise;
    ledger->eraser().Erase(request, [&](absl::StatusOr<uint32_t> erased) {
      promise.set_value(std::move(erased));
    });
    return promise.get_future().get();
  }

  absl::StatusOr<uint32_t> EraseSecret() {
    return Erase({order_, {Named(secret_)}});
  }

  std::string Stored() { return dir / ""; }

  // In place: the ledger has the file open.
  static void FlipBits(const std::string& path) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    std::string record(16, '\0');
    ASSERT_TRUE(file.read(record.data(), 16));
    for (char& byte : record) byte ^= 1;
    file.seekp(0);
    ASSERT_TRUE(file.write(record.data(), 16).flush());
  }

  uint64_t epoch_ = 0;
  uint64_t sequence_ = 0;
  uint64_t secret_ = 0;
  uint64_t order_ = 0;
};

TEST_F(EraserTest, TakesAnOrderThatIsThereAndLater) {
  EXPECT_THAT(Erase({1'000, {Named(secret_)}}),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(Erase({secret_, {Named(secret_)}}),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(Erase({secret_ - 1, {Named(secret_)}}),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  const uint64_t seal = ledger->durable().value() - 1;
  EXPECT_THAT(Erase({seal, {Named(secret_)}}),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_FALSE(ledger->store().ErasedBy(secret_)->has_value());
}

// What can be seen of an order without its content.
TEST_F(EraserTest, TakesAnOrderThatStandsAndHasTheTypeOfWhatItErases) {
  const uint64_t later = Put("another order");
  ASSERT_OK(Erase({later, {Named(order_)}}));
  EXPECT_THAT(EraseSecret(), StatusIs(absl::StatusCode::kFailedPrecondition));
  PreparedMessage other =
      Make({.epoch = epoch_, .sequence = sequence_++, .type = "test.Other"});
  const auto receipt = Append(std::move(other));
  ASSERT_OK(receipt);
  EXPECT_THAT(Erase({receipt->first_index, {Named(secret_)}}),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_OK(ledger->store().ReadPayload(secret_));
  EXPECT_OK(Erase({later, {Named(secret_)}}));
}

TEST_F(EraserTest, RefusesOtherDigestsAndItsOwnEntries) {
  PayloadErasure other = Named(secret_);
  other.payload_sm3 = Named(order_).payload_sm3;
  EXPECT_THAT(Erase({order_, {other}}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Erase({order_, {Named(secret_ + 1)}}),  // a seal
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_OK(ledger->store().ReadPayload(secret_));
}

TEST_F(EraserTest, LeavesTheBytesInNoFile) {
  ASSERT_FALSE(FilesWith(Stored(), kSecret).empty());
  ASSERT_OK_AND_ASSIGN(const uint32_t erased, EraseSecret());
  EXPECT_EQ(erased, 1u);
  EXPECT_THAT(FilesWith(Stored(), kSecret), IsEmpty());
  EXPECT_FALSE(FilesWith(Stored(), "between").empty());
}

TEST_F(EraserTest, LeavesTheBytesInNoFileAfterManyStarts) {
  for (int i = 0; i < 3; ++i) {
    Close();
    ASSERT_OK(Open());
    epoch_ = OpenWriter()->epoch;
    sequence_ = 0;
    Put("more");
  }
  ASSERT_FALSE(FilesWith(Stored(), kSecret).empty());
  ASSERT_OK(EraseSecret());
  EXPECT_THAT(FilesWith(Stored(), kSecret), IsEmpty());
}

TEST_F(EraserTest, KeepsHeadersAndOtherPayloads) {
  const std::string header = *ledger->store().ReadHeader(secret_);
  ASSERT_OK(EraseSecret());
  EXPECT_EQ(*ledger->store().ReadHeader(secret_), header);
  EXPECT_TRUE(absl::IsNotFound(ledger->store().ReadPayload(secret_).status()));
  EXPECT_EQ(ledger->store().ErasedBy(secret_)->value(), order_);
  size_t erased = 0;
  const uint64_t size = ledger->durable().value();
  EXPECT_OK(ledger->store().ForEachEntry({0, size}, [&](const EntryView& one) {
    erased += one.erased_by.has_value() ? 1 : 0;
    EXPECT_EQ(one.erased_by.has_value(), one.index == secret_);
    EXPECT_EQ(one.payload.empty(), one.index == secret_);
    return true;
  }));
  EXPECT_EQ(erased, 1u);
}

TEST_F(EraserTest, IsIdempotent) {
  ASSERT_OK(EraseSecret());
  const auto again = EraseSecret();
  ASSERT_OK(again);
  EXPECT_EQ(*again, 0u);
  const uint64_t second = Put("a later order");
  ASSERT_OK(Erase({second, {Named(secret_)}}));
  EXPECT_EQ(ledger->store().ErasedBy(secret_)->value(), order_);
}

TEST_F(EraserTest, StartsAndAppendsAfterwards) {
  ASSERT_OK(EraseSecret());
  Close();
  ASSERT_OK(Open());
  epoch_ = OpenWriter()->epoch;
  sequence_ = 0;
  Put("after");
  EXPECT_THAT(FilesWith(Stored(), kSecret), IsEmpty());
}

// Marked and deleted, and the process ended before the files were rewritten.
TEST_F(EraserTest, GoesOnAtTheNextStart) {
  Close();
  {
    auto store = Store::Open(options.database_path, 1 << 20);
    ASSERT_OK(store);
    ASSERT_OK((*store)->Erase({order_, {secret_}}));
    EXPECT_EQ((*store)->UnpurgedErasures()->size(), 1u);
  }
  ASSERT_FALSE(FilesWith(Stored(), kSecret).empty());
  ASSERT_OK(Open());
  // What a start goes on with is in line before this.
  const auto again = EraseSecret();
  ASSERT_OK(again);
  EXPECT_EQ(*again, 0u);
  EXPECT_TRUE(ledger->store().UnpurgedErasures()->empty());
  EXPECT_THAT(FilesWith(Stored(), kSecret), IsEmpty());
}

TEST_F(EraserTest, RemakesBackups) {
  Close();
  options.backup.folder = dir / "backup";
  ASSERT_OK(Open());
  ASSERT_OK(ledger->backups().Create());
  ASSERT_FALSE(FilesWith(dir / "backup", kSecret).empty());
  ASSERT_OK(EraseSecret());
  EXPECT_THAT(FilesWith(dir / "backup", kSecret), IsEmpty());
  EXPECT_FALSE(FilesWith(dir / "backup", "between").empty());
}

// A folder that no backup can be made in, and then one that it can.
class EraserWithBackups : public EraserTest {
 protected:
  void SetUp() override {
    options.backup.folder = dir / "backup";
    EraserTest::SetUp();
    ASSERT_OK(ledger->backups().Create());
  }

  std::set<std::string> Tables() {
    std::set<std::string> tables;
    for (const auto& file :
         std::filesystem::directory_iterator(options.database_path)) {
      if (file.path().extension() == ".sst") tables.insert(file.path());
    }
    return tables;
  }

  // Until `held` ends no backup is made.
  std::unique_ptr<services::RocksBackups> HoldFolder() {
    auto held = services::RocksBackups::Open(options.backup.folder);
    EXPECT_OK(held);
    return held.ok() ? *std::move(held) : nullptr;
  }

  bool AwaitClean() {
    const auto until =
        std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (std::chrono::steady_clock::now() < until) {
      if (ledger->store().UnpurgedErasures()->empty()) return true;
      std::this_thread::yield();
    }
    return false;
  }
};

TEST_F(EraserWithBackups, TriesAgainByItselfWithoutRewritingTables) {
  auto held = HoldFolder();
  EXPECT_THAT(EraseSecret(), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_FALSE(ledger->store().UnpurgedErasures()->empty());
  // The database is clean already.
  EXPECT_THAT(FilesWith(options.database_path, kSecret), IsEmpty());
  const std::set<std::string> tables = Tables();
  EXPECT_THAT(EraseSecret(), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(Tables(), tables);
  held.reset();
  EXPECT_TRUE(AwaitClean());
  EXPECT_THAT(FilesWith(Stored(), kSecret), IsEmpty());
}

TEST_F(EraserWithBackups, TriesAgainByItselfAfterAStart) {
  auto held = HoldFolder();
  EXPECT_THAT(EraseSecret(), StatusIs(absl::StatusCode::kUnavailable));
  Close();
  ASSERT_OK(Open());
  held.reset();
  EXPECT_TRUE(AwaitClean());
  EXPECT_THAT(FilesWith(Stored(), kSecret), IsEmpty());
}

TEST_F(EraserWithBackups, EndsWithTheLedgersLongWork) {
  const uint64_t size = WaitForCheckpoint()->size;
  ledger->EndLongWork();
  EXPECT_THAT(EraseSecret(), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(ledger->backups().Create(),
              StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(ledger->proofs().Rebuild(size).status(),
              StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_FALSE(ledger->store().ErasedBy(secret_)->has_value());
}

// A reader that began before still has the bytes; nobody is shown them.
TEST_F(EraserTest, ShowsNothingToAReaderThatBeganBefore) {
  const uint64_t size = ledger->durable().value();
  EXPECT_OK(ledger->store().ForEachEntry({0, size}, [&](const EntryView& one) {
    if (one.index == 0) {
      EXPECT_OK(EraseSecret());
    }
    if (one.index == secret_) {
      EXPECT_TRUE(one.erased_by.has_value());
      EXPECT_TRUE(one.payload.empty());
    }
    return true;
  }));
}

// An answer, and no end of the process: whoever asks again would end the next
// one too.
TEST_F(EraserTest, AnswersThatItsMarkersCannotBeRead) {
  ASSERT_OK(EraseSecret());
  Close();
  const std::vector<std::string> tables =
      RawDatabase(options.database_path).Tables("erased");
  ASSERT_FALSE(tables.empty());
  options.cache_bytes = 0;  // what was read is read again
  ASSERT_OK(Open());
  for (const std::string& table : tables) FlipBits(table);
  EXPECT_THAT(EraseSecret(), StatusIs(absl::StatusCode::kDataLoss));
  epoch_ = OpenWriter()->epoch;
  sequence_ = 0;
  Put("still there");
}

TEST_F(EraserTest, IsRefusedAtStartWithoutItsMarker) {
  ASSERT_OK(EraseSecret());
  Close();
  {
    auto store = Store::Open(options.database_path, 1 << 20);
    ASSERT_OK(store);
    // An order that is not on the ledger.
    ASSERT_OK((*store)->Erase({1'000'000, {order_}}));
  }
  EXPECT_THAT(Open(), StatusIs(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace dataip::ledger
