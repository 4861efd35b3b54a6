// Notes, checkpoints, vkeys and their base64: what is taken is written the
// same again.
#include <cstdlib>

#include "core/base/base64.h"
#include "core/base/hex.h"
#include "core/base/text.h"
#include "core/proof/note.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace dataip;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  if (const auto key = proof::ParseVkey(text); key.ok()) {
    if (proof::FormatVkey(*key) != text) std::abort();
  }
  if (const auto checkpoint = proof::ParseCheckpoint(text); checkpoint.ok()) {
    if (proof::FormatCheckpoint(*checkpoint) != text) std::abort();
  }
  if (const auto note = proof::ParseNote(text); note.ok()) {
    if (proof::FormatNote(*note) != text) std::abort();
    const auto key =
        proof::MakeNoteKey(note->signatures[0].name, proof::NoteKeyType::kSm2,
                           hash::AsBytes(std::string(65, 'k')));
    if (!key.ok()) std::abort();
    proof::NoteKey named = *key;
    named.id = note->signatures[0].key_id;
    proof::ReadSignature(named, note->text, note->signatures[0]);
  }
  if (const auto decoded = base::Base64Decode(text)) {
    if (base::Base64Encode(*decoded) != text) std::abort();
  }
  if (const auto decoded = base::HexDecode(text)) {
    if (base::HexEncode(*decoded) != text) std::abort();
  }
  const absl::string_view view(text.data(), text.size());
  if (base::CountHan(view) > base::CountCharacters(view)) std::abort();
  if (base::CountCharacters(base::NormaliseFullWidth(view)) !=
      base::CountCharacters(view)) {
    std::abort();
  }
  base::DisplayWidth(base::Trim(view));
  return 0;
}
