// Whether a checkpoint counts (formats.md 3): the one place that says it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "absl/strings/string_view.h"
#include "core/crypto/note_signer.h"
#include "core/hash/hash.h"
#include "core/proof/note.h"

namespace dataip::crypto {

// Whom to believe. What it refers to outlives it.
struct CheckpointTrust {
  absl::string_view origin;
  std::span<const NoteVerifier> ledger_keys;  // every one must have signed
  std::span<const NoteVerifier> witness_keys = {};
  uint32_t quorum = 0;  // so many of the witnesses must have signed
};

// In the order in which they are looked for.
enum class CheckpointFault {
  kNone,        // it counts
  kForm,        // not a note, or not the three lines of a checkpoint
  kSignatures,  // a ledger key has not signed, or a line of a key that is
                // named, ledger's or witness's, does not verify
  kWitnesses,   // fewer than the quorum
  kOrigin,      // another ledger's
};

struct CheckedCheckpoint {
  CheckpointFault fault = CheckpointFault::kNone;
  // What is wrong, one clause without a full stop; empty when it counts.
  std::string zh;
  std::string en;
  // Of any but kForm: what it says, whether it is to be believed or not.
  proof::Checkpoint checkpoint;
  // What the SM2 key has signed; of a checkpoint that counts.
  hash::Hash chain_head;

  bool counts() const { return fault == CheckpointFault::kNone; }
};

// Lines of keys that are not named are ignored. Pure, thread safe.
CheckedCheckpoint CheckCheckpoint(absl::string_view note,
                                  const CheckpointTrust& trust);

}  // namespace dataip::crypto
