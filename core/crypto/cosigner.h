// Cosignatures of witnesses: C2SP tlog-cosignature, the Ed25519 type 0x04
// (formats.md 3). The text forms are core/proof/note.h.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/crypto/key.h"
#include "core/crypto/note_signer.h"
#include "core/crypto/signer.h"
#include "core/proof/note.h"

namespace dataip::crypto {

// The public half of a witness's key under its name, as trust files, ledgers
// and stock tools name it. INVALID_ARGUMENT unless `key` is Ed25519 and `name`
// one that formats.md 3 takes.
absl::StatusOr<std::string> CosignatureVkey(absl::string_view name,
                                            const PublicKey& key);

// The key of one witness. Copyable, thread safe.
class Cosigner {
 public:
  // INVALID_ARGUMENT as CosignatureVkey.
  static absl::StatusOr<Cosigner> Create(absl::string_view name,
                                         PrivateKey key);

  std::string vkey() const { return proof::FormatVkey(note_key_); }

  // The whole signature line with its LF over a checkpoint's text with its
  // last LF: at `time_s`, this is the largest tree of that log that the
  // witness has seen to be consistent.
  absl::StatusOr<std::string> SignatureLine(absl::string_view text,
                                            uint64_t time_s) const;

 private:
  Cosigner(proof::NoteKey note_key, PrivateKey key)
      : note_key_(std::move(note_key)), key_(std::move(key)) {}

  proof::NoteKey note_key_;
  PrivateKey key_;
};

// The time in seconds that a line of `witness` states over `text`. DATA_LOSS
// when the line is another key's, or is not its signature of this text.
absl::StatusOr<uint64_t> VerifyCosignature(const NoteVerifier& witness,
                                           absl::string_view text,
                                           const proof::SignatureLine& line);

}  // namespace dataip::crypto
