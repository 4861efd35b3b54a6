#include "services/ledger/committer.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <future>
#include <vector>

#include "client/status.h"
#include "core/proof/header.h"
#include "gtest/gtest.h"
#include "services/ledger/sequencer.h"
#include "tests/unit/services/ledger/ledger_fixture.h"

namespace dataip::ledger {
namespace {

using client::ReasonOf;

constexpr size_t kMessages = 200;

// Small batches, so that several are on their way at once.
class PipelineTest : public testing::Test, public LedgerFixture {
 protected:
  void SetUp() override {
    options.sequencer.batch_entries = 4;
    ASSERT_TRUE(Open().ok());
    const auto opened = OpenWriter();
    ASSERT_TRUE(opened.ok()) << opened.status();
    epoch = opened->epoch;
  }

  // Of 1 to 7 entries.
  void Send(uint64_t sequence, AppendDone done) {
    ledger->sequencer().Append(Make({.epoch = epoch,
                                     .sequence = sequence,
                                     .entries = sequence % 7 + 1}),
                               std::move(done));
  }

  uint64_t epoch = 0;
};

TEST_F(PipelineTest, AcknowledgesInOrderWhatIsDurableAndReadable) {
  std::vector<uint64_t> sequences;
  std::promise<void> all;
  uint64_t next_index = 0;
  for (uint64_t i = 0; i < kMessages; ++i) {
    Send(i, [&, i](const absl::StatusOr<Receipt>& receipt) {
      ASSERT_TRUE(receipt.ok()) << receipt.status();
      ASSERT_EQ(receipt->headers.size(), i % 7 + 1);
      // Seals stand between messages, never inside.
      EXPECT_GE(receipt->first_index, next_index);
      next_index = receipt->first_index + receipt->headers.size();
      EXPECT_GE(ledger->durable().value(), next_index);
      for (size_t n = 0; n < receipt->headers.size(); ++n) {
        const auto stored =
            ledger->store().ReadHeader(receipt->first_index + n);
        EXPECT_TRUE(stored.ok() && *stored == receipt->headers[n]);
      }
      sequences.push_back(i);
      if (i + 1 == kMessages) all.set_value();
    });
  }
  all.get_future().wait();
  ASSERT_EQ(sequences.size(), kMessages);
  EXPECT_TRUE(std::is_sorted(sequences.begin(), sequences.end()));
}

TEST_F(PipelineTest, AWriterOpensAfterAllThatWasAcceptedBefore) {
  std::atomic<size_t> acknowledged = 0;
  for (uint64_t i = 0; i < kMessages; ++i) {
    Send(i, [&](const absl::StatusOr<Receipt>& receipt) {
      acknowledged += receipt.ok();
      if (!receipt.ok()) return;
      tail.index = receipt->first_index + receipt->headers.size() - 1;
      tail.leaf_hash = hash::LeafHash(hash::AsBytes(receipt->headers.back()));
    });
  }
  // The tail is not this one any more.
  EXPECT_TRUE(absl::IsAborted(OpenWriter(ExpectedTail()).status()));
  EXPECT_EQ(acknowledged, kMessages);
  const auto opened = OpenWriter();
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(
      ReasonOf(Append(Make({.epoch = epoch, .sequence = kMessages})).status()),
      rpc::v1::FENCED);
  EXPECT_TRUE(Append(Make({.epoch = opened->epoch})).ok());
}

TEST_F(PipelineTest, AnswersARepeatOfAMessageThatIsOnItsWay) {
  std::promise<Receipt> first;
  std::promise<Receipt> repeated;
  Send(0, [&](absl::StatusOr<Receipt> receipt) {
    first.set_value(*std::move(receipt));
  });
  Send(0, [&](absl::StatusOr<Receipt> receipt) {
    repeated.set_value(*std::move(receipt));
  });
  const Receipt receipt = first.get_future().get();
  const Receipt again = repeated.get_future().get();
  EXPECT_EQ(again.first_index, receipt.first_index);
  EXPECT_EQ(again.headers, receipt.headers);
}

TEST_F(PipelineTest, StopAcknowledgesAllThatWasAccepted) {
  std::atomic<size_t> acknowledged = 0;
  for (uint64_t i = 0; i < kMessages; ++i) {
    Send(i, [&](const absl::StatusOr<Receipt>& receipt) {
      acknowledged += receipt.ok();
    });
  }
  ledger->Stop();
  EXPECT_EQ(acknowledged, kMessages);
  const uint64_t size = ledger->durable().value();
  EXPECT_EQ(ledger->published().value(), size);
}

// A disk on which files cannot grow any more: the write that fails is
// somewhere in the middle of several batches.
class FailingDisk : public PipelineTest {
 protected:
  // A death test runs again in a process of its own: both use one folder.
  void SetUp() override {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    setenv("DATAIP_FAILING_DISK", dir.path().c_str(), 0);
    folder = getenv("DATAIP_FAILING_DISK");
    options.database_path = folder + "/db";
    options.published_path = folder + "/published";
    options.sequencer.checkpoint_interval = std::chrono::hours(1);
  }
  void TearDown() override { unsetenv("DATAIP_FAILING_DISK"); }

  [[noreturn]] void AppendUntilTheDiskFails() {
    PipelineTest::SetUp();
    const int record =
        open((folder + "/acknowledged").c_str(), O_CREAT | O_WRONLY, 0644);
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{kFileBytes, kFileBytes};
    setrlimit(RLIMIT_FSIZE, &limit);
    for (uint64_t i = 0; i < kFileBytes; ++i) {
      Send(i, [record](const absl::StatusOr<Receipt>& receipt) {
        if (!receipt.ok()) return;
        const uint64_t size = receipt->first_index + receipt->headers.size();
        if (pwrite(record, &size, sizeof(size), 0) != sizeof(size)) _exit(3);
      });
    }
    _exit(4);
  }

  static constexpr uint64_t kFileBytes = 200'000;
  std::string folder;
};

TEST_F(FailingDisk, EndsTheProcessAndAcknowledgesNothingThatIsLost) {
  EXPECT_EXIT(AppendUntilTheDiskFails(), testing::KilledBySignal(SIGABRT),
              "write failed|the database failed");
  const std::string record = test::ReadFile(folder + "/acknowledged");
  uint64_t acknowledged = 0;
  ASSERT_EQ(record.size(), sizeof(acknowledged));
  record.copy(reinterpret_cast<char*>(&acknowledged), record.size());
  EXPECT_GT(acknowledged, 0u);
  const auto store = Store::Open(options.database_path, options.cache_bytes);
  ASSERT_TRUE(store.ok()) << store.status();
  EXPECT_GE((*store)->ReadHead()->size, acknowledged);
}

}  // namespace
}  // namespace dataip::ledger
