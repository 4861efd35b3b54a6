// Writes the sequencer's batches, one after the other, each with one synced
// write, while the sequencer numbers and hashes the next. What follows from a
// durable batch happens here, in the order of the batches: the tree shows it,
// waiters are told, writers get their receipts, the checkpointer its seal.
//
// A failed write ends the process; nothing that follows it is acknowledged
// (architecture.md: DB::Resume() is never called).
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "core/base/limits.h"
#include "core/base/mutex.h"
#include "services/ledger/checkpointer.h"
#include "services/ledger/mapper.h"
#include "services/ledger/meters.h"
#include "services/ledger/milestone.h"
#include "services/ledger/store.h"
#include "services/ledger/tree.h"

namespace dataip::ledger {

// Durable entries of one message.
struct Receipt {
  uint64_t first_index = 0;
  std::vector<std::string> headers;
};

using AppendDone = std::function<void(absl::StatusOr<Receipt>)>;

// Some messages that are written together, and what they make of the ledger.
struct Commit {
  struct Acknowledgement {
    AppendDone done;
    Receipt receipt;
  };

  Store::Batch batch;
  uint64_t size = 0;  // of the ledger then
  Tree::Added nodes;
  std::vector<Acknowledgement> acknowledgements;
  std::optional<Sealed> sealed;
};

// Submit and AwaitAll are for one thread, the sequencer's.
class Committer {
 public:
  struct Parts {
    Store& store;
    Tree& tree;
    Checkpointer& checkpointer;
    Milestone& durable;
    Mapper& mapper;
    Meters* meters = nullptr;
  };
  // `ready` runs in the committer's thread each time IsReady becomes true; it
  // must not wait.
  Committer(Parts parts, std::function<void()> ready);
  // Writes what was submitted, then ends the thread.
  ~Committer();

  // Waits while limits::kCommitsInFlight are not on the disk yet.
  void Submit(Commit commit);

  // True when all that was submitted is on the disk: a batch would be written
  // at once. Any thread.
  bool IsReady() const;

  // Returns when all that was submitted is durable and acknowledged.
  void AwaitAll();

 private:
  void Run();
  // Nothing when the thread is to end.
  std::optional<Commit> Take();
  void Write(Commit& commit);
  void Follow(Commit& commit);

  const Parts parts_;
  const std::function<void()> ready_;
  uint64_t written_ = 0;  // size after the last write

  mutable base::Mutex mutex_;
  base::CondVar submitted_;
  base::CondVar progressed_;
  std::deque<Commit> waiting_ DATAIP_GUARDED_BY(mutex_);
  size_t unwritten_ DATAIP_GUARDED_BY(mutex_) = 0;
  size_t unfinished_ DATAIP_GUARDED_BY(mutex_) = 0;
  bool stopping_ DATAIP_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace dataip::ledger
