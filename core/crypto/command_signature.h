// The bytes that signatures of commands and certificates cover, and openings
// of commitments (formats.md 1 and 7).
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "core/hash/hash.h"

namespace dataip::crypto {

struct CommandToSign {
  absl::string_view origin;
  absl::string_view key_id;  // of the key that signs, lowercase hex
  Bytes command;             // a whole serialised Command
};

// "dataip.command.v1" 00 origin 00 key_id 00 command.
std::string CommandMessage(const CommandToSign& command);

// "dataip.certificate.v1" 00 origin 00 content.
std::string CertificateMessage(absl::string_view origin, Bytes content);

// SHA-256("dataip.opening.v1" 00 salt value). `salt` must be 32 bytes.
hash::Hash OpeningCommitment(Bytes salt, Bytes value);

}  // namespace dataip::crypto
