#include "services/common/line_budget.h"

#include <optional>

#include "gtest/gtest.h"

namespace dataip::services {
namespace {

using std::chrono::seconds;

TEST(LineBudget, LeavesOutWhatIsOverAndSaysHowMuch) {
  LineBudget budget(2, seconds(10));
  const LineBudget::Clock::time_point begin{seconds(5)};
  EXPECT_EQ(budget.Take(begin), 0u);
  EXPECT_EQ(budget.Take(begin + seconds(9)), 0u);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(budget.Take(begin + seconds(9)), std::nullopt);
  }
  EXPECT_EQ(budget.Take(begin + seconds(10)), 3u);
  EXPECT_EQ(budget.Take(begin + seconds(19)), 0u);
  EXPECT_EQ(budget.Take(begin + seconds(19)), std::nullopt);
}

TEST(LineBudget, LeavesNothingOutWithinItsLines) {
  LineBudget budget(1, seconds(1));
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(budget.Take(LineBudget::Clock::time_point(seconds(i))), 0u) << i;
  }
}

}  // namespace
}  // namespace dataip::services
