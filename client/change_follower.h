// Following a registry's changes over lost connections and servers.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

#include "absl/status/status.h"
#include "core/base/mutex.h"

namespace grpc {
class ClientContext;
}  // namespace grpc

namespace dataip::registry::v1 {
class Change;
}  // namespace dataip::registry::v1

namespace dataip::client {

// Ends a RegistryClient::FollowChanges from another thread. Thread safe.
class FollowStop {
 public:
  // Now, and every later one that is given this object.
  void Stop();
  bool came() const;
  // True when Stop came, or had come, within this time.
  bool Wait(std::chrono::milliseconds time);

 private:
  friend class RegistryClient;
  // Of the call under way; null when it is over. False when it is not to begin.
  bool SetCall(grpc::ClientContext* call);

  mutable base::Mutex mutex_;
  base::CondVar changed_;
  grpc::ClientContext* call_ DATAIP_GUARDED_BY(mutex_) = nullptr;
  bool came_ DATAIP_GUARDED_BY(mutex_) = false;
};

struct Following {
  // Every change once, in the ledger's order; one without objects says how far
  // the registry has looked. False ends it.
  std::function<bool(const registry::v1::Change& change)> take;
  // The connection was lost, and is tried again from `next` on. May be empty.
  std::function<void(uint64_t next)> lost;
  FollowStop* stop = nullptr;  // outlives the call; may be null
};

}  // namespace dataip::client
