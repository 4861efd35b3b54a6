#include "services/common/latch.h"

#include "gtest/gtest.h"

namespace dataip::services {
namespace {

TEST(Latch, RunsNothingBeforeItIsSet) {
  Latch latch;
  int ran = 0;
  latch.Then([&] { ++ran; });
  EXPECT_EQ(ran, 0);
  latch.Set();
  latch.Set();
  EXPECT_EQ(ran, 1);
}

TEST(Latch, RunsAtOnceWhenItWasSet) {
  Latch latch;
  latch.Set();
  int ran = 0;
  latch.Then([&] { ++ran; });
  EXPECT_EQ(ran, 1);
}

}  // namespace
}  // namespace dataip::services
