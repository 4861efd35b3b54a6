#include "services/ledger/answers.h"

#include <functional>
#include <optional>

#include "gtest/gtest.h"
#include "services/common/latch.h"

namespace dataip::ledger {
namespace {

constexpr std::chrono::seconds kLong{60};
constexpr std::chrono::seconds kDeadline{10};

Answers::Limits LimitsOf(size_t bytes, std::chrono::milliseconds patience) {
  return {.bytes = bytes,
          .kept_bytes = {0, bytes / 4, bytes / 2},
          .calls = 4,
          .threads = 1,
          .patience = patience};
}

// A place that waits.
struct Waiting {
  Waiting(Answers::Place& place, size_t bytes) {
    place.Await(bytes, [this](absl::Status given) {
      status = std::move(given);
      granted.Set();
    });
  }
  std::optional<absl::Status> status;
  services::Latch granted;
};

// Has taken an answer before.
void Prove(Answers::Place& place) {
  ASSERT_TRUE(place.TryReserve(1));
  place.Sending(1);
  place.Release();
}

TEST(Answers, RefuseACallTooMany) {
  Answers answers(LimitsOf(100, kLong));
  std::vector<std::shared_ptr<Answers::Place>> places;
  for (int i = 0; i < 4; ++i)
    places.push_back(answers.Enter(Answers::kNew, [] {}));
  EXPECT_EQ(answers.Enter(Answers::kNew, [] {}), nullptr);
  places.pop_back();
  EXPECT_NE(answers.Enter(Answers::kNew, [] {}), nullptr);
}

TEST(Answers, KeepAPartForThoseWhoRead) {
  Answers answers(LimitsOf(100, kLong));
  const auto reader = answers.Enter(Answers::kNew, [] {});
  Prove(*reader);
  const auto first = answers.Enter(Answers::kNew, [] {});
  const auto second = answers.Enter(Answers::kNew, [] {});
  EXPECT_TRUE(first->TryReserve(50));
  EXPECT_FALSE(second->TryReserve(50));
  EXPECT_TRUE(reader->TryReserve(50));
}

// However many streams read, and however fast.
TEST(Answers, KeepAPartForNewReadersAndSingleReads) {
  Answers answers({.bytes = 100, .kept_bytes = {10, 20, 50}, .calls = 8});
  const auto before = answers.Enter(Answers::kSingle, [] {});
  ASSERT_TRUE(before->TryReserve(1));
  const auto reader = answers.Enter(Answers::kNew, [] {});
  Prove(*reader);
  EXPECT_FALSE(reader->TryReserve(71));
  EXPECT_TRUE(reader->TryReserve(70));
  const auto other = answers.Enter(Answers::kNew, [] {});
  Prove(*other);
  Waiting more(*other, 1);
  const auto stream = answers.Enter(Answers::kNew, [] {});
  EXPECT_FALSE(stream->TryReserve(21));
  EXPECT_TRUE(stream->TryReserve(20));
  const auto single = answers.Enter(Answers::kSingle, [] {});
  EXPECT_FALSE(single->TryReserve(10));
  EXPECT_TRUE(single->TryReserve(9));
  EXPECT_FALSE(more.granted.WaitFor(std::chrono::milliseconds(0)));
  reader->Release();
  EXPECT_TRUE(more.granted.WaitFor(kDeadline));
}

TEST(Answers, ASingleReadIsNotBehindTheStreams) {
  Answers answers({.bytes = 100, .kept_bytes = {10, 20, 50}, .calls = 4});
  const auto reader = answers.Enter(Answers::kNew, [] {});
  Prove(*reader);
  ASSERT_TRUE(reader->TryReserve(60));
  const auto first = answers.Enter(Answers::kSingle, [] {});
  ASSERT_TRUE(first->TryReserve(15));
  const auto stream = answers.Enter(Answers::kNew, [] {});
  Waiting behind(*stream, 100);
  const auto second = answers.Enter(Answers::kSingle, [] {});
  Waiting single(*second, 10);
  EXPECT_FALSE(single.granted.WaitFor(std::chrono::milliseconds(0)));
  first->Release();
  EXPECT_TRUE(single.granted.WaitFor(kDeadline));
  EXPECT_FALSE(behind.granted.WaitFor(std::chrono::milliseconds(0)));
  stream->Leave(absl::CancelledError("enough"));
}

// A single read is over with its answer.
TEST(Answers, OnlyStreamsAreProven) {
  Answers answers({.bytes = 100, .kept_bytes = {0, 0, 50}, .calls = 4});
  const auto other = answers.Enter(Answers::kSingle, [] {});
  ASSERT_TRUE(other->TryReserve(1));
  const auto single = answers.Enter(Answers::kSingle, [] {});
  Prove(*single);
  EXPECT_FALSE(single->TryReserve(50));
  EXPECT_TRUE(single->TryReserve(49));
}

// Those who work all the time do not keep the stalled from being cut.
TEST(Answers, CutWhileThereIsAlwaysSomethingToDo) {
  Answers answers(LimitsOf(100, std::chrono::milliseconds(20)));
  services::Latch cut;
  const auto stalled = answers.Enter(Answers::kNew, [&cut] { cut.Set(); });
  const auto waiting = answers.Enter(Answers::kNew, [] {});
  const auto busy = answers.Enter(Answers::kSingle, [] {});
  ASSERT_TRUE(stalled->TryReserve(40));
  stalled->Sending(40);
  Waiting room(*waiting, 50);
  services::Latch ended;
  std::function<void(absl::Status)> again = [&](const absl::Status& status) {
    if (!status.ok() || cut.IsSet()) return ended.Set();
    busy->Release();
    busy->Await(1, again);
  };
  busy->Await(1, again);
  EXPECT_TRUE(cut.WaitFor(kDeadline));
  EXPECT_TRUE(ended.WaitFor(kDeadline));
  waiting->Leave(absl::CancelledError("enough"));
}

TEST(Answers, GiveRoomInOrder) {
  Answers answers(LimitsOf(100, kLong));
  const auto holder = answers.Enter(Answers::kNew, [] {});
  const auto first = answers.Enter(Answers::kNew, [] {});
  const auto second = answers.Enter(Answers::kNew, [] {});
  ASSERT_TRUE(holder->TryReserve(40));
  Waiting large(*first, 45);
  Waiting small(*second, 5);
  EXPECT_FALSE(large.granted.WaitFor(std::chrono::milliseconds(0)));
  EXPECT_FALSE(small.granted.WaitFor(std::chrono::milliseconds(0)));
  holder->Release();
  EXPECT_TRUE(large.granted.WaitFor(kDeadline));
  EXPECT_TRUE(small.granted.WaitFor(kDeadline));
  EXPECT_TRUE(large.status->ok() && small.status->ok());
}

TEST(Answers, CountWhatIsReallySent) {
  Answers answers(LimitsOf(100, kLong));
  const auto first = answers.Enter(Answers::kNew, [] {});
  const auto second = answers.Enter(Answers::kNew, [] {});
  ASSERT_TRUE(first->TryReserve(50));
  first->Sending(10);
  EXPECT_TRUE(second->TryReserve(40));
  second->Sending(1'000);
  first->Release();
  EXPECT_FALSE(first->TryReserve(1));
}

TEST(Answers, CutWhoDoesNotTakeHisWhileOthersWait) {
  Answers answers(LimitsOf(100, std::chrono::milliseconds(20)));
  services::Latch cut;
  const auto stalled = answers.Enter(Answers::kNew, [&cut] { cut.Set(); });
  const auto other = answers.Enter(Answers::kNew, [] {});
  ASSERT_TRUE(stalled->TryReserve(50));
  stalled->Sending(50);
  EXPECT_FALSE(cut.WaitFor(std::chrono::milliseconds(50)));
  Waiting waiting(*other, 50);
  ASSERT_TRUE(cut.WaitFor(kDeadline));
  // Its memory may still be held.
  stalled->Release();
  EXPECT_FALSE(waiting.granted.WaitFor(std::chrono::milliseconds(0)));
  other->Leave(absl::CancelledError("enough"));
}

TEST(Answers, CutForACallThatIsRefused) {
  Answers answers(LimitsOf(100, std::chrono::milliseconds(20)));
  services::Latch cut;
  std::vector<std::shared_ptr<Answers::Place>> places;
  for (int i = 0; i < 4; ++i) {
    places.push_back(answers.Enter(Answers::kNew, [&cut] { cut.Set(); }));
  }
  ASSERT_TRUE(places[0]->TryReserve(1));
  places[0]->Sending(1);
  EXPECT_EQ(answers.Enter(Answers::kNew, [] {}), nullptr);
  EXPECT_TRUE(cut.WaitFor(kDeadline));
}

TEST(Answers, EndWaitingWhenTheCallOrTheServerEnds) {
  Answers answers(LimitsOf(100, kLong));
  const auto holder = answers.Enter(Answers::kNew, [] {});
  const auto first = answers.Enter(Answers::kNew, [] {});
  const auto second = answers.Enter(Answers::kNew, [] {});
  ASSERT_TRUE(holder->TryReserve(50));
  Waiting left(*first, 50);
  Waiting closed(*second, 50);
  first->Leave(absl::CancelledError("gone"));
  ASSERT_TRUE(left.granted.WaitFor(kDeadline));
  EXPECT_TRUE(absl::IsCancelled(*left.status));
  answers.Close(absl::UnavailableError("stopping"));
  ASSERT_TRUE(closed.granted.WaitFor(kDeadline));
  EXPECT_TRUE(absl::IsUnavailable(*closed.status));
  Waiting late(*second, 1);
  EXPECT_TRUE(absl::IsUnavailable(*late.status));
}

}  // namespace
}  // namespace dataip::ledger
