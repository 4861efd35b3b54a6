#include "core/crypto/cosigner.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "core/crypto/verify.h"

namespace dataip::crypto {
namespace {

std::string_view View(absl::string_view text) {
  return {text.data(), text.size()};
}

absl::StatusOr<proof::NoteKey> CosignatureKey(absl::string_view name,
                                              const PublicKey& key) {
  if (key.algorithm() != Algorithm::kEd25519) {
    return absl::InvalidArgumentError(
        "见证人用 Ed25519 密钥签名。 A witness signs with an Ed25519 key.");
  }
  auto made = proof::MakeNoteKey(View(name), proof::NoteKeyType::kCosignature,
                                 key.raw());
  if (made.ok()) return *std::move(made);
  return absl::InvalidArgumentError(absl::StrCat(
      "见证人名称不合规：", proof::DescribeChinese(made.flaw),
      "。 The name of the witness: ", proof::Describe(made.flaw), "."));
}

absl::Status Untrue(const NoteVerifier& witness, absl::string_view why) {
  return absl::DataLossError(
      absl::StrCat("cosignature of ", witness.name(), " ", why));
}

}  // namespace

absl::StatusOr<std::string> CosignatureVkey(absl::string_view name,
                                            const PublicKey& key) {
  ASSIGN_OR_RETURN(const proof::NoteKey note_key, CosignatureKey(name, key));
  return proof::FormatVkey(note_key);
}

absl::StatusOr<Cosigner> Cosigner::Create(absl::string_view name,
                                          PrivateKey key) {
  ASSIGN_OR_RETURN(proof::NoteKey note_key,
                   CosignatureKey(name, key.public_key()));
  return Cosigner(std::move(note_key), std::move(key));
}

absl::StatusOr<std::string> Cosigner::SignatureLine(absl::string_view text,
                                                    uint64_t time_s) const {
  const std::string message = proof::CosignatureMessage(View(text), time_s);
  ASSIGN_OR_RETURN(const std::string signature,
                   key_.Sign(hash::AsBytes(message)));
  return proof::FormatSignatureLine(
      proof::CosignatureLine(note_key_, time_s, hash::AsBytes(signature)));
}

absl::StatusOr<uint64_t> VerifyCosignature(const NoteVerifier& witness,
                                           absl::string_view text,
                                           const proof::SignatureLine& line) {
  const auto read = proof::ReadSignature(witness.note_key(), View(text), line);
  if (!read.ok()) return Untrue(witness, proof::Describe(read.flaw));
  if (!read->time_s.has_value() || *read->time_s > limits::kIndex) {
    return Untrue(witness, "states no time");
  }
  if (!Verify(witness.key(), hash::AsBytes(read->message),
              hash::AsBytes(read->signature))) {
    return Untrue(witness, "does not verify");
  }
  return *read->time_s;
}

}  // namespace dataip::crypto
