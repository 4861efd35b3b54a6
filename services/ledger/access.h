// Who may write, and who may read payloads (architecture.md, "Ledger
// service").
#pragma once

#include <set>
#include <string>

#include "absl/status/status.h"

namespace grpc {
class ServerContextBase;
}  // namespace grpc

namespace dataip::ledger {

// Actors are those of TLS certificates (SAN URI `dataip:<actor>`). Immutable;
// thread safe.
struct Access {
  bool tls = false;
  std::set<std::string> writers;
  std::set<std::string> payload_readers;
  std::set<std::string> operators;

  // With TLS: the peer is one of `writers`. Without: it is on this machine.
  // PERMISSION_DENIED otherwise, with what is missing.
  absl::Status CheckWriter(const grpc::ServerContextBase& context) const;

  // The same with `operators`.
  absl::Status CheckOperator(const grpc::ServerContextBase& context) const;

  // With TLS: one of `payload_readers` or `writers`. Without: on this
  // machine.
  bool MayReadPayloads(const grpc::ServerContextBase& context) const;
};

}  // namespace dataip::ledger
