// A reader that believes nothing: every entry, payload, proof and map value
// of a running ledger is checked against its signed checkpoint.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "client/ledger_client.h"
#include "core/verify/trust.h"

namespace dataip::test {

// The first thing that does not hold: DATA_LOSS by this reader's check, or
// the error with which the ledger itself refused.
absl::Status ReadWhole(client::LedgerClient& ledger,
                       const verify::Trust& trust);

// The checkpoint of an older size, as GetStateProof answers it.
absl::Status ReadOlder(client::LedgerClient& ledger, const verify::Trust& trust,
                       uint64_t size);

// Appends `count` entries, each with an update of one of 50 map keys, and
// waits for the checkpoint that covers them.
absl::Status WriteMore(client::LedgerClient& ledger, uint64_t count);

}  // namespace dataip::test
