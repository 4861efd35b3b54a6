// Calls of readers that keep a place among the answers (answers.h).
#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "core/base/mutex.h"
#include "services/ledger/answers.h"

namespace google::protobuf {
class MessageLite;
}  // namespace google::protobuf

namespace dataip::ledger {

// gRPC holds an answer as the message and as its bytes.
inline constexpr size_t kAnswerCopies = 2;

// Ends a call with RESOURCE_EXHAUSTED although its answer is still on its way,
// which gRPC's reactors cannot. Thread safe; may outlive the call.
class CallCutter {
 public:
  explicit CallCutter(grpc::CallbackServerContext& context)
      : call_(context.c_call()) {}

  void Cut();
  // The call is done.
  void Forget();

 private:
  base::Mutex mutex_;
  grpc_call* call_ DATAIP_GUARDED_BY(mutex_);
};

// How a unary call is answered.
struct AnswerPlan {
  size_t bytes = 0;      // room to wait for; as exact as is known beforehand
  bool in_pool = false;  // takes time: never in gRPC's own threads
  google::protobuf::MessageLite* response = nullptr;
  using Done = std::function<void(absl::Status)>;
  // Calls it once, in any thread. What it has captured stays until it returns;
  // `response` and the request only until it has called.
  std::function<void(Done)> fill;
};

// RESOURCE_EXHAUSTED when there are too many calls. `answers` outlives the
// call.
grpc::ServerUnaryReactor* StartAnswer(grpc::CallbackServerContext& context,
                                      Answers& answers, AnswerPlan plan);

}  // namespace dataip::ledger
