#include "client/cli/exit_codes.h"

#include <array>
#include <optional>

#include "client/status.h"

namespace dataip::client {
namespace {

using absl::StatusCode;
using rpc::v1::Reason;

struct CodeRow {
  StatusCode code;
  ExitCode exit;
};
constexpr std::array kByCode = {
    CodeRow{StatusCode::kOk, kExitOk},
    CodeRow{StatusCode::kInvalidArgument, kExitUsage},
    CodeRow{StatusCode::kNotFound, kExitNotFound},
    CodeRow{StatusCode::kOutOfRange, kExitNotFound},
    CodeRow{StatusCode::kPermissionDenied, kExitNotAllowed},
    CodeRow{StatusCode::kUnauthenticated, kExitNotAllowed},
    CodeRow{StatusCode::kFailedPrecondition, kExitNotAllowed},
    CodeRow{StatusCode::kAlreadyExists, kExitConflict},
    CodeRow{StatusCode::kAborted, kExitConflict},
    CodeRow{StatusCode::kUnavailable, kExitNoServer},
    CodeRow{StatusCode::kResourceExhausted, kExitNoServer},
    CodeRow{StatusCode::kDeadlineExceeded, kExitWaitedTooLong},
    CodeRow{StatusCode::kDataLoss, kExitNotGenuine},
    // A file of a higher format.
    CodeRow{StatusCode::kUnimplemented, kExitCannotDecide},
};

struct ReasonRow {
  Reason reason;
  ExitCode exit;
};
// UNEXPECTED_POSITION is not here: its status code tells (error.proto).
constexpr std::array kByReason = {
    ReasonRow{rpc::v1::MALFORMED, kExitUsage},
    ReasonRow{rpc::v1::INVALID_FIELD, kExitUsage},
    ReasonRow{rpc::v1::TOO_LARGE, kExitUsage},
    ReasonRow{rpc::v1::NOT_FOUND, kExitNotFound},
    ReasonRow{rpc::v1::ALREADY_EXISTS, kExitConflict},
    ReasonRow{rpc::v1::BAD_SIGNATURE, kExitNotAllowed},
    ReasonRow{rpc::v1::NOT_ALLOWED, kExitNotAllowed},
    ReasonRow{rpc::v1::RULE_REFUSES, kExitNotAllowed},
    ReasonRow{rpc::v1::EXPIRED, kExitNotAllowed},
    ReasonRow{rpc::v1::OUTSIDE_WINDOW, kExitNotAllowed},
    ReasonRow{rpc::v1::NOT_FOR_THIS_READER, kExitNotAllowed},
    ReasonRow{rpc::v1::WRONG_LEDGER, kExitNotAllowed},
    ReasonRow{rpc::v1::VERSION_CONFLICT, kExitConflict},
    ReasonRow{rpc::v1::FENCED, kExitConflict},
    ReasonRow{rpc::v1::OVERLOADED, kExitNoServer},
    ReasonRow{rpc::v1::NOT_SERVING, kExitNoServer},
    ReasonRow{rpc::v1::DATA_LOSS, kExitNotGenuine},
    ReasonRow{rpc::v1::INTERNAL, kExitInternal},
};

// Smaller counts more; codes that are not here come after these.
int RankOf(ExitCode code) {
  switch (code) {
    case kExitUsage:
      return 0;
    case kExitInternal:
      return 1;
    case kExitNoServer:
      return 2;
    case kExitOk:
      return 9;
    default:
      return 5;
  }
}

}  // namespace

ExitCode ExitCodeOf(absl::StatusCode code, rpc::v1::Reason reason) {
  if (code == StatusCode::kOk) return kExitOk;
  for (const ReasonRow& row : kByReason) {
    if (row.reason == reason) return row.exit;
  }
  for (const CodeRow& row : kByCode) {
    if (row.code == code) return row.exit;
  }
  return kExitInternal;
}

ExitCode ExitCodeOf(const absl::Status& status) {
  return ExitCodeOf(status.code(), ReasonOf(status));
}

ExitCode WorseOf(ExitCode a, ExitCode b) {
  return RankOf(b) < RankOf(a) ? b : a;
}

}  // namespace dataip::client
