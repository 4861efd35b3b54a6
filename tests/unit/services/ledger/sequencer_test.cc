#include "services/ledger/sequencer.h"

#include <atomic>
#include <future>

#include "client/status.h"
#include "core/base/limits.h"
#include "core/proof/chain.h"
#include "core/proof/header.h"
#include "gtest/gtest.h"
#include "tests/unit/services/ledger/ledger_fixture.h"

namespace dataip::ledger {
namespace {

using client::ErrorDetailOf;
using client::ReasonOf;

class SequencerTest : public testing::Test, public LedgerFixture {
 protected:
  void SetUp() override {
    ASSERT_TRUE(Open().ok());
    const auto opened = OpenWriter();
    ASSERT_TRUE(opened.ok()) << opened.status();
    epoch = opened->epoch;
  }

  uint64_t epoch = 0;
};

TEST_F(SequencerTest, RefusesAnEpochThatWasNeverOpened) {
  const auto receipt = Append(Make({.epoch = epoch + 1}));
  EXPECT_EQ(receipt.status().code(), absl::StatusCode::kAborted);
  EXPECT_EQ(ReasonOf(receipt.status()), rpc::v1::FENCED);
}

TEST_F(SequencerTest, RefusesTheOldEpochOnceAnotherIsOpen) {
  ASSERT_TRUE(Append(Make({.epoch = epoch})).ok());
  const auto newer = OpenWriter();
  ASSERT_TRUE(newer.ok()) << newer.status();
  EXPECT_GT(newer->epoch, epoch);
  const auto fenced = Append(Make({.epoch = epoch, .sequence = 1}));
  EXPECT_EQ(ReasonOf(fenced.status()), rpc::v1::FENCED);
  EXPECT_TRUE(Append(Make({.epoch = newer->epoch})).ok());
}

TEST_F(SequencerTest, RefusesEveryEpochAfterARestart) {
  Close();
  ASSERT_TRUE(Open().ok());
  const auto fenced = Append(Make({.epoch = epoch}));
  EXPECT_EQ(ReasonOf(fenced.status()), rpc::v1::FENCED);
  const auto opened = OpenWriter();
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_GT(opened->epoch, epoch);
}

TEST_F(SequencerTest, RefusesAWriterThatExpectsAnotherTail) {
  ASSERT_TRUE(Append(Make({.epoch = epoch})).ok());
  const auto none = OpenWriter(ExpectedTail());
  EXPECT_EQ(none.status().code(), absl::StatusCode::kAborted);
  EXPECT_EQ(ReasonOf(none.status()), rpc::v1::UNEXPECTED_POSITION);
  ExpectedTail other_hash = tail;
  other_hash.leaf_hash.bytes[0] ^= 1;
  EXPECT_TRUE(absl::IsAborted(OpenWriter(other_hash).status()));
  ExpectedTail other_index = tail;
  *other_index.index += 1;
  EXPECT_TRUE(absl::IsAborted(OpenWriter(other_index).status()));
  // The refused ones changed nothing.
  EXPECT_TRUE(Append(Make({.epoch = epoch, .sequence = 1})).ok());
}

TEST_F(SequencerTest, TakesTheTailBeforeSealsWhenAWriterOpens) {
  ASSERT_TRUE(Append(Make({.epoch = epoch})).ok());
  const auto state = WaitForCheckpoint();
  ASSERT_GT(state->size, *tail.index + 1);
  EXPECT_TRUE(OpenWriter().ok());
}

TEST_F(SequencerTest, NamesTheExpectedSequenceOnAGap) {
  ASSERT_TRUE(Append(Make({.epoch = epoch})).ok());
  const auto gap = Append(Make({.epoch = epoch, .sequence = 3}));
  EXPECT_EQ(gap.status().code(), absl::StatusCode::kFailedPrecondition);
  ASSERT_TRUE(ErrorDetailOf(gap.status()).has_value());
  EXPECT_EQ(ErrorDetailOf(gap.status())->expected_sequence(), 1u);
  EXPECT_TRUE(Append(Make({.epoch = epoch, .sequence = 1})).ok());
}

TEST_F(SequencerTest, AnswersARepeatWithTheFirstReceipt) {
  const MessageOf wanted{.epoch = epoch, .entries = 3, .key = "k"};
  const auto first = Append(Make(wanted));
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_TRUE(Append(Make({.epoch = epoch, .sequence = 1})).ok());
  const auto again = Append(Make(wanted));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->first_index, first->first_index);
  EXPECT_EQ(again->headers, first->headers);
}

TEST_F(SequencerTest, RefusesARepeatWithOtherBytes) {
  ASSERT_TRUE(Append(Make({.epoch = epoch, .text = "one"})).ok());
  const auto other = Append(Make({.epoch = epoch, .text = "two"}));
  EXPECT_EQ(other.status().code(), absl::StatusCode::kAborted);
  const auto bound =
      Append(Make({.epoch = epoch, .text = "one", .not_before_ms = 1}));
  EXPECT_EQ(bound.status().code(), absl::StatusCode::kAborted);
}

TEST_F(SequencerTest, ForgetsReceiptsOlderThanTheLimit) {
  for (uint64_t i = 0; i <= limits::kReceiptsKept; ++i) {
    ASSERT_TRUE(Append(Make({.epoch = epoch, .sequence = i})).ok());
  }
  EXPECT_TRUE(absl::IsAborted(Append(Make({.epoch = epoch})).status()));
  EXPECT_TRUE(Append(Make({.epoch = epoch, .sequence = 1})).ok());
}

TEST_F(SequencerTest, RefusesOutsideTheWindowAndKeepsTheSequence) {
  const auto early =
      Append(Make({.epoch = epoch, .not_before_ms = wall_ms + 1}));
  EXPECT_EQ(early.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReasonOf(early.status()), rpc::v1::OUTSIDE_WINDOW);
  const auto late = Append(Make({.epoch = epoch, .not_after_ms = wall_ms - 1}));
  EXPECT_EQ(ReasonOf(late.status()), rpc::v1::OUTSIDE_WINDOW);
  const auto within = Append(Make(
      {.epoch = epoch, .not_before_ms = wall_ms, .not_after_ms = wall_ms}));
  ASSERT_TRUE(within.ok()) << within.status();
  const auto header =
      proof::DecodeHeader(hash::AsBytes(within->headers.front()));
  EXPECT_EQ(header->time_ms, wall_ms);
}

TEST_F(SequencerTest, NeverGoesBackInTime) {
  ASSERT_TRUE(Append(Make({.epoch = epoch})).ok());
  const int64_t first = wall_ms;
  wall_ms -= limits::kClockToleranceMs;
  const auto receipt = Append(Make({.epoch = epoch, .sequence = 1}));
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_EQ(proof::DecodeHeader(hash::AsBytes(receipt->headers[0]))->time_ms,
            first);
}

TEST_F(SequencerTest, StopsWhenTheClockFallsBehindUntilConfirmed) {
  ASSERT_TRUE(Append(Make({.epoch = epoch})).ok());
  WaitForCheckpoint();
  wall_ms -= limits::kClockToleranceMs + 1;
  const auto halted = Append(Make({.epoch = epoch, .sequence = 1}));
  EXPECT_EQ(ReasonOf(halted.status()), rpc::v1::NOT_SERVING);
  wall_ms += 2 * limits::kClockToleranceMs;
  EXPECT_EQ(ReasonOf(Append(Make({.epoch = epoch, .sequence = 1})).status()),
            rpc::v1::NOT_SERVING);
  Close();
  wall_ms -= 3 * limits::kClockToleranceMs;
  options.clock_confirmed = true;
  ASSERT_TRUE(Open().ok());
  const auto opened = OpenWriter();
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_TRUE(Append(Make({.epoch = opened->epoch})).ok());
}

TEST_F(SequencerTest, StopsWhenTheClockJumpsAhead) {
  ASSERT_TRUE(Append(Make({.epoch = epoch})).ok());
  wall_ms += 60'000;
  monotonic_ms += 60'000;
  ASSERT_TRUE(Append(Make({.epoch = epoch, .sequence = 1})).ok());
  wall_ms += limits::kClockToleranceMs + 1;
  EXPECT_EQ(ReasonOf(Append(Make({.epoch = epoch, .sequence = 2})).status()),
            rpc::v1::NOT_SERVING);
}

TEST_F(SequencerTest, TellsThatTheClockHaltedIt) {
  bool told = false;
  ledger->halting().Then([&] { told = true; });
  ASSERT_TRUE(Append(Make({.epoch = epoch})).ok());
  EXPECT_FALSE(told);
  wall_ms += limits::kClockToleranceMs + 1;
  EXPECT_FALSE(Append(Make({.epoch = epoch, .sequence = 1})).ok());
  EXPECT_TRUE(told);
}

TEST_F(SequencerTest, RefusesAfterStop) {
  ledger->Stop();
  EXPECT_EQ(ReasonOf(Append(Make({.epoch = epoch})).status()),
            rpc::v1::NOT_SERVING);
  EXPECT_EQ(ReasonOf(OpenWriter().status()), rpc::v1::NOT_SERVING);
}

TEST_F(SequencerTest, RefusesWhenTheQueueIsFullAndTheEpochLives) {
  Close();
  options.sequencer.queued_messages = 1;
  options.sequencer.batch_entries = 1;
  ASSERT_TRUE(Open().ok());
  const auto opened = OpenWriter();
  ASSERT_TRUE(opened.ok());
  // The committer's thread is held by the first answer, so that batches and
  // then messages wait until there is no place.
  std::promise<void> entered;
  std::promise<void> released;
  ledger->sequencer().Append(Make({.epoch = opened->epoch}),
                             [&](const absl::StatusOr<Receipt>&) {
                               entered.set_value();
                               released.get_future().wait();
                             });
  entered.get_future().wait();
  std::atomic<size_t> accepted = 0;
  absl::Status overloaded;
  uint64_t sequence = 0;
  while (overloaded.ok()) {
    ASSERT_LE(sequence, limits::kCommitsInFlight + 2);
    ledger->sequencer().Append(
        Make({.epoch = opened->epoch, .sequence = ++sequence}),
        [&](const absl::StatusOr<Receipt>& receipt) {
          if (!receipt.ok()) overloaded = receipt.status();
          if (receipt.ok()) ++accepted;
          accepted.notify_one();
        });
  }
  EXPECT_EQ(overloaded.code(), absl::StatusCode::kResourceExhausted);
  ASSERT_TRUE(ErrorDetailOf(overloaded).has_value());
  EXPECT_GT(ErrorDetailOf(overloaded)->retry_after_ms(), 0u);
  released.set_value();
  for (size_t now; (now = accepted) < sequence - 1;) accepted.wait(now);
  const auto later =
      Append(Make({.epoch = opened->epoch, .sequence = sequence + 1}));
  ASSERT_TRUE(ErrorDetailOf(later.status()).has_value());
  EXPECT_EQ(ErrorDetailOf(later.status())->expected_sequence(), sequence);
  EXPECT_TRUE(
      Append(Make({.epoch = opened->epoch, .sequence = sequence})).ok());
}

TEST_F(SequencerTest, TakesAMessageOfAnySizeIntoAnEmptyQueue) {
  Close();
  options.sequencer.queued_bytes = 1;
  ASSERT_TRUE(Open().ok());
  const auto opened = OpenWriter();
  ASSERT_TRUE(opened.ok());
  for (uint64_t i = 0; i < 3; ++i) {
    EXPECT_TRUE(Append(Make({.epoch = opened->epoch, .sequence = i})).ok());
  }
  EXPECT_EQ(ledger->sequencer().queued().bytes, 0u);
}

// The committer's thread is held by the first answer; the others follow when
// it is released.
class HeldSequencerTest : public SequencerTest {
 protected:
  // Sends `count` messages of one entry behind the held one.
  void Send(uint64_t opened_epoch, uint64_t count) {
    ledger->sequencer().Append(Make({.epoch = opened_epoch}),
                               [this](const absl::StatusOr<Receipt>&) {
                                 entered_.set_value();
                                 released_.get_future().wait();
                               });
    entered_.get_future().wait();
    for (uint64_t i = 1; i <= count; ++i) {
      ledger->sequencer().Append(
          Make({.epoch = opened_epoch, .sequence = i}),
          [this](const absl::StatusOr<Receipt>& receipt) {
            if (receipt.ok()) {
              indices.push_back(receipt->first_index);
            } else {
              ++refused;
            }
          });
    }
  }
  void Release() { released_.set_value(); }

