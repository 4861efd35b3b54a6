// The trust file: all that a verifier takes on faith (formats.md 11).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/crypto/key.h"
#include "core/crypto/note_signer.h"
#include "core/hash/hash.h"

namespace dataip::verify {

// A trust file that was read and found good. A value; safe to share.
struct Trust {
  std::string origin;
  // At least one Ed25519 and one SM2 key, all named like the origin. Every
  // one of them must have signed a checkpoint.
  std::vector<crypto::NoteVerifier> ledger_keys;
  std::string root_key;                  // key_id of the bureau's root key
  std::vector<std::string> issuing_cas;  // one PEM certificate each
  std::vector<crypto::NoteVerifier> witness_keys;
  uint32_t witness_quorum = 0;
  uint32_t max_age_hours = 0;
  bool demonstration = false;
  uint32_t version = 0;
  std::string previous_sha256;  // lowercase hex, empty at version 1
  hash::Hash sha256;            // of the file's bytes
};

// Reads the JSON text: exactly the names of formats.md 11, each once, in any
// order but `format` first; no name, element or type that is not known.
//
// UNIMPLEMENTED: the format is higher than 1, so nothing can be decided.
// INVALID_ARGUMENT: anything else that is wrong, with the name at fault.
absl::StatusOr<Trust> ParseTrust(absl::string_view json);

// The same values as JSON text that ParseTrust takes (for tests and tools
// that write trust files). `ledger_keys` and the witnesses are given as vkeys.
struct TrustText {
  std::string origin;
  std::vector<std::string> ledger_keys;
  std::string root_key;
  std::vector<std::string> issuing_cas;
  std::vector<std::string> witness_keys;
  uint32_t witness_quorum = 0;
  uint32_t max_age_hours = 168;
  bool demonstration = false;
  uint32_t version = 1;
  std::string previous_sha256;
};
std::string FormatTrust(const TrustText& trust);

}  // namespace dataip::verify
