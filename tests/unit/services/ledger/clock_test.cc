#include "services/ledger/clock.h"

#include "client/status.h"
#include "core/base/limits.h"
#include "gtest/gtest.h"
#include "services/ledger/store.h"
#include "tests/unit/services/ledger/ledger_fixture.h"

namespace dataip::ledger {
namespace {

using client::ReasonOf;

constexpr int64_t kTwoHoursMs = 7'200'000;
constexpr int64_t kStartMs = 1'700'000'000'000;

class ClockTest : public testing::Test {
 protected:
  Clock Make(Clock::Start start) {
    return {{[this] { return wall_ms; }, [this] { return monotonic_ms; }, ""},
            std::move(start)};
  }

  int64_t wall_ms = kStartMs;
  int64_t monotonic_ms = 50;
};

TEST_F(ClockTest, RefusesAStepAheadBeforeItsFirstTime) {
  Clock clock = Make({});
  wall_ms += kTwoHoursMs;
  EXPECT_EQ(ReasonOf(clock.Now().status()), rpc::v1::NOT_SERVING);
  EXPECT_TRUE(clock.halted());
}

TEST_F(ClockTest, GoesOnRefusingWhenTheStepIsTakenBack) {
  Clock clock = Make({});
  wall_ms += kTwoHoursMs;
  EXPECT_FALSE(clock.Now().ok());
  wall_ms -= kTwoHoursMs;
  EXPECT_FALSE(clock.Now().ok());
}

TEST_F(ClockTest, RefusesAStepSinceTheLastEntryOfTheSameBoot) {
  const int64_t offset_ms = wall_ms - monotonic_ms;
  wall_ms += kTwoHoursMs;
  EXPECT_FALSE(Make({.last_offset_ms = offset_ms}).Now().ok());
  EXPECT_TRUE(
      Make({.last_offset_ms = offset_ms, .confirmed = true}).Now().ok());
  monotonic_ms += kTwoHoursMs;
  EXPECT_TRUE(Make({.last_offset_ms = offset_ms}).Now().ok());
}

TEST_F(ClockTest, AcceptsTheToleranceAndTimeThatReallyPassed) {
  Clock clock = Make({});
  wall_ms += kTwoHoursMs + limits::kClockToleranceMs;
  monotonic_ms += kTwoHoursMs;
  const auto now = clock.Now();
  ASSERT_TRUE(now.ok()) << now.status();
  EXPECT_EQ(*now, wall_ms);
}

TEST_F(ClockTest, BelievesNoClockBehindTheLastEntry) {
  int halts = 0;
  Clock clock = Make(
      {.last_time_ms = wall_ms + kTwoHoursMs, .halted = [&halts] { ++halts; }});
  EXPECT_EQ(ReasonOf(clock.Believe()), rpc::v1::NOT_SERVING);
  wall_ms += kTwoHoursMs;
  EXPECT_FALSE(clock.Believe().ok());
  EXPECT_FALSE(clock.Now().ok());
  EXPECT_EQ(halts, 1);
}

TEST_F(ClockTest, BelievingGivesNoTimeAway) {
  Clock clock = Make({});
  EXPECT_TRUE(clock.Believe().ok());
  wall_ms -= kTwoHoursMs;
  const auto now = clock.Now();
  ASSERT_TRUE(now.ok()) << now.status();
  EXPECT_EQ(*now, wall_ms);
}

// The ledger and its clock, over its end and start.
class LedgerClockTest : public testing::Test, public LedgerFixture {
 protected:
  void SetUp() override { options.time.boot_id = "boot"; }

  // Opens the ledger and appends one entry.
  absl::Status OpenAndAppend() {
    if (const absl::Status status = Open(); !status.ok()) return status;
    const auto opened = OpenWriter();
    if (!opened.ok()) return opened.status();
    return Append(Make({.epoch = opened->epoch})).status();
  }

  // What a closed ledger has stored.
  Head StoredHead() const {
    const auto store = Store::Open(options.database_path, options.cache_bytes);
    EXPECT_TRUE(store.ok()) << store.status();
    const auto head = (*store)->ReadHead();
    EXPECT_TRUE(head.ok()) << head.status();
    return *head;
  }
};

TEST_F(LedgerClockTest, AppendsNothingAfterAStepBeforeTheFirstAppend) {
  ASSERT_TRUE(Open().ok());
  const auto opened = OpenWriter();
  ASSERT_TRUE(opened.ok()) << opened.status();
  wall_ms += kTwoHoursMs;
  EXPECT_EQ(ReasonOf(Append(Make({.epoch = opened->epoch})).status()),
            rpc::v1::NOT_SERVING);
  Close();
  EXPECT_EQ(StoredHead().size, 0u);
}

TEST_F(LedgerClockTest, SealsNothingAfterAStep) {
  // Sealed at once after the start, then only at the end.
  options.sequencer.checkpoint_interval = std::chrono::hours(1);
  ASSERT_TRUE(OpenAndAppend().ok());
  WaitForCheckpoint();
  const uint64_t size = ledger->durable().value();
  const auto opened = OpenWriter();
  ASSERT_TRUE(opened.ok()) << opened.status();
  ASSERT_TRUE(Append(Make({.epoch = opened->epoch})).ok());
  wall_ms += kTwoHoursMs;
  Close();
  const Head head = StoredHead();
  EXPECT_EQ(head.size, size + 1);
  EXPECT_EQ(head.sealed_size, size);
  EXPECT_EQ(head.time_ms, kStartMs);
}

TEST_F(LedgerClockTest, ARestartDoesNotBelieveAStep) {
  ASSERT_TRUE(OpenAndAppend().ok());
  WaitForCheckpoint();
  Close();
  const Head before = StoredHead();
  wall_ms += kTwoHoursMs;
  EXPECT_EQ(ReasonOf(OpenAndAppend()), rpc::v1::NOT_SERVING);
  Close();
  EXPECT_EQ(StoredHead(), before);
  options.clock_confirmed = true;
  EXPECT_TRUE(OpenAndAppend().ok());
  Close();
  options.clock_confirmed = false;
  EXPECT_TRUE(OpenAndAppend().ok());
}

TEST_F(LedgerClockTest, AStartBehindTheLastEntryIsHaltedAndOpensNoWriter) {
  ASSERT_TRUE(OpenAndAppend().ok());
  const auto served = WaitForCheckpoint();
  Close();
  wall_ms -= kTwoHoursMs;
  ASSERT_TRUE(Open().ok());
  EXPECT_TRUE(ledger->halting().IsSet());
  EXPECT_EQ(ReasonOf(OpenWriter().status()), rpc::v1::NOT_SERVING);
  EXPECT_EQ(ledger->states().Newest()->note, served->note);
  Close();
  wall_ms += kTwoHoursMs;
  EXPECT_TRUE(OpenAndAppend().ok());
  EXPECT_FALSE(ledger->halting().IsSet());
}

TEST_F(LedgerClockTest, ComparesNothingOverARestartOfTheMachine) {
  ASSERT_TRUE(OpenAndAppend().ok());
  Close();
  options.time.boot_id = "another boot";
  wall_ms += kTwoHoursMs;
  EXPECT_TRUE(OpenAndAppend().ok());
}

}  // namespace
}  // namespace dataip::ledger
