#include "services/common/rocks_purge.h"

#include <algorithm>
#include <filesystem>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/common/latch.h"
#include "tests/support/grep.h"
#include "tests/support/process.h"
#include "tests/support/status_matchers.h"

namespace dataip::services {
namespace {

using ::dataip::testing::StatusIs;
using test::FilesWith;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kSecret[] = "Zx7-unique-words-that-must-go-41qq";

// Keeps a key that it was asked for before the key was dropped, and tells of
// it: a compaction that began too early.
class LateFilter final : public rocksdb::CompactionFilter {
 public:
  explicit LateFilter(std::string watched) : watched_(std::move(watched)) {}

  Decision FilterV2(int level, const rocksdb::Slice& key, ValueType type,
                    const rocksdb::Slice& value, std::string* new_value,
                    std::string* skip_until) const override {
    const Decision decision =
        dropped.FilterV2(level, key, type, value, new_value, skip_until);
    if (key == watched_ && decision == Decision::kKeep) {
      read.Set();
      EXPECT_TRUE(go_on.WaitFor(std::chrono::seconds(30)));
    }
    return decision;
  }
  const char* Name() const override { return "test.late"; }

  DroppedKeys dropped;
  mutable Latch read;
  mutable Latch go_on;

 private:
  const std::string watched_;
};

class PurgeTest : public ::testing::Test {
 protected:
  void Open(const rocksdb::CompactionFilter* filter) {
    auto opened = Rocks::Open({dir_ / "db", {{"a", FamilyUse::kLog, filter}}});
    ASSERT_OK(opened);
    rocks_ = *std::move(opened);
  }

  void Put(uint64_t number, const std::string& value) {
    rocksdb::WriteOptions synced;
    synced.sync = true;
    ASSERT_TRUE(rocks_->db()
                    .Put(synced, rocks_->family(0), NumberKey(number), value)
                    .ok());
  }

  void Flush() {
    ASSERT_TRUE(
        rocks_->db().Flush(rocksdb::FlushOptions(), rocks_->family(0)).ok());
  }

  std::unique_ptr<rocksdb::Iterator> Iterate() {
    return std::unique_ptr<rocksdb::Iterator>(
        rocks_->db().NewIterator(rocksdb::ReadOptions(), rocks_->family(0)));
  }

  absl::Status Drop(const std::vector<std::string>& keys,
                    std::atomic<bool>* stop = nullptr) {
    return PurgeDropped({*rocks_, rocks_->family(0), keys, stop}, old_);
  }

