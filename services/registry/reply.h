// How an answer goes back over gRPC. For the parts of RegistryService.
#pragma once

#include <utility>

#include "absl/status/statusor.h"
#include "client/status.h"

namespace dataip::registryd {

// Sends what a read answers.
template <typename Response>
auto Reply(absl::StatusOr<Response> answer, Response* response) {
  if (answer.ok()) *response = *std::move(answer);
  return client::ToGrpcStatus(answer.status());
}

}  // namespace dataip::registryd
