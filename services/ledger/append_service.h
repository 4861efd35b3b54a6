// The Append stream: messages in, receipts out in the same order.
#pragma once

#include <grpcpp/support/server_callback.h>

#include <memory>
#include <set>

#include "absl/status/status.h"
#include "core/base/mutex.h"
#include "dataip/ledger/v1/ledger.pb.h"
#include "services/ledger/meters.h"
#include "services/ledger/sequencer.h"

namespace dataip::ledger {

using AppendReactor =
    grpc::ServerBidiReactor<v1::AppendRequest, v1::AppendResponse>;

class AppendCall;

// The streams that are open. Thread safe; outlives them.
class AppendCalls {
 public:
  // `meters` may be null.
  AppendCalls(Sequencer& sequencer, Meters* meters)
      : sequencer_(sequencer), meters_(meters) {}

  // A stream whose caller may write. It keeps itself alive until it is done.
  AppendReactor* Start();
  // A stream that ends at once.
  static AppendReactor* Refuse(const absl::Status& status);

  // Ends the streams of epochs before this one, each after the receipts of
  // what it had accepted.
  void Fence(uint64_t live_epoch);

  // Ends all streams the same way with UNAVAILABLE, and refuses new ones.
  void Drain();

 private:
  friend class AppendCall;
  void Remove(const std::shared_ptr<AppendCall>& call);
  std::vector<std::shared_ptr<AppendCall>> All();

  Sequencer& sequencer_;
  Meters* const meters_;
  base::Mutex mutex_;
  std::set<std::shared_ptr<AppendCall>> calls_ DATAIP_GUARDED_BY(mutex_);
  bool draining_ DATAIP_GUARDED_BY(mutex_) = false;
};

}  // namespace dataip::ledger
