#include "core/crypto/note_signer.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/crypto/verify.h"

namespace dataip::crypto {
namespace {

std::string_view View(absl::string_view text) {
  return {text.data(), text.size()};
}

absl::Status Malformed(absl::string_view what, proof::Flaw flaw) {
  return absl::InvalidArgumentError(
      absl::StrCat(what, ": ", proof::Describe(flaw)));
}

absl::Status Untrue(const proof::NoteKey& key, absl::string_view why) {
  return absl::DataLossError(
      absl::StrCat("signature line of ", proof::FormatVkey(key), " ", why));
}

// Verifies one line of this verifier's key and keeps what it says.
absl::Status TakeLine(const NoteVerifier& verifier, std::string_view text,
                      const proof::SignatureLine& line, VerifiedNote& note) {
  const proof::NoteKey& key = verifier.note_key();
  const auto signature = proof::ReadSignature(key, text, line);
  if (!signature.ok()) return Untrue(key, proof::Describe(signature.flaw));
  if (!Verify(verifier.key(), hash::AsBytes(signature->message),
              hash::AsBytes(signature->signature))) {
    return Untrue(key, "does not verify");
  }
  if (!signature->chain_head.has_value()) return absl::OkStatus();
  if (note.chain_head.has_value() &&
      *note.chain_head != *signature->chain_head) {
    return Untrue(key, "names another chain head than the line before");
  }
  note.chain_head = signature->chain_head;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<NoteSigner> NoteSigner::Create(absl::string_view name,
                                              PrivateKey key) {
  if (key.algorithm() == Algorithm::kP256) {
    return absl::InvalidArgumentError(
        "检查点只能用 Ed25519 或 SM2 密钥签名。 Notes are signed with Ed25519 "
        "or SM2 keys.");
  }
  const auto type = key.algorithm() == Algorithm::kSm2
                        ? proof::NoteKeyType::kSm2
                        : proof::NoteKeyType::kEd25519;
  auto note_key = proof::MakeNoteKey(View(name), type, key.public_key().raw());
  if (!note_key.ok()) return Malformed("note key", note_key.flaw);
  return NoteSigner(*std::move(note_key), std::move(key));
}

absl::StatusOr<std::string> NoteSigner::SignatureLine(
    absl::string_view text, const hash::Hash& chain_head) const {
  const bool is_sm2 = note_key_.type == proof::NoteKeyType::kSm2;
  const std::string message =
      is_sm2 ? proof::Sm2NoteMessage(View(text), chain_head)
             : proof::Ed25519NoteMessage(View(text));
  ASSIGN_OR_RETURN(const std::string signature,
                   key_.Sign(hash::AsBytes(message)));
  const Bytes bytes = hash::AsBytes(signature);
  return proof::FormatSignatureLine(
      is_sm2 ? proof::Sm2Line(note_key_, chain_head, bytes)
             : proof::Ed25519Line(note_key_, bytes));
}

absl::StatusOr<std::string> SignNote(absl::string_view text,
                                     const hash::Hash& chain_head,
                                     std::span<const NoteSigner> signers) {
  std::string note = absl::StrCat(text, "\n");
  for (const NoteSigner& signer : signers) {
    ASSIGN_OR_RETURN(const std::string line,
                     signer.SignatureLine(text, chain_head));
    absl::StrAppend(&note, line);
  }
  return note;
}

absl::StatusOr<NoteVerifier> NoteVerifier::FromVkey(absl::string_view vkey) {
  auto note_key = proof::ParseVkey(View(vkey));
  if (!note_key.ok()) return Malformed("vkey", note_key.flaw);
  const Algorithm algorithm = note_key->type == proof::NoteKeyType::kSm2
                                  ? Algorithm::kSm2
                                  : Algorithm::kEd25519;
  ASSIGN_OR_RETURN(PublicKey key,
                   PublicKey::FromRaw(algorithm, hash::AsBytes(note_key->key)));
  return NoteVerifier(*std::move(note_key), std::move(key));
}

absl::StatusOr<VerifiedNote> VerifyNote(
    absl::string_view note, std::span<const NoteVerifier> verifiers) {
  const auto parsed = proof::ParseNote(View(note));
  if (!parsed.ok()) return Malformed("note", parsed.flaw);
  return VerifyNote(*parsed, verifiers);
}

absl::StatusOr<VerifiedNote> VerifyNote(
    const proof::SignedNote& note, std::span<const NoteVerifier> verifiers) {
  VerifiedNote verified{.text = note.text,
                        .signed_by = std::vector<bool>(verifiers.size())};
  for (const proof::SignatureLine& line : note.signatures) {
    for (size_t i = 0; i < verifiers.size(); ++i) {
      if (!proof::IsLineOf(verifiers[i].note_key(), line)) continue;
      if (verified.signed_by[i]) {
        return Untrue(verifiers[i].note_key(), "stands there twice");
      }
      RETURN_IF_ERROR(TakeLine(verifiers[i], note.text, line, verified));
      verified.signed_by[i] = true;
    }
  }
  return verified;
}

bool AllSigned(const VerifiedNote& note) {
  for (const bool has_signed : note.signed_by) {
    if (!has_signed) return false;
  }
  return true;
}

}  // namespace dataip::crypto
