// The calls that may wait for entries or checkpoints to come: reactors that
// hold no thread while they wait.
#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include "dataip/ledger/v1/ledger.pb.h"
#include "services/ledger/answers.h"
#include "services/ledger/ledger.h"

namespace dataip::ledger {

using ReadEntriesReactor = grpc::ServerWriteReactor<v1::ReadEntriesResponse>;

// Streams the entries asked for; with `follow` goes on until the call or the
// ledger ends. NOT_FOUND when it starts past the end, RESOURCE_EXHAUSTED when
// there are too many calls, or it does not take its answers while others wait.
// `answers` outlives the call.
struct ReadPlan {
  Ledger& ledger;
  Answers& answers;
  bool may_read_payloads = false;
};
ReadEntriesReactor* StartReading(grpc::CallbackServerContext& context,
                                 const ReadPlan& plan,
                                 const v1::ReadEntriesRequest& request);

// Answers with the newest checkpoint as soon as it is large enough. `response`
// lives until the call is done, as gRPC gives it.
grpc::ServerUnaryReactor* StartWaiting(Ledger& ledger, uint64_t min_size,
                                       v1::GetCheckpointResponse* response);

}  // namespace dataip::ledger
