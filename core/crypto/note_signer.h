// Signing and verifying checkpoint notes (formats.md 3). The text forms of
// notes and vkeys are core/proof/note.h; the mathematics is here.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/crypto/key.h"
#include "core/crypto/signer.h"
#include "core/hash/hash.h"

namespace dataip::crypto {

// One key of a ledger under the ledger's name. Copyable, thread safe.
class NoteSigner {
 public:
  // `key` is Ed25519 (note type 0x01) or SM2 (0xff "dataip.sm2sm3.v1");
  // `name` is the origin. Fails with INVALID_ARGUMENT otherwise.
  static absl::StatusOr<NoteSigner> Create(absl::string_view name,
                                           PrivateKey key);

  const std::string& vkey() const { return vkey_; }

  // The whole signature line with its LF. `text` is the note's text with its
  // last LF, `chain_head` that of the checkpoint's size; an Ed25519 line does
  // not use it.
  absl::StatusOr<std::string> SignatureLine(absl::string_view text,
                                            const hash::Hash& chain_head) const;

 private:
  NoteSigner(std::string name, PrivateKey key, std::string vkey)
      : name_(std::move(name)), key_(std::move(key)), vkey_(std::move(vkey)) {}

  std::string name_;
  PrivateKey key_;
  std::string vkey_;
};

// text, a blank line and a line of every signer, in their order.
absl::StatusOr<std::string> SignNote(absl::string_view text,
                                     const hash::Hash& chain_head,
                                     std::span<const NoteSigner> signers);

// A key that a trust file names. Parse once, use for every note. Thread safe.
class NoteVerifier {
 public:
  // Ed25519, SM2, or the C2SP cosignature type 0x04 of a witness. Fails with
  // INVALID_ARGUMENT on another type, a key id that is not the key's, or a
  // key that PublicKey refuses.
  static absl::StatusOr<NoteVerifier> FromVkey(absl::string_view vkey);

  const std::string& vkey() const { return vkey_; }
  const std::string& name() const { return name_; }

  struct Line;  // what a signature line of this key says, for VerifyNote
  enum class Kind { kEd25519, kSm2, kCosignature };
  Kind kind() const { return kind_; }
  const PublicKey& key() const { return key_; }
  std::span<const uint8_t> key_id() const { return key_id_; }

 private:
  NoteVerifier(Kind kind, PublicKey key) : kind_(kind), key_(std::move(key)) {}

  Kind kind_;
  PublicKey key_;
  std::string vkey_;
  std::string name_;
  std::vector<uint8_t> key_id_;
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
// key has two lines that differ, with INVALID_ARGUMENT when the bytes are not
// a note. That every ledger key has signed is the caller's question to
// `signed_by` (or AllSigned).
absl::StatusOr<VerifiedNote> VerifyNote(
    absl::string_view note, std::span<const NoteVerifier> verifiers);

bool AllSigned(const VerifiedNote& note);

}  // namespace dataip::crypto
