#include "services/common/steps.h"

#include <optional>

#include "gtest/gtest.h"

namespace dataip::services {
namespace {

TEST(Steps, DoNotGoOnWhileOneLasts) {
  Steps steps;
  std::optional<Steps::Step> long_one(std::in_place, steps);
  // It may have begun just now.
  EXPECT_TRUE(steps.GoOn());
  EXPECT_FALSE(steps.GoOn());
  {
    const Steps::Step short_one(steps);
    EXPECT_FALSE(steps.GoOn());
  }
  EXPECT_FALSE(steps.GoOn());
  long_one.reset();
  EXPECT_TRUE(steps.GoOn());
}

TEST(Steps, GoOnThoughThereIsAlwaysOne) {
  Steps steps;
  EXPECT_TRUE(steps.GoOn());
  std::optional<Steps::Step> one;
  std::optional<Steps::Step> other;
  for (int i = 0; i < 5; ++i) {
    one.emplace(steps);
    other.reset();
    EXPECT_TRUE(steps.GoOn()) << i;
    other.emplace(steps);
    one.reset();
    EXPECT_TRUE(steps.GoOn()) << i;
  }
}

}  // namespace
}  // namespace dataip::services
