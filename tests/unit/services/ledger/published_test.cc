#include "services/ledger/published.h"

#include <sys/resource.h>

#include "gtest/gtest.h"
#include "tests/unit/services/ledger/ledger_fixture.h"

namespace dataip::ledger {
namespace {

class LedgerWithoutDescriptors : public testing::Test, public LedgerFixture {
 protected:
  void SetUp() override {
    ASSERT_TRUE(Open().ok());
    const auto opened = OpenWriter();
    ASSERT_TRUE(opened.ok()) << opened.status();
    epoch = opened->epoch;
    getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit none{0, before_.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  }
  void TearDown() override { Restore(); }

  void Restore() { setrlimit(RLIMIT_NOFILE, &before_); }

  uint64_t epoch = 0;

 private:
  rlimit before_{};
};

TEST_F(LedgerWithoutDescriptors, AcknowledgesAndPublishesOnceThereIsOne) {
  ASSERT_TRUE(Append(Make({.epoch = epoch})).ok());
  ASSERT_TRUE(Append(Make({.epoch = epoch, .sequence = 1})).ok());
  EXPECT_EQ(ledger->published().value(), 0u);
  Restore();
  EXPECT_GE(WaitForCheckpoint()->size, 3u);
}

TEST_F(LedgerWithoutDescriptors, EndsAndLeavesTheCheckpointForTheNextStart) {
  ASSERT_TRUE(Append(Make({.epoch = epoch})).ok());
  ledger->Stop();
  EXPECT_EQ(ledger->published().value(), 0u);
  EXPECT_EQ(ledger->durable().value(), 2u);
  Restore();
  Close();
  ASSERT_TRUE(Open().ok());
  EXPECT_EQ(WaitForCheckpoint()->size, 2u);
}

}  // namespace
}  // namespace dataip::ledger