  std::vector<std::string> Tables() {
    std::vector<std::string> names;
    for (const auto& file : std::filesystem::directory_iterator(dir_ / "db")) {
      if (file.path().extension() == ".sst") names.push_back(file.path());
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  std::vector<std::string> Telling() { return FilesWith(dir_ / "", kSecret); }

  test::TempDir dir_;
  DroppedKeys dropped_;
  OldTables old_;
  std::unique_ptr<Rocks> rocks_;
};

TEST_F(PurgeTest, LeavesNoBytesOfDroppedKeysAndAllOthers) {
  Open(&dropped_);
  Put(1, "first");
  Put(2, kSecret);
  Flush();
  Put(3, "third");
  ASSERT_THAT(Telling(), Not(IsEmpty()));
  dropped_.Add(NumberKey(2));
  EXPECT_OK(Drop({NumberKey(2)}));
  EXPECT_THAT(Telling(), IsEmpty());
  const auto all = Iterate();
  all->SeekToFirst();
  EXPECT_EQ(NumberOfKey(all->key()), 1u);
  all->Next();
  EXPECT_EQ(NumberOfKey(all->key()), 3u);
}

TEST_F(PurgeTest, LeavesNoBytesInTheLog) {
  Open(&dropped_);
  Put(2, kSecret);
  dropped_.Add(NumberKey(2));
  EXPECT_OK(Drop({NumberKey(2)}));
  EXPECT_THAT(Telling(), IsEmpty());
}

TEST_F(PurgeTest, SaysThatAnIteratorHoldsAFileAsOftenAsItIsAsked) {
  Open(&dropped_);
  Put(2, kSecret);
  Flush();
  auto reader = Iterate();
  reader->SeekToFirst();
  dropped_.Add(NumberKey(2));
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(Drop({NumberKey(2)}), StatusIs(absl::StatusCode::kUnavailable));
    EXPECT_THAT(Telling(), Not(IsEmpty()));
  }
  reader.reset();
  EXPECT_OK(Drop({NumberKey(2)}));
  EXPECT_THAT(Telling(), IsEmpty());
}

// Nothing was left to compact, but the file is still held.
TEST_F(PurgeTest, SeesAFileThatAnotherCompactionHasReplaced) {
  Open(&dropped_);
  Put(2, kSecret);
  Flush();
  auto reader = Iterate();
  reader->SeekToFirst();
  dropped_.Add(NumberKey(2));
  rocksdb::CompactRangeOptions all;
  all.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  ASSERT_TRUE(
      rocks_->db().CompactRange(all, rocks_->family(0), nullptr, nullptr).ok());
  EXPECT_THAT(Drop({NumberKey(2)}), StatusIs(absl::StatusCode::kUnavailable));
  reader.reset();
  EXPECT_OK(Drop({NumberKey(2)}));
  EXPECT_THAT(Telling(), IsEmpty());
}

TEST_F(PurgeTest, RewritesNothingWhenItIsCalledAgain) {
  Open(&dropped_);
  Put(1, "first");
  Put(2, kSecret);
  dropped_.Add(NumberKey(2));
  ASSERT_OK(Drop({NumberKey(2)}));
  const std::vector<std::string> tables = Tables();
  EXPECT_OK(Drop({NumberKey(2)}));
  EXPECT_EQ(Tables(), tables);
}

TEST_F(PurgeTest, CatchesWhatACompactionUnderWayHasKept) {
  LateFilter filter(NumberKey(2));
  Open(&filter);
  Put(1, "first");
  Put(2, kSecret);
  Flush();
  std::thread early([this] {
    rocksdb::CompactRangeOptions all;
    all.exclusive_manual_compaction = false;
    all.bottommost_level_compaction =
        rocksdb::BottommostLevelCompaction::kForce;
    EXPECT_TRUE(rocks_->db()
                    .CompactRange(all, rocks_->family(0), nullptr, nullptr)
                    .ok());
  });
  EXPECT_TRUE(filter.read.WaitFor(std::chrono::seconds(30)));
  filter.dropped.Add(NumberKey(2));
  absl::Status purged;
  std::thread purge([&] { purged = Drop({NumberKey(2)}); });
  filter.go_on.Set();
  early.join();
  purge.join();
  // The early compaction's own output may have been in the making.
  if (absl::IsUnavailable(purged)) purged = Drop({NumberKey(2)});
  EXPECT_OK(purged);
  EXPECT_THAT(Telling(), IsEmpty());
}

TEST_F(PurgeTest, EndsWhenItIsStoppedAndGoesOnLater) {
  Open(&dropped_);
  Put(2, kSecret);
  dropped_.Add(NumberKey(2));
  std::atomic<bool> stop = true;
  EXPECT_THAT(Drop({NumberKey(2)}, &stop),
              StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(Telling(), Not(IsEmpty()));
  stop = false;
  EXPECT_OK(Drop({NumberKey(2)}, &stop));
  EXPECT_THAT(Telling(), IsEmpty());
}

TEST_F(PurgeTest, LeavesNoOlderValues) {
  Open(nullptr);
  Put(1, kSecret);
  Flush();
  Put(2, "between");
  Put(9, kSecret);
  Flush();
  Put(9, "new");
  Put(1, "new");
  EXPECT_OK(PurgeOverwritten(
      {*rocks_, rocks_->family(0), {NumberKey(9), NumberKey(1)}}));
  EXPECT_THAT(Telling(), IsEmpty());
  std::string value;
  EXPECT_TRUE(
      rocks_->db()
          .Get(rocksdb::ReadOptions(), rocks_->family(0), NumberKey(1), &value)
          .ok());
  EXPECT_EQ(value, "new");
}

TEST_F(PurgeTest, OfOlderValuesSaysThatAFileIsHeld) {
  Open(nullptr);
  Put(1, kSecret);
  Flush();
  auto reader = Iterate();
  reader->SeekToFirst();
  Put(1, "new");
  const Purge purge{*rocks_, rocks_->family(0), {NumberKey(1)}};
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(PurgeOverwritten(purge),
                StatusIs(absl::StatusCode::kUnavailable));
  }
  reader.reset();
  EXPECT_OK(PurgeOverwritten(purge));
  EXPECT_THAT(Telling(), IsEmpty());
}

}  // namespace
}  // namespace dataip::services
