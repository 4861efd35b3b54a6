// Exit codes of `dataip` and `dataip-audit`: one table that others script
// against. Never renumbered.
//
// When several apply: usage (2) before all; no server (7) before 3 to 6; a
// final state (21) before a stale one (23).
#pragma once

#include "absl/status/status.h"
#include "dataip/rpc/v1/error.pb.h"

namespace dataip::client {

enum ExitCode : int {
  kExitOk = 0,
  kExitInternal = 1,
  kExitUsage = 2,  // the command line, or INVALID_ARGUMENT
  kExitNotFound = 3,
  kExitNotAllowed = 4,    // not allowed, expired, or refused by a rule
  kExitSomeRejected = 5,  // some rows went in, some did not
  kExitConflict = 6,      // ALREADY_EXISTS and ABORTED
  kExitNoServer = 7,
  kExitWaitedTooLong = 8,
  kExitCorrection = 9,  // a wait ended in correction
  // `dataip verify` and the auditor.
  kExitNotGenuine = 20,    // a check was made and failed
  kExitNotInForce = 21,    // genuine but not in force, or --require not met
  kExitCannotDecide = 22,  // a check could not be made
  kExitStale = 23,         // genuine, but the status is stale
};

// By the reason where there is one, else by the code. kExitOk for an OK
// status.
ExitCode ExitCodeOf(absl::StatusCode code, rpc::v1::Reason reason);
ExitCode ExitCodeOf(const absl::Status& status);

// The one that counts when a command did several things: usage, internal, no
// server, then the first of the others that is not 0.
ExitCode WorseOf(ExitCode a, ExitCode b);

}  // namespace dataip::client
