// Files of private keys, public keys and certificates.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/crypto/key.h"
#include "core/crypto/signer.h"

namespace dataip::client {

enum class Access {
  kOwnerOnly,  // 0600: private keys
  kEveryone,   // 0644: certificates, public keys
};

// Writes a file whole or not at all: a temporary file beside it, synced, then
// put in place, the folder synced. Fails with ALREADY_EXISTS when `path`
// exists: a key or certificate is never overwritten.
absl::Status WriteNewFile(const std::string& path, absl::string_view content,
                          Access access);

// PKCS#8 PEM with mode 0600, as WriteNewFile.
absl::Status WriteKeyFile(const std::string& path,
                          const crypto::PrivateKey& key);

// NOT_FOUND when there is no such file, INVALID_ARGUMENT when it holds no key
// that PrivateKey::FromPem takes. Errors name the path, never the content.
absl::StatusOr<crypto::PrivateKey> ReadKeyFile(const std::string& path);

// A `PUBLIC KEY` PEM file, or the public part of a private one.
absl::StatusOr<crypto::PublicKey> ReadPublicKeyFile(const std::string& path);

// The whole text of a PEM file (at most 1 MiB); fails as ReadNamedFile does
// (client/export/regular_file.h).
absl::StatusOr<std::string> ReadPemFile(const std::string& path);

}  // namespace dataip::client
