#include "services/ledger/milestone.h"

#include <map>
#include <optional>
#include <vector>

#include "client/status.h"
#include "gtest/gtest.h"
#include "services/common/latch.h"
#include "services/common/worker.h"

namespace dataip::ledger {
namespace {

constexpr std::chrono::seconds kDeadline{10};

class MilestoneTest : public testing::Test {
 protected:
  // What became of the waiter of this name.
  Milestone::Ticket Await(int name, uint64_t at_least) {
    return milestone_.Await(at_least, [this, name](const absl::Status& status) {
      called_[name].push_back(status);
    });
  }
  bool WasRefused(int name) const {
    const auto found = called_.find(name);
    return found != called_.end() && found->second.size() == 1 &&
           client::ReasonOf(found->second[0]) == rpc::v1::OVERLOADED;
  }
  // Until all that was released was called.
  void Settle() {
    services::Latch settled;
    ASSERT_TRUE(worker_.Post([&settled] { settled.Set(); }));
    ASSERT_TRUE(settled.WaitFor(kDeadline));
  }

  std::map<int, std::vector<absl::Status>> called_;
  services::Worker worker_{4};
  Milestone milestone_{10, worker_, /*most_waiters=*/2};
};

TEST_F(MilestoneTest, RefusesTheOneTooManyThatWaitsLongest) {
  Await(1, 11);
  Await(2, uint64_t{1} << 63);
  EXPECT_TRUE(called_.empty());
  Await(3, uint64_t{1} << 63);
  EXPECT_TRUE(WasRefused(3));
  EXPECT_FALSE(called_.contains(2));
  Await(4, 12);
  EXPECT_TRUE(WasRefused(2));
  milestone_.Advance(12);
  Settle();
  for (const int name : {1, 4}) {
    ASSERT_EQ(called_[name].size(), 1u);
    EXPECT_TRUE(called_[name][0].ok());
  }
}

TEST_F(MilestoneTest, NeverRefusesWhoNeedNotWait) {
  Await(1, 11);
  Await(2, 11);
  Await(3, 10);
  ASSERT_EQ(called_[3].size(), 1u);
  EXPECT_TRUE(called_[3][0].ok());
  EXPECT_FALSE(called_.contains(1));
}

TEST_F(MilestoneTest, GivesThePlaceOfAWaiterThatLeft) {
  const auto first = Await(1, 11);
  Await(2, 11);
  EXPECT_TRUE(milestone_.Cancel(first));
  EXPECT_FALSE(milestone_.Cancel(first));
  Await(3, 12);
  EXPECT_TRUE(called_.empty());
}

TEST_F(MilestoneTest, CallsOnlyThoseWhoseNumberIsReached) {
  Await(1, 13);
  Await(2, 12);
  milestone_.Advance(12);
  Settle();
  EXPECT_EQ(called_[2].size(), 1u);
  EXPECT_FALSE(called_.contains(1));
  milestone_.Close(absl::UnavailableError("closing"));
  ASSERT_EQ(called_[1].size(), 1u);
  EXPECT_TRUE(absl::IsUnavailable(called_[1][0]));
  Await(3, 14);
  EXPECT_TRUE(absl::IsUnavailable(called_[3][0]));
}

}  // namespace
}  // namespace dataip::ledger
