// The answer to a command that was decided before, from the ledger.
#pragma once

#include "absl/status/statusor.h"
#include "client/ledger_client.h"
#include "dataip/registry/v1/registry_service.pb.h"
#include "services/registry/acknowledged.h"
#include "services/registry/submission.h"

namespace dataip::registryd {

// What became of it. Its findings are those of today: what is told of others
// may have changed since. Asks the ledger, so never under a lock; errors of
// Projection::CommandIndex and LedgerClient::GetEntry.
absl::StatusOr<Outcome> OutcomeOfRepeated(
    const v1::SubmitCommandRequest& request, const Acknowledged& acknowledged,
    client::LedgerClient& ledger);

}  // namespace dataip::registryd
