#include "services/registry/checkpoint_history.h"

#include "gtest/gtest.h"

namespace dataip::registryd {
namespace {

TEST(CheckpointHistory, KnowsNoneBeforeOneIsSeen) {
  CheckpointHistory history;
  EXPECT_EQ(history.NewestAt(7).size, 0u);
  EXPECT_EQ(history.newest().size, 0u);
}

TEST(CheckpointHistory, PassesOverCheckpointsOfEntriesNotYetAcknowledged) {
  CheckpointHistory history;
  history.Add({5, 50});  // entries 0 to 3, seal 4
  history.Add({8, 80});  // entries 5 and 6, seal 7
  EXPECT_EQ(history.NewestAt(2).size, 0u);
  EXPECT_EQ(history.NewestAt(3).size, 5u);
  EXPECT_EQ(history.NewestAt(5).size, 5u);
  EXPECT_EQ(history.NewestAt(6).size, 8u);
  EXPECT_EQ(history.NewestAt(6).seal_time_ms, 80);
  EXPECT_EQ(history.NewestAt(9).size, 8u);  // not yet sealed
}

TEST(CheckpointHistory, FollowsSealsThatComeWithoutEntries) {
  CheckpointHistory history;
  history.Add({5, 50});
  history.Add({6, 60});
  history.Add({7, 70});
  EXPECT_EQ(history.NewestAt(3).size, 7u);
  EXPECT_EQ(history.NewestAt(3).seal_time_ms, 70);
}

TEST(CheckpointHistory, StaysWhereAnotherWriterTookOver) {
  CheckpointHistory history;
  history.Add({5, 50});
  EXPECT_EQ(history.NewestAt(3).size, 5u);
  for (uint64_t size = 7; size < 2'000; size += 2) {
    history.Add({size, static_cast<int64_t>(size) * 10});
  }
  EXPECT_EQ(history.NewestAt(3).size, 5u);
  EXPECT_EQ(history.newest().size, 1'999u);
  EXPECT_EQ(history.NewestAt(1'997).size, 1'999u);
}

TEST(CheckpointHistory, PassesOverSizesThatDoNotGrow) {
  CheckpointHistory history;
  history.Add({5, 50});
  history.Add({5, 60});
  history.Add({4, 60});
  EXPECT_EQ(history.newest().seal_time_ms, 50);
}

}  // namespace
}  // namespace dataip::registryd
