// The registry's own actor `clock`: deadlines act through signed commands of
// its, on the ledger like any other (architecture.md, "Deadlines").
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/crypto/signer.h"
#include "dataip/registry/v1/application.pb.h"
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

  // CloseOverdueCorrection of this application as it stands, issued at the
  // time of decision. The command id is a function of application and
  // version, so that a correction is closed once however often it is asked.
  absl::StatusOr<Submission> Close(const std::string& origin,
                                   const v1::Application& application,
                                   int64_t decided_at_ms) const;

 private:
  crypto::PrivateKey key_;
  std::string path_;
};

}  // namespace dataip::registryd
