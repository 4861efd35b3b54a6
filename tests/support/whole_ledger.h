// Reads a ledger from its first entry and checks all that it says, against
// itself and against what it once answered.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/ledger_client.h"
#include "core/crypto/note_signer.h"
#include "tests/support/recording_writer.h"

namespace dataip::test {

// What is known of the ledger from before.
struct Witnessed {
  std::string origin;
  const std::vector<crypto::NoteVerifier>& verifiers;
  std::map<uint64_t, Acknowledged> acknowledged;
  ServedRoots served;
};

// Checks: indices, chain, both payload digests, times that do not go back,
// every seal's map root and chain head, the newest checkpoint's signatures and
// root, the root of every checkpoint served before, sizes that do not shrink,
// no payload twice, and proofs of some keys' values. DATA_LOSS with what was
// found first; acknowledged entries that are missing are counted in the
// answer. A ledger that serves no checkpoint of all it has within 10 s fails
// with DEADLINE_EXCEEDED.
absl::StatusOr<Contents> CheckWholeLedger(client::LedgerClient& ledger,
                                          const Witnessed& witnessed);

}  // namespace dataip::test
