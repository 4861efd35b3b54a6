// Which message may be appended: epochs, sequences and repeats
// (architecture.md, "Writers are fenced"). Pure bookkeeping of one thread.
#pragma once

#include <cstdint>
#include <deque>

#include "absl/status/statusor.h"
#include "services/ledger/message.h"

namespace dataip::ledger {

// Where the entries of an accepted message stand.
struct Placed {
  uint64_t first_index = 0;
  uint64_t count = 0;
};

class WriterGate {
 public:
  // `last_epoch` is the last one ever opened; it is over: a restart ends
  // every epoch.
  explicit WriterGate(uint64_t last_epoch) : last_epoch_(last_epoch) {}

  struct Admission {
    bool repeated = false;
    Placed placed;  // of the first time, when repeated
  };
  // Whether the message may be appended now, or was before. ABORTED (FENCED)
  // for an epoch that is not live, for other bytes under a known sequence, and
  // for a sequence older than the limits::kReceiptsKept last ones;
  // FAILED_PRECONDITION (UNEXPECTED_POSITION) with the expected sequence for
  // one that is ahead.
  absl::StatusOr<Admission> Admit(const PreparedMessage& message) const;

  // The message just admitted was appended there.
  void Accept(const PreparedMessage& message, Placed placed);

  // The number of the next epoch; nothing changes before Opened.
  uint64_t NextEpoch() const { return last_epoch_ + 1; }
  // The next epoch is stored: it is the live one now.
  void Opened();

 private:
  struct Receipt {
    Hash digest;
    Placed placed;
  };

  uint64_t last_epoch_;
  bool live_ = false;
  uint64_t next_sequence_ = 0;
  std::deque<Receipt> receipts_;  // of the sequences before next_sequence_
};

// The refusal of a writer whose epoch is over.
absl::Status FencedStatus();

}  // namespace dataip::ledger
