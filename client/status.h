// Errors on the wire: absl::Status with an ErrorDetail <-> grpc::Status.
//
// A gRPC error carries a google.rpc.Status in its binary details
// (`grpc-status-details-bin`) with one Any that holds the ErrorDetail; stock
// tools read it. In a process the detail is a payload of the absl::Status
// under kErrorDetailUrl, serialised.
//
// Pure functions, safe from any thread.
#pragma once

#include <optional>

#include "absl/status/status.h"
#include "dataip/rpc/v1/error.pb.h"

namespace grpc {
class Status;
}  // namespace grpc

namespace dataip::client {

inline constexpr char kErrorDetailUrl[] =
    "type.googleapis.com/dataip.rpc.v1.ErrorDetail";

// Nothing when the status carries none (it is OK, or the error arose below
// our code: no connection, a deadline).
std::optional<rpc::v1::ErrorDetail> ErrorDetailOf(const absl::Status& status);

// REASON_UNSPECIFIED when there is no detail.
rpc::v1::Reason ReasonOf(const absl::Status& status);

// Replaces the detail. `status` is not OK.
void SetErrorDetail(const rpc::v1::ErrorDetail& detail, absl::Status& status);

// Keeps code, message and detail, both ways.
grpc::Status ToGrpcStatus(const absl::Status& status);
absl::Status FromGrpcStatus(const grpc::Status& status);

// As FromGrpcStatus for a call that this side has not cancelled. A server
// that stops cancels calls that reach it too late to be taken on: that is
// UNAVAILABLE to the caller.
absl::Status FromUncancelledCall(const grpc::Status& status);

}  // namespace dataip::client