  std::vector<uint64_t> indices;
  std::atomic<uint64_t> refused = 0;

 private:
  std::promise<void> entered_;
  std::promise<void> released_;
};

TEST_F(HeldSequencerTest, SealsInTimeThoughAFullQueueWasTaken) {
  Close();
  options.sequencer.checkpoint_interval = std::chrono::milliseconds(0);
  options.sequencer.batch_entries = 1;
  ASSERT_TRUE(Open().ok());
  const auto opened = OpenWriter();
  ASSERT_TRUE(opened.ok());
  Send(opened->epoch, 20);
  Release();
  ledger->Stop();
  ASSERT_EQ(indices.size(), 20u);
  for (size_t i = 1; i < indices.size(); ++i) {
    EXPECT_EQ(indices[i], indices[i - 1] + 2) << i;
  }
}

TEST_F(HeldSequencerTest, HoldsNoMoreThanTheQueueWhatWasTakenIncluded) {
  constexpr uint64_t kQueued = 4;
  constexpr uint64_t kSent = 100;
  Close();
  options.sequencer.queued_messages = kQueued;
  options.sequencer.batch_entries = 1;
  ASSERT_TRUE(Open().ok());
  const auto opened = OpenWriter();
  ASSERT_TRUE(opened.ok());
  Send(opened->epoch, kSent);
  const uint64_t held = kSent - refused;
  EXPECT_LE(ledger->sequencer().queued().messages, kQueued);
  // Those of the batches that are under way, one that waits to be one, and
  // one that is being numbered.
  EXPECT_LE(held, kQueued + limits::kCommitsInFlight + 2);
  Release();
  ledger->Stop();
}

TEST_F(SequencerTest, LinksEveryHeaderFromTheOrigin) {
  for (uint64_t i = 0; i < 5; ++i) {
    ASSERT_TRUE(
        Append(Make({.epoch = epoch, .sequence = i, .entries = 3})).ok());
    WaitForCheckpoint();
  }
  proof::Hash prev = proof::ChainStart(ledger->origin());
  const uint64_t size = ledger->durable().value();
  EXPECT_GE(size, 20u);
  ASSERT_TRUE(ledger->store()
                  .ForEachEntry({0, size},
                                [&](const EntryView& entry) {
                                  const Bytes bytes =
                                      hash::AsBytes(entry.header);
                                  const auto header =
                                      proof::DecodeHeader(bytes);
                                  EXPECT_TRUE(header.ok());
                                  EXPECT_EQ(header->index, entry.index);
                                  EXPECT_EQ(header->prev, prev);
                                  EXPECT_TRUE(proof::PayloadMatches(
                                      *header, hash::AsBytes(entry.payload)));
                                  prev = proof::NextPrev(bytes);
                                  return true;
                                })
                  .ok());
}

TEST_F(SequencerTest, MakesNoCheckpointsWhenIdle) {
  ASSERT_TRUE(Append(Make({.epoch = epoch})).ok());
  const uint64_t size = WaitForCheckpoint()->size;
  Close();
  ASSERT_TRUE(Open().ok());
  Close();
  ASSERT_TRUE(Open().ok());
  EXPECT_EQ(ledger->durable().value(), size);
  EXPECT_EQ(ledger->published().value(), size);
}

TEST_F(SequencerTest, SealsAgainWhenTheLastSealIsOld) {
  Close();
  options.sequencer.seal_refresh = std::chrono::milliseconds(20);
  ASSERT_TRUE(Open().ok());
  const auto opened = OpenWriter();
  ASSERT_TRUE(Append(Make({.epoch = opened->epoch})).ok());
  const auto first = WaitForCheckpoint();
  const auto second = WaitForCheckpoint(first->size + 1);
  EXPECT_EQ(second->size, first->size + 1);
}

}  // namespace
}  // namespace dataip::ledger
