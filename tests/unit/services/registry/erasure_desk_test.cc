#include "services/registry/erasure_desk.h"

#include <algorithm>
#include <map>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/registry/meters.h"

namespace dataip::registryd {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::chrono::seconds kPatience{30};
constexpr ErasurePauses kShort{std::chrono::milliseconds(1),
                               std::chrono::milliseconds(4)};

ErasureToDo Order(uint64_t index) {
  ErasureToDo order;
  order.set_order_index(index);
  return order;
}

// A ledger that answers as it is told, and remembers what it was asked.
class Answers {
 public:
  absl::Status Ask(const ErasureToDo& order) {
    base::MutexLock lock(mutex_);
    asked_.push_back(order.order_index());
    changed_.NotifyAll();
    const auto failing = failing_.find(order.order_index());
    if (failing == failing_.end() || failing->second.times == 0) {
      return absl::OkStatus();
    }
    --failing->second.times;
    return failing->second.status;
  }

  static constexpr int kEver = 1'000'000;
  void Fail(uint64_t index, const absl::Status& status, int times = kEver) {
    base::MutexLock lock(mutex_);
    failing_[index] = {status, times};
  }

  bool AwaitAsked(uint64_t index, int times) {
    const auto until = std::chrono::steady_clock::now() + kPatience;
    base::MutexLock lock(mutex_);
    while (std::count(asked_.begin(), asked_.end(), index) < times) {
      if (!changed_.WaitUntil(mutex_, until)) return false;
    }
    return true;
  }

  std::vector<uint64_t> asked() const {
    base::MutexLock lock(mutex_);
    return asked_;
  }

 private:
  struct Failing {
    absl::Status status;
    int times = 0;
  };

  mutable base::Mutex mutex_;
  base::CondVar changed_;
  std::map<uint64_t, Failing> failing_ DATAIP_GUARDED_BY(mutex_);
  std::vector<uint64_t> asked_ DATAIP_GUARDED_BY(mutex_);
};

class DeskTest : public ::testing::Test {
 protected:
  ErasureDesk::Ask Ask() {
    return [this](const ErasureToDo& order) { return ledger_.Ask(order); };
  }

  Answers ledger_;
};

TEST_F(DeskTest, AsksForEachOrderOnce) {
  ErasureDesk desk(Ask(), kShort);
  desk.Take(Order(3));
  ASSERT_TRUE(ledger_.AwaitAsked(3, 1));
  desk.Take(Order(5));
  ASSERT_TRUE(ledger_.AwaitAsked(5, 1));
  desk.Stop();
  EXPECT_THAT(ledger_.asked(), ElementsAre(3, 5));
  EXPECT_EQ(desk.waiting(), 0u);
}

TEST_F(DeskTest, AsksAgainUntilItIsCarriedOut) {
  ledger_.Fail(3, absl::UnavailableError("held"), 3);
  ErasureDesk desk(Ask(), kShort);
  desk.Take(Order(3));
  ASSERT_TRUE(ledger_.AwaitAsked(3, 4));
  desk.Stop();
  EXPECT_THAT(ledger_.asked(), ElementsAre(3, 3, 3, 3));
  EXPECT_EQ(desk.waiting(), 0u);
}

TEST_F(DeskTest, CarriesOutLaterOrdersWhileAnEarlierOneFails) {
  ledger_.Fail(3, absl::InternalError("never"));
  ErasureDesk desk(Ask(), kShort);
  desk.Take(Order(3));
  ASSERT_TRUE(ledger_.AwaitAsked(3, 1));
  desk.Take(Order(5));
  ASSERT_TRUE(ledger_.AwaitAsked(5, 1));
  ASSERT_TRUE(ledger_.AwaitAsked(3, 5));
  desk.Stop();
  EXPECT_EQ(desk.waiting(), 1u);
}

class RefusedOrder : public DeskTest,
                     public ::testing::WithParamInterface<absl::Status> {};

TEST_P(RefusedOrder, IsNeverGivenUp) {
  ledger_.Fail(3, GetParam());
  ErasureDesk desk(Ask(), kShort);
  desk.Take(Order(3));
  ASSERT_TRUE(ledger_.AwaitAsked(3, 5));
  EXPECT_EQ(desk.waiting(), 1u);
  desk.Stop();
  EXPECT_EQ(desk.waiting(), 1u);
}

TEST_P(RefusedOrder, IsCarriedOutOnceItIsNotRefusedAnyMore) {
  ledger_.Fail(3, GetParam(), 3);
  ErasureDesk desk(Ask(), kShort);
  desk.Take(Order(3));
  ASSERT_TRUE(ledger_.AwaitAsked(3, 4));
  desk.Stop();
  EXPECT_THAT(ledger_.asked(), ElementsAre(3, 3, 3, 3));
  EXPECT_EQ(desk.waiting(), 0u);
}

TEST_P(RefusedOrder, WaitsTheLongestPauseAndKeepsNoOtherWaiting) {
  ledger_.Fail(3, GetParam());
  ErasureDesk desk(Ask(),
                   {std::chrono::milliseconds(1), std::chrono::hours(1)});
  desk.Take(Order(3));
  ASSERT_TRUE(ledger_.AwaitAsked(3, 1));
  ledger_.Fail(5, absl::UnavailableError("held"), 3);
  desk.Take(Order(5));
  ASSERT_TRUE(ledger_.AwaitAsked(5, 4));
  desk.Stop();
  EXPECT_THAT(ledger_.asked(), ElementsAre(3, 5, 5, 5, 5));
  EXPECT_EQ(desk.waiting(), 1u);
}

INSTANTIATE_TEST_SUITE_P(
    Lasting, RefusedOrder,
    ::testing::Values(absl::PermissionDeniedError("no writer"),
                      absl::DataLossError("broken header"),
                      absl::FailedPreconditionError("no such entry"),
                      absl::UnauthenticatedError("no certificate"),
                      absl::NotFoundError("no header")));

TEST_F(DeskTest, IsMeasuredWhileAnOrderWaits) {
  ledger_.Fail(3, absl::PermissionDeniedError("no writer"));
  ErasureDesk desk(Ask(), kShort);
  services::Metrics metrics;
  MeasureErasures(desk, metrics);
  EXPECT_THAT(metrics.Text(), HasSubstr("dataip_registry_erasures_waiting 0"));
  desk.Take(Order(3));
  ASSERT_TRUE(ledger_.AwaitAsked(3, 2));
  EXPECT_THAT(metrics.Text(), HasSubstr("dataip_registry_erasures_waiting 1"));
}

TEST_F(DeskTest, StopsWhileAnOrderWaits) {
  ledger_.Fail(3, absl::UnavailableError("held"));
  ErasureDesk desk(Ask(), {std::chrono::hours(1), std::chrono::hours(1)});
  desk.Take(Order(3));
  ASSERT_TRUE(ledger_.AwaitAsked(3, 1));
  desk.Stop();
  EXPECT_EQ(desk.waiting(), 1u);
}

}  // namespace
}  // namespace dataip::registryd
