// Verifying the receipt of a command (formats.md 1 to 3): the header is in the
// tree that the checkpoint signs.
#pragma once

#include <span>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/crypto/note_signer.h"

namespace dataip::registry::v1 {
class Receipt;
}  // namespace dataip::registry::v1

namespace dataip::client {

// The ledger that is believed.
struct TrustedLedger {
  std::string origin;
  std::span<const crypto::NoteVerifier> keys;  // all must have signed
};

// DATA_LOSS unless every key has signed the note and it is of this origin.
absl::Status CheckCheckpoint(absl::string_view note,
                             const TrustedLedger& ledger);

// Checkpoint as above; header of this index; inclusion. A receipt without a
// checkpoint ("not yet sealed") is OK when its header is that of its index.
absl::Status CheckReceipt(const registry::v1::Receipt& receipt,
                          const TrustedLedger& ledger);

}  // namespace dataip::client
