// Batches: what one decision over many applications decided, with the receipt
// of its one entry.
#pragma once

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "client/ledger_client.h"
#include "dataip/registry/v1/registry_service.pb.h"
#include "services/registry/acknowledged.h"
#include "services/registry/caller.h"
#include "services/registry/reads.h"
#include "services/registry/receipts.h"
#include "services/registry/worker_pool.h"

namespace dataip::registryd {

// Thread safe. Asks the ledger, so never under a lock.
class BatchDesk {
 public:
  struct Parts {
    client::LedgerClient& ledger;
    const Acknowledged& acknowledged;
    ReceiptDesk& receipts;
    const Reads& reads;
    WorkerPool& workers;
  };
  // All outlive it.
  explicit BatchDesk(Parts parts) : parts_(parts) {}

  using Answer = std::function<void(absl::StatusOr<v1::GetBatchResponse>)>;
  // Answers once, from any thread, when the receipt is there, and holds none
  // of the caller's. NOT_FOUND, OVERLOADED, NOT_FOR_THIS_READER for who does
  // not see every application of it.
  void Get(const Caller& caller, const std::string& batch_no,
           Answer answer) const;

 private:
  struct Found {
    v1::GetBatchResponse response;
    ReceiptDesk::Place place;
  };
  absl::StatusOr<Found> Find(const Caller& caller,
                             const std::string& batch_no) const;

  const Parts parts_;
};

}  // namespace dataip::registryd
