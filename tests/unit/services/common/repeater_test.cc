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

TEST(Repeater, RunsWhenItIsWoken) {
  std::promise<void> ran;
  Repeater repeater(std::chrono::hours(1), [&] { ran.set_value(); });
  repeater.Wake();
  ran.get_future().wait();
}

// Woken by its own job, it runs a second time.
TEST(Repeater, RunsAgainWhenItIsWokenMeanwhile) {
  std::atomic<int> ran{0};
  std::promise<void> twice;
  Repeater* self = nullptr;
  Repeater repeater(std::chrono::hours(1), [&] {
    if (++ran == 1) self->Wake();
    if (ran == 2) twice.set_value();
  });
  self = &repeater;
  repeater.Wake();
  twice.get_future().wait();
  EXPECT_EQ(ran, 2);
}

}  // namespace
}  // namespace dataip::services
