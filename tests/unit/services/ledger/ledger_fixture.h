// A real ledger in a temporary folder, and synchronous calls to it.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/ledger/ledger.h"
#include "tests/support/process.h"

namespace dataip::ledger {

// What a message asks for; filled with small entries.
struct MessageOf {
  uint64_t epoch = 0;
  uint64_t sequence = 0;
  size_t entries = 1;
  std::string text = "payload";
  std::string type = "test.Entry";
  // One update of this key in the first entry, with SHA-256 of `text`.
  std::string key;
  int64_t not_before_ms = 0;
  int64_t not_after_ms = 0;
};

PreparedMessage Make(const MessageOf& wanted);

Signing MakeTestSigning(const std::string& origin);

class LedgerFixture {
 public:
  LedgerFixture();

  // Opens it (again); the one before must be closed.
  absl::Status Open();
  void Close() { ledger.reset(); }

  absl::StatusOr<Receipt> Append(PreparedMessage message);
  absl::StatusOr<OpenedWriter> OpenWriter(const ExpectedTail& expected);
  // Names what Append last gave back as the tail.
  absl::StatusOr<OpenedWriter> OpenWriter() { return OpenWriter(tail); }
  // Waits until a checkpoint of this size is published.
  std::shared_ptr<const State> WaitForCheckpoint(uint64_t min_size);
  // Waits until everything appended so far is under a checkpoint.
  std::shared_ptr<const State> WaitForCheckpoint() {
    return WaitForCheckpoint(ledger->durable().value());
  }

  test::TempDir dir;
  LedgerOptions options;
  std::atomic<int64_t> wall_ms = 1'700'000'000'000;
  std::atomic<int64_t> monotonic_ms = 0;
  ExpectedTail tail;
  std::unique_ptr<Ledger> ledger;
};

}  // namespace dataip::ledger
