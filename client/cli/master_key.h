// Where the enterprise's master key lies (client/filing/deposit.h), for the
// commands that cut data files into records.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "client/cli/arguments.h"
#include "client/cli/invocation.h"
#include "client/filing/deposit.h"

namespace dataip::client {

// --master-key, else master.key in --state.
FlagRule MasterKeyFlag();
std::string MasterKeyPath(const Invocation& invocation);

enum class MissingKey {
  kRefuse,   // NOT_FOUND with the remedy
  kMake,     // a fresh one, stored; stderr says so, once
  kPretend,  // a fresh one for this run only: nothing is written
};
// INVALID_ARGUMENT for a file that holds no key, INTERNAL when it cannot be
// read or made.
absl::StatusOr<MasterKey> ReadMasterKeyOf(Invocation& invocation,
                                          MissingKey when_missing);

}  // namespace dataip::client
