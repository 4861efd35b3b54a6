// The one writer of the ledger: numbers, links and hashes entries, and seals
// them.
//
// One thread gathers what comes into a batch while the batches before are on
// their way to the disk (committer.h): a message is answered when it is
// durable and readable. A failed write ends the process.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <thread>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "core/base/limits.h"
#include "core/base/mutex.h"
#include "services/ledger/checkpointer.h"
#include "services/ledger/clock.h"
#include "services/ledger/committer.h"
#include "services/ledger/message.h"
#include "services/ledger/milestone.h"
#include "services/ledger/store.h"
#include "services/ledger/tree.h"
#include "services/ledger/writer_gate.h"

namespace dataip::ledger {

// What a writer believes to be the last entry that is not the ledger's own.
struct ExpectedTail {
  std::optional<uint64_t> index;  // nothing: there is none
  Hash leaf_hash;
};

struct OpenedWriter {
  uint64_t epoch = 0;
  uint64_t size = 0;
};

// UNAVAILABLE (NOT_SERVING).
absl::Status StoppingStatus();

struct SequencerOptions {
  std::chrono::milliseconds checkpoint_interval{limits::kCheckpointIntervalMs};
  std::chrono::milliseconds seal_refresh{limits::kSealRefreshMs};
  size_t queued_messages = limits::kQueuedMessages;
  size_t queued_bytes = limits::kQueuedBytes;
  size_t batch_entries = limits::kBatchEntries;  // when a batch is full
};

// Thread safe.
class Sequencer {
 public:
  using Parts = Committer::Parts;
  // Where the ledger stands.
  struct Start {
    Head head;
    uint64_t last_epoch = 0;
    // Of the last entry, by the wall clock.
    std::chrono::milliseconds age{0};
  };
  Sequencer(Parts parts, SequencerOptions options, Clock clock, Start start);
  // As Stop.
  ~Sequencer();

  // Callbacks run in the committer's thread, refusals in the sequencer's or,
  // when the message cannot queue, in the caller's; they must not wait.
  using OpenDone = std::function<void(absl::StatusOr<OpenedWriter>)>;

  // Refusals: those of WriterGate and Clock; RESOURCE_EXHAUSTED (OVERLOADED)
  // when the queue is full (an empty one takes a message of any size);
  // FAILED_PRECONDITION (OUTSIDE_WINDOW) when the time is outside the message's
  // bounds; UNAVAILABLE (NOT_SERVING) after Stop. After each of them the epoch
  // lives and expects the same sequence.
  void Append(PreparedMessage message, AppendDone done);

  // In line with the appends: what was accepted before is durable before the
  // tail is compared. ABORTED (UNEXPECTED_POSITION) when it is another;
  // the refusal of Clock while appends are halted.
  void OpenWriter(ExpectedTail expected, OpenDone done);

  // In line with the appends, however many wait: `answered` is called when
  // what was accepted before is durable and acknowledged; at once after Stop.
  // For a watchdog: while sequencer or committer are stuck it is not.
  void Ask(std::function<void()> answered);

  // What waits to be numbered.
  struct Queued {
    size_t messages = 0;
    size_t bytes = 0;
  };
  Queued queued();

  // Writes what is queued, seals, and ends the thread.
  void Stop();

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;

  struct AppendItem {
    PreparedMessage message;
    AppendDone done;
  };
  struct OpenItem {
    ExpectedTail expected;
    OpenDone done;
  };
  struct AskItem {
    std::function<void()> answered;
  };
  using Item = std::variant<AppendItem, OpenItem, AskItem>;

  void Run();
  // Waits for work: messages, a batch that can be written now, a seal that is
  // due. False when there is nothing left to do.
  bool Take(std::deque<Item>& items);
  static size_t BytesOf(const Item& item);
  bool HasRoom(size_t bytes) const DATAIP_REQUIRES(mutex_);
  // An item is being handled and waits no more.
  void Leave(size_t bytes);
  void Handle(AppendItem& item);
  void Handle(OpenItem& item);
  void Handle(AskItem& item);
  absl::Status Admit(AppendItem& item);
  absl::StatusOr<Receipt> ReadReceipt(const Placed& placed) const;
  // Completes the entry's header, adds both to the batch and returns the leaf
  // hash.
  Hash AddEntry(PreparedEntry& entry, int64_t time_ms);
  // When to seal next; nothing when there is no need.
  std::optional<SteadyTime> SealTime() const;
  // Gives the mapper what the entries so far have changed.
  void MapChanges();
  void SealWhenDue();
  // Ends the batch with a seal, unless the clock is not believed.
  void Seal();
  // Hands the batch to the committer.
  void Flush();
  // The same, and waits until everything so far is durable.
  void FlushAndWait();

  const Parts parts_;
  const SequencerOptions options_;

  // The sequencer's thread only: the ledger with the batch that is being
  // built.
  Clock clock_;
  WriterGate gate_;
  Head head_;
  std::vector<MapChange> changes_;  // of the map, for the mapper
  Store::Batch batch_;
  size_t batch_entries_ = 0;
  size_t batch_bytes_ = 0;
  std::vector<Commit::Acknowledgement> unacknowledged_;
  std::optional<Sealed> sealed_;
  SteadyTime last_seal_;
  SteadyTime refresh_at_;

  base::Mutex mutex_;
  base::CondVar changed_;
  std::deque<Item> queue_ DATAIP_GUARDED_BY(mutex_);
  Queued queued_ DATAIP_GUARDED_BY(mutex_);
  bool stopping_ DATAIP_GUARDED_BY(mutex_) = false;
  Committer committer_;
  std::thread thread_;
};

}  // namespace dataip::ledger
