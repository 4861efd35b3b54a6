// A writer that remembers every acknowledgement, and what it had sent without
// one: after a restart it finds out which of that was stored and sends the
// rest again, as the registry does (architecture.md, "Writers are fenced").
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "client/ledger_client.h"
#include "core/base/mutex.h"
#include "core/hash/hash.h"
#include "dataip/ledger/v1/ledger.pb.h"

namespace dataip::test {

using hash::Hash;

// An entry that the ledger acknowledged.
struct Acknowledged {
  Hash leaf_hash;
  Hash payload_sha256;
};

// A checkpoint that the ledger served.
using ServedRoots = std::map<uint64_t, Hash>;

// What a ledger holds, as far as a writer must know it.
struct Contents {
  uint64_t size = 0;
  // The last entry that is not the ledger's own.
  bool has_foreign = false;
  uint64_t foreign_index = 0;
  Hash foreign_leaf_hash;
  // Index of every payload that is not the ledger's own.
  std::map<Hash, uint64_t> payloads;
  // Acknowledged entries that are not there, or others than were answered.
  uint64_t lost = 0;
};

struct WriterLoad {
  int most_entries = 16;  // of a message
  size_t most_payload_bytes = 600;
  int keys = 500;              // of the map
  size_t unacknowledged = 64;  // messages sent ahead
};

// Run in one thread; Acknowledgements and the counts in any.
class RecordingWriter {
 public:
  RecordingWriter(uint64_t seed, WriterLoad load);

  // Settles what was unknown by what the ledger holds, and opens an epoch.
  // DATA_LOSS when half a message is stored.
  absl::Status Open(client::LedgerClient& ledger, const Contents& contents);

  // Appends until the stream ends, or until `stop` answers true; then what was
  // sent is still waited for. The status is the one that ended the stream.
  absl::Status Run(client::LedgerClient& ledger,
                   const std::function<bool()>& stop);

  // Serves the newest checkpoints until a call fails, remembering them.
  void Watch(client::LedgerClient& ledger);

  // Waits until this many entries are acknowledged in all; false when Run
  // ended before or the time is over.
  bool AwaitAcknowledged(uint64_t count, std::chrono::milliseconds at_most);

  // By index.
  std::map<uint64_t, Acknowledged> acknowledged() const;
  uint64_t acknowledged_count() const;
  ServedRoots served() const;
  // Sent and never answered, as of the last Run.
  size_t unknown_messages() const { return unknown_.size(); }

 private:
  struct Message {
    ledger::v1::AppendRequest request;
    std::vector<Hash> payloads;  // SHA-256
  };
  Message NextMessage();
  void Acknowledge(const Message& message,
                   const ledger::v1::AppendResponse& response);
  void SendAll(client::AppendStream& stream, const std::function<bool()>& stop);

  const WriterLoad load_;
  std::mt19937_64 random_;
  uint64_t made_ = 0;
  uint64_t epoch_ = 0;
  std::deque<Message> unknown_;  // to be sent again before anything new

  mutable base::Mutex mutex_;
  base::CondVar changed_;
  std::deque<Message> sent_ DATAIP_GUARDED_BY(mutex_);
  std::map<uint64_t, Acknowledged> acknowledged_ DATAIP_GUARDED_BY(mutex_);
  ServedRoots served_ DATAIP_GUARDED_BY(mutex_);
  bool running_ DATAIP_GUARDED_BY(mutex_) = false;
  bool broken_ DATAIP_GUARDED_BY(mutex_) = false;
};

}  // namespace dataip::test
