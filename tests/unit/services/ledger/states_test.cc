#include "services/ledger/states.h"

#include "core/base/limits.h"
#include "gtest/gtest.h"

namespace dataip::ledger {
namespace {

std::shared_ptr<State> StateOf(uint64_t size) {
  auto state = std::make_shared<State>();
  state->size = size;
  return state;
}

TEST(States, KeepsNoMoreThanItsLimitHoweverYoung) {
  States states(std::chrono::hours(1));
  const States::Time now = States::Time::clock::now();
  for (uint64_t size = 1; size <= limits::kStatesKept; ++size) {
    states.Add(StateOf(size), now);
  }
  EXPECT_NE(states.At(1), nullptr);
  states.Add(StateOf(limits::kStatesKept + 1), now);
  EXPECT_EQ(states.At(1), nullptr);
  EXPECT_NE(states.At(2), nullptr);
  EXPECT_EQ(states.Newest()->size, limits::kStatesKept + 1);
}

TEST(States, KeepsTheNewestHoweverOld) {
  States states(std::chrono::milliseconds(10));
  const States::Time now = States::Time::clock::now();
  states.Add(StateOf(1), now - std::chrono::hours(2));
  EXPECT_NE(states.At(1), nullptr);
  states.Add(StateOf(2), now);
  EXPECT_EQ(states.At(1), nullptr);
  EXPECT_EQ(states.Newest()->size, 2u);
}

}  // namespace
}  // namespace dataip::ledger
