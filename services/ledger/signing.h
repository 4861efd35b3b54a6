// The ledger's name and keys.
#pragma once

#include <string>
#include <vector>

#include "core/crypto/note_signer.h"

namespace dataip::ledger {

struct Signing {
  std::string origin;
  std::vector<crypto::NoteSigner> signers;      // Ed25519, SM2
  std::vector<crypto::NoteVerifier> verifiers;  // the same keys
};

}  // namespace dataip::ledger
