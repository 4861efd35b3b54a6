// Load on a ledger: a writer at a given pace through one stream after the
// other, strays under an epoch that is over, and a reader of proofs.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <vector>

#include "absl/status/status.h"
#include "client/ledger_client.h"
#include "core/base/mutex.h"
#include "dataip/ledger/v1/ledger.pb.h"
#include "services/common/latch.h"
#include "tests/support/recording_writer.h"

namespace dataip::test {

// Of one message: so many that the ledger's queue holds more than what is
// written while a refused writer waits as it is advised.
constexpr int kEntries = 64;

using SteadyTime = std::chrono::steady_clock::time_point;

// Refusals by what they carry.
struct Refusals {
  std::atomic<uint64_t> with_advice{0};     // RESOURCE_EXHAUSTED, retry_after
  std::atomic<uint64_t> without_advice{0};  // RESOURCE_EXHAUSTED alone
  std::atomic<uint64_t> fenced{0};          // of the strays
  std::atomic<uint64_t> others{0};

  // How long to wait before the next try.
  std::chrono::milliseconds Add(const absl::Status& status);
};

struct Pace {
  double messages_per_s = 0;  // 0: as fast as they are taken
  size_t unacknowledged = 0;
  std::chrono::milliseconds time{0};
};

// One epoch. A refused message is sent again with its sequence, as is all
// that followed it; what is due while too much waits is shed.
class PacedWriter {
 public:
  PacedWriter(client::LedgerClient& ledger, uint64_t epoch)
      : ledger_(ledger), epoch_(epoch) {}

  // Appends at that pace until the time is over and all is answered. The
  // status that ended a stream when it was no refusal for overload.
  absl::Status Run(const Pace& pace, Refusals& refusals);

  // One message alone, by AppendOne; how long it took.
  absl::StatusOr<std::chrono::microseconds> AppendOne();

  const std::map<uint64_t, Acknowledged>& acknowledged() const {
    return acknowledged_;
  }
  uint64_t messages() const { return acknowledged_messages_; }
  uint64_t shed() const { return shed_; }

 private:
  struct Message {
    ledger::v1::AppendRequest request;
    std::vector<Hash> payloads;
  };
  // One stream: until the end or a refusal.
  absl::Status RunStream(const Pace& pace, SteadyTime end);
  void Send(client::AppendStream& stream, const Pace& pace, SteadyTime end);
  // Waits as the last refusal advised; false when the stream has ended.
  bool AwaitAdvised();
  // Whether a new message is due and may be sent; waits for that.
  bool AwaitDue(const Pace& pace, SteadyTime end);
  Message Make();
  void Acknowledge(const Message& message,
                   const ledger::v1::AppendResponse& response);

  client::LedgerClient& ledger_;
  const uint64_t epoch_;
  uint64_t next_sequence_ = 0;
  SteadyTime next_due_;
  SteadyTime advised_;  // nothing is sent before
  uint64_t shed_ = 0;
  uint64_t acknowledged_messages_ = 0;
  std::map<uint64_t, Acknowledged> acknowledged_;

  base::Mutex mutex_;
  base::CondVar changed_;
  std::deque<Message> waiting_ DATAIP_GUARDED_BY(mutex_);
  bool ended_ DATAIP_GUARDED_BY(mutex_) = false;
};

// Messages of an epoch that is over, until `stop`.
void Stray(client::LedgerClient& ledger, services::Latch& stop,
           Refusals& refusals);

// State proofs one after the other until `stop`; their times, and how many
// failed.
struct Reads {
  std::vector<std::chrono::microseconds> times;
  uint64_t failed = 0;
};
Reads ReadProofs(client::LedgerClient& ledger, services::Latch& stop);

}  // namespace dataip::test
