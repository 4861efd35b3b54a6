// The registry's own actor `clock`: deadlines act through signed commands of
// its, on the ledger like any other (architecture.md, "Deadlines").
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/crypto/signer.h"
#include "core/registry/state/due.h"
#include "core/registry/state/state.h"
#include "dataip/registry/v1/table.pb.h"
#include "services/registry/submission.h"

namespace dataip::registryd {

// Copyable, thread safe.
class ClockActor {
 public:
  // `path`: where the key lies, for messages.
  explicit ClockActor(crypto::PrivateKey key, std::string path = {})
      : key_(std::move(key)), path_(std::move(path)) {}

  // INVALID_FIELD unless the registry names this key as its clock's; says
  // setting, file, and both key ids.
  absl::Status CheckRegistry(const v1::OpenRegistry& registry) const;

  // The clock's command for what fell due, issued at the time of decision. The
  // command id is a function of what it is, so that it is done once however
  // often it is asked.
  absl::StatusOr<Submission> Act(const std::string& origin,
                                 const registry::State& state,
                                 const registry::Due& due,
                                 int64_t decided_at_ms) const;

 private:
  crypto::PrivateKey key_;
  std::string path_;
};

}  // namespace dataip::registryd
