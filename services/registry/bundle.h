// Bundles: a certificate as a file that verifies without any server
// (formats.md 8).
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "client/ledger_client.h"
#include "dataip/registry/v1/registry_service.pb.h"
#include "services/registry/acknowledged.h"
#include "services/registry/caller.h"
#include "services/registry/certificate_signer.h"

namespace dataip::registryd {

// Thread safe. Asks the ledger, so never under a lock.
class BundleDesk {
 public:
  // The references outlive it.
  BundleDesk(client::LedgerClient& ledger, const Acknowledged& acknowledged,
             const Store& store, CertificateSigner signer)
      : ledger_(ledger),
        acknowledged_(acknowledged),
        store_(store),
        signer_(std::move(signer)) {}

  // The canonical bytes of the bundle at the newest checkpoint; waits at most
  // limits::kReceiptWaitMs for one that covers the issue, and again until the
  // acknowledged state has what the ledger proves (then NOT_SERVING).
  // DATA_LOSS when what the ledger proves contradicts the state.
  // A natural person's name is opened in its own bundle only.
  absl::StatusOr<std::string> Make(const Caller& caller,
                                   const v1::GetBundleRequest& request) const;

 private:
  client::LedgerClient& ledger_;
  const Acknowledged& acknowledged_;
  const Store& store_;
  const CertificateSigner signer_;
};

}  // namespace dataip::registryd
