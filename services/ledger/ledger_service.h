// dataip.ledger.v1.LedgerService over a Ledger: decodes, checks rights and
// limits, and answers; the rules are elsewhere.
#pragma once

#include <memory>

#include "services/ledger/access.h"
#include "services/ledger/ledger.h"

namespace grpc {
class Service;
}  // namespace grpc

namespace dataip::ledger {

// Thread safe. Outlives the server that it is registered with.
class LedgerService {
 public:
  // `ledger` outlives the service.
  LedgerService(Ledger& ledger, Access access);
  ~LedgerService();

  grpc::Service& service();

  // Ends the calls that would go on for ever: append streams after the
  // receipts of what they had accepted, followers and waiters at once, all
  // with UNAVAILABLE (NOT_SERVING).
  void Drain();

 private:
  class Calls;
  std::unique_ptr<Calls> calls_;
};

}  // namespace dataip::ledger
