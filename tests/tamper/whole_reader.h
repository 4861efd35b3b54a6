// A reader that believes nothing: every entry, payload, proof and map value
// of a running ledger is checked against its signed checkpoint.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/ledger_client.h"
#include "core/verify/trust.h"

namespace dataip::test {

// The first thing that does not hold: DATA_LOSS by this reader's check, or
// the error with which the ledger itself refused. A payload may be erased by
// an entry of EraseOne that names it.
absl::Status ReadWhole(client::LedgerClient& ledger,
                       const verify::Trust& trust);

// The checkpoint of an older size, as GetStateProof answers it.
absl::Status ReadOlder(client::LedgerClient& ledger, const verify::Trust& trust,
                       uint64_t size);

// Appends `count` entries, each with an update of one of 50 map keys, and
// waits for the checkpoint that covers them.
absl::Status WriteMore(client::LedgerClient& ledger, uint64_t count);

// Appends an entry `erase INDEX` and has the ledger obey it.
absl::Status EraseOne(client::LedgerClient& ledger, uint64_t index);

// The leaf hashes under the newest checkpoint, 32 bytes each.
absl::StatusOr<std::string> ReadLeaves(client::LedgerClient& ledger,
                                       const verify::Trust& trust);

// DATA_LOSS when the newest checkpoint has another root than these leaves
// with the entries that the ledger gives behind them. For a ledger whose
// records before them were changed: what it signs must be right all the same.
absl::Status CheckSignedRoot(client::LedgerClient& ledger,
                             const verify::Trust& trust,
                             const std::string& leaves);

}  // namespace dataip::test
