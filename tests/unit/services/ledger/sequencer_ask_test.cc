// What a watchdog asks of the sequencer.
#include <future>

#include "gtest/gtest.h"
#include "services/ledger/sequencer.h"
#include "tests/unit/services/ledger/ledger_fixture.h"

namespace dataip::ledger {
namespace {

class SequencerAskTest : public testing::Test, public LedgerFixture {
 protected:
  // A queue of one message, and a committer that is held in an answer.
  void SetUp() override {
    options.sequencer.queued_messages = 1;
    ASSERT_TRUE(Open().ok());
    const auto opened = OpenWriter();
    ASSERT_TRUE(opened.ok()) << opened.status();
    epoch = opened->epoch;
    std::promise<void> entered;
    ledger->sequencer().Append(Make({.epoch = epoch}),
                               [&](const absl::StatusOr<Receipt>& receipt) {
                                 EXPECT_TRUE(receipt.ok()) << receipt.status();
                                 entered.set_value();
                                 released.get_future().wait();
                               });
    entered.get_future().wait();
  }

  std::future<void> Ask() {
    auto answered = std::make_shared<std::promise<void>>();
    ledger->sequencer().Ask([answered] { answered->set_value(); });
    return answered->get_future();
  }

  uint64_t epoch = 0;
  std::promise<void> released;
};

TEST_F(SequencerAskTest, IsNotAnsweredWhileTheCommitterIsStuck) {
  const std::future<void> answered = Ask();
  EXPECT_EQ(answered.wait_for(std::chrono::milliseconds(50)),
            std::future_status::timeout);
  released.set_value();
  answered.wait();
}

TEST_F(SequencerAskTest, IsAnsweredThoughTheQueueIsFull) {
  const std::future<void> first = Ask();
  const std::future<void> second = Ask();
  const std::future<void> third = Ask();
  released.set_value();
  first.wait();
  second.wait();
  third.wait();
  EXPECT_EQ(ledger->sequencer().queued().messages, 0u);
  EXPECT_TRUE(Append(Make({.epoch = epoch, .sequence = 1})).ok());
}

TEST_F(SequencerAskTest, IsAnsweredAtOnceOnceItHasStopped) {
  released.set_value();
  ledger->Stop();
  EXPECT_EQ(Ask().wait_for(std::chrono::seconds(0)), std::future_status::ready);
}

}  // namespace
}  // namespace dataip::ledger
