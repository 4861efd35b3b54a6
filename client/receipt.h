// Verifying the receipt of a command (formats.md 1 to 3): the header is in the
// tree that the checkpoint signs.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/crypto/note_signer.h"

namespace dataip::registry::v1 {
class Receipt;
class SubmitCommandResponse;
}  // namespace dataip::registry::v1

namespace dataip::client {

// The ledger that is believed.
struct TrustedLedger {
  std::string origin;
  std::span<const crypto::NoteVerifier> keys;  // all must have signed
  // A line of one of these that does not verify refuses the note; so many of
  // them must have signed.
  std::span<const crypto::NoteVerifier> witnesses = {};
  uint32_t quorum = 0;
};

// DATA_LOSS unless every key and enough witnesses have signed the note, and it
// is of this origin.
absl::Status CheckCheckpoint(absl::string_view note,
                             const TrustedLedger& ledger);

// Checkpoint as above; header of this index; inclusion. A receipt without a
// checkpoint ("not yet sealed") is OK when its header is that of its index.
absl::Status CheckReceipt(const registry::v1::Receipt& receipt,
                          const TrustedLedger& ledger);

// The receipt as above, and that it is this command's: its header is the one
// of the answer's events (registry::HeaderOf) and these are about the object
// that `command` (a serialised Command) names. DATA_LOSS for a receipt of
// another entry, however good.
absl::Status CheckAnswer(absl::string_view command,
                         const registry::v1::SubmitCommandResponse& response,
                         const TrustedLedger& ledger);

}  // namespace dataip::client
