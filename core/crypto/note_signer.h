// Signing and verifying checkpoint notes (formats.md 3). The text forms of
// notes and vkeys are core/proof/note.h; the mathematics is here.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/crypto/key.h"
#include "core/crypto/signer.h"
#include "core/hash/hash.h"
#include "core/proof/note.h"

namespace dataip::crypto {

// One key of a ledger under the ledger's name. Copyable, thread safe.
class NoteSigner {
 public:
  // `key` is Ed25519 (note type 0x01) or SM2 (0xff "dataip.sm2sm3.v1");
  // `name` is the origin. Fails with INVALID_ARGUMENT otherwise.
  static absl::StatusOr<NoteSigner> Create(absl::string_view name,
                                           PrivateKey key);

  // The public half, as trust files name it.
  std::string vkey() const { return proof::FormatVkey(note_key_); }

  // The whole signature line with its LF. `text` is the note's text with its
  // last LF, `chain_head` that of the checkpoint's size; an Ed25519 line does
  // not use it.
  absl::StatusOr<std::string> SignatureLine(absl::string_view text,
                                            const hash::Hash& chain_head) const;

 private:
  NoteSigner(proof::NoteKey note_key, PrivateKey key)
      : note_key_(std::move(note_key)), key_(std::move(key)) {}

  proof::NoteKey note_key_;
  PrivateKey key_;
};

// text, a blank line and a line of every signer, in their order.
absl::StatusOr<std::string> SignNote(absl::string_view text,
                                     const hash::Hash& chain_head,
                                     std::span<const NoteSigner> signers);

// A key that a trust file names. Parse once, use for every note. Copyable,
// thread safe.
class NoteVerifier {
 public:
  // Ed25519, SM2, or a witness's cosignature key. Fails with INVALID_ARGUMENT
  // when proof::ParseVkey refuses the text or PublicKey the key.
  static absl::StatusOr<NoteVerifier> FromVkey(absl::string_view vkey);

  const std::string& name() const { return note_key_.name; }
  const proof::NoteKey& note_key() const { return note_key_; }
  const PublicKey& key() const { return key_; }

 private:
  NoteVerifier(proof::NoteKey note_key, PublicKey key)
      : note_key_(std::move(note_key)), key_(std::move(key)) {}

  proof::NoteKey note_key_;
  PublicKey key_;
};

struct VerifiedNote {
  std::string text;  // with its last LF
  // One a verifier, in their order: whether that key has signed.
  std::vector<bool> signed_by;
  // From the SM2 line when one of the verifiers is an SM2 key and signed.
  std::optional<hash::Hash> chain_head;
};

// Verifies the lines of the given keys; lines of other keys are ignored.
// Fails with DATA_LOSS when a line of a given key does not verify or a given
// key has two lines, with INVALID_ARGUMENT when the bytes are not a note. That
// every ledger key has signed is the caller's question to `signed_by` (or
// AllSigned).
absl::StatusOr<VerifiedNote> VerifyNote(
    absl::string_view note, std::span<const NoteVerifier> verifiers);
// The same for a note that was parsed, with other limits perhaps.
absl::StatusOr<VerifiedNote> VerifyNote(
    const proof::SignedNote& note, std::span<const NoteVerifier> verifiers);

bool AllSigned(const VerifiedNote& note);

}  // namespace dataip::crypto
