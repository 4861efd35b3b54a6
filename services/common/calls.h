// What happens to every gRPC call of a server, whichever service it is for: it
// is counted while it runs, measured, and logged when it fails.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "core/base/mutex.h"
#include "services/common/metrics.h"

namespace grpc {
class CallbackServerContext;
class ServerBuilder;
}  // namespace grpc

namespace dataip::services {

// The call's x-request-id: the caller's, when it is 1 to
// limits::kRequestIdBytes visible ASCII characters, else one of ours, which the
// trailing metadata and the log line of this call then have too.
std::string RequestIdOf(grpc::CallbackServerContext& context);

// Thread safe.
class Calls {
 public:
  // Watches the calls of the server that `builder` builds. Measures them as
  // grpc-ecosystem names it (grpc_server_started_total and the others) when
  // `metrics` is given; it outlives the server.
  //
  // A call that is refused or fails leaves a line in the log, with the
  // caller's x-request-id or one of ours, which goes back as trailing metadata
  // of that name; at most so many lines a second, the rest is counted. A
  // request that can't be decoded is refused with MALFORMED.
  static std::shared_ptr<Calls> Watch(grpc::ServerBuilder& builder,
                                      Metrics* metrics);

  // Returns when none runs, or at `until`.
  void AwaitNone(std::chrono::steady_clock::time_point until);

 private:
  friend class Call;
  void Begin();
  void End();

  base::Mutex mutex_;
  base::CondVar none_;
  int count_ DATAIP_GUARDED_BY(mutex_) = 0;
};

}  // namespace dataip::services
