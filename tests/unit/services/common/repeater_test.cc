#include "services/common/repeater.h"

#include <atomic>
#include <future>

#include "gtest/gtest.h"

namespace dataip::services {
namespace {

TEST(Repeater, StopsBeforeItsTurn) {
  std::atomic<int> ran{0};
  Repeater repeater(std::chrono::hours(1), [&] { ++ran; });
  repeater.Stop();
  repeater.Stop();
  EXPECT_EQ(ran, 0);
}

TEST(Repeater, RunsAgainAndAgain) {
  std::atomic<int> ran{0};
  std::promise<void> thrice;
  Repeater repeater(std::chrono::milliseconds(1), [&] {
    if (++ran == 3) thrice.set_value();
  });
  thrice.get_future().wait();
  EXPECT_GE(ran, 3);
}

}  // namespace
}  // namespace dataip::services
