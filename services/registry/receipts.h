// Receipts of filings: the entry's place, and the first checkpoint that
// covers it. One thread follows the ledger's checkpoints for all who wait, so
// that a waiting call holds none.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "client/ledger_client.h"
#include "core/base/mutex.h"
#include "dataip/registry/v1/transition.pb.h"
#include "services/registry/checkpoint_history.h"

namespace dataip::registryd {

namespace v1 = ::dataip::registry::v1;

// Thread safe.
class ReceiptDesk {
 public:
  // The ledger outlives it.
  ReceiptDesk(client::LedgerClient& ledger, std::string origin);
  // Stop().
  ~ReceiptDesk();

  struct Place {
    uint64_t index = 0;
    std::string header;
  };
  using Take = std::function<void(v1::Receipt)>;

  // Calls `take` once: with inclusion path and checkpoint as soon as there is
  // one, without them after limits::kReceiptWaitMs or when stopped.
  void Await(Place place, Take take);

  // The newest checkpoint seen at which the state after entry `last_index` is
  // true; size 0 when there is none. `last_index` never falls.
  SeenCheckpoint NewestAt(uint64_t last_index) const;

  // The newest one; size 0 when there is none.
  SeenCheckpoint Newest() const;

  // Waits a moment for a last checkpoint, then answers all who wait; later
  // calls of Await are answered at once.
  void Stop();

 private:
  struct Waiting {
    Place place;
    std::chrono::steady_clock::time_point until;
    Take take;
  };

  void Follow();
  // Those that the newest checkpoint covers, and those whose time is over.
  std::vector<Waiting> TakeCovered() DATAIP_EXCLUDES(mutex_);
  std::vector<Waiting> TakeExpired() DATAIP_EXCLUDES(mutex_);
  void Prove(std::vector<Waiting> covered);
  v1::Receipt Bare(const Place& place) const;

  client::LedgerClient& ledger_;
  const std::string origin_;
  mutable base::Mutex mutex_;
  base::CondVar changed_;
  std::vector<Waiting> waiting_ DATAIP_GUARDED_BY(mutex_);
  mutable CheckpointHistory checkpoints_ DATAIP_GUARDED_BY(mutex_);
  bool stopping_ DATAIP_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace dataip::registryd
