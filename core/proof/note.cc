#include "core/proof/note.h"

#include <algorithm>

#include "core/base/base64.h"
#include "core/base/hex.h"
#include "core/base/limits.h"
#include "core/base/utf8.h"
#include "core/proof/byte_reader.h"

namespace dataip::proof {
namespace {

constexpr std::string_view kDash = "\xe2\x80\x94 ";  // U+2014, a space
constexpr size_t kEd25519SignatureBytes = 64;

struct TypeForm {
  NoteKeyType type;
  std::string_view bytes;
  size_t key_bytes;
};

constexpr TypeForm kTypes[] = {
    {NoteKeyType::kEd25519, "\x01", 32},
    {NoteKeyType::kSm2,
     "\xff"
     "dataip.sm2sm3.v1",
     65},
    {NoteKeyType::kCosignature, "\x04", 32},
};

const TypeForm& FormOf(NoteKeyType type) {
  return *std::find_if(std::begin(kTypes), std::end(kTypes),
                       [&](const TypeForm& form) { return form.type == type; });
}

KeyId ComputeKeyId(std::string_view name, std::string_view type_and_key) {
  const Hash hash = hash::Sha256(
      {hash::AsBytes(name), hash::AsBytes("\n"), hash::AsBytes(type_and_key)});
  KeyId id;
  std::copy_n(hash.bytes.begin(), id.size(), id.begin());
  return id;
}

std::string TypeAndKey(const NoteKey& key) {
  return std::string(FormOf(key.type).bytes) + key.key;
}

std::string ToText(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

// UTF-8 without control characters but LF (C2SP signed-note).
Flaw CheckCharacters(std::string_view text) {
  while (!text.empty()) {
    const std::optional<uint32_t> point = base::TakeCodePoint(text);
    if (!point) return Flaw::kNotUtf8;
    const bool control = *point < 0x20 || *point == 0x7f;
    if (control && *point != '\n') return Flaw::kNoteCharacter;
  }
  return Flaw::kNone;
}

// A line without its LF.
Parsed<SignatureLine> ParseSignatureLine(std::string_view line,
                                         size_t most_bytes) {
  if (line.size() > most_bytes) return Flaw::kTooLong;
  if (line.substr(0, kDash.size()) != kDash) return Flaw::kNoteForm;
  line.remove_prefix(kDash.size());
  const size_t space = line.find(' ');
  if (space == std::string_view::npos) return Flaw::kNoteForm;
  const std::string_view name = line.substr(0, space);
  if (const Flaw flaw = CheckOrigin(name); flaw != Flaw::kNone) return flaw;
  const auto bytes = base::Base64Decode(line.substr(space + 1));
  if (!bytes) return Flaw::kNotCanonicalBase64;
  SignatureLine parsed;
  if (bytes->size() <= parsed.key_id.size()) return Flaw::kSignatureForm;
  parsed.name = name;
  std::copy_n(bytes->begin(), parsed.key_id.size(), parsed.key_id.begin());
  parsed.signature.assign(bytes->begin() + parsed.key_id.size(), bytes->end());
  return parsed;
}

}  // namespace

Parsed<NoteKey> MakeNoteKey(std::string_view name, NoteKeyType type,
                            Bytes key) {
  if (const Flaw flaw = CheckOrigin(name); flaw != Flaw::kNone) return flaw;
  if (key.size() != FormOf(type).key_bytes) return Flaw::kKeyBytes;
  NoteKey made = {std::string(name), type, ToText(key), {}};
  made.id = ComputeKeyId(name, TypeAndKey(made));
  return made;
}

Parsed<NoteKey> ParseVkey(std::string_view vkey) {
  // A name has no '+', but base64 may.
  const size_t name_end = vkey.find('+');
  if (name_end == std::string_view::npos) return Flaw::kKeyForm;
  const size_t id_end = vkey.find('+', name_end + 1);
  if (id_end == std::string_view::npos) return Flaw::kKeyForm;
  const auto id =
      base::HexDecode(vkey.substr(name_end + 1, id_end - name_end - 1));
  if (!id || id->size() != KeyId().size()) return Flaw::kKeyForm;
  const auto decoded = base::Base64Decode(vkey.substr(id_end + 1));
  if (!decoded) return Flaw::kNotCanonicalBase64;
  const std::string bytes = ToText(*decoded);
  const auto form = std::find_if(
      std::begin(kTypes), std::end(kTypes), [&](const TypeForm& candidate) {
        return bytes.compare(0, candidate.bytes.size(), candidate.bytes) == 0;
      });
  if (form == std::end(kTypes)) return Flaw::kKeyType;
  Parsed<NoteKey> key =
      MakeNoteKey(vkey.substr(0, name_end), form->type,
                  hash::AsBytes(bytes).subspan(form->bytes.size()));
  if (!key.ok()) return key;
  if (!std::equal(id->begin(), id->end(), key->id.begin())) {
    return Flaw::kKeyId;
  }
  return key;
}

std::string FormatVkey(const NoteKey& key) {
  return key.name + "+" + base::HexEncode(key.id) + "+" +
         base::Base64Encode(hash::AsBytes(TypeAndKey(key)));
}

Parsed<SignedNote> ParseNote(std::string_view note, size_t most_line_bytes) {
  if (note.size() > limits::kNoteBytes) return Flaw::kTooLong;
  if (const Flaw flaw = CheckCharacters(note); flaw != Flaw::kNone) {
    return flaw;
  }
  // The last empty line parts text and signatures.
  const size_t split = note.rfind("\n\n");
  if (split == std::string_view::npos) return Flaw::kNoteForm;
  Parsed<std::vector<SignatureLine>> lines =
      ParseSignatureLines(note.substr(split + 2), most_line_bytes);
  if (!lines.ok()) return lines.flaw;
  return SignedNote{std::string(note.substr(0, split + 1)), *std::move(lines)};
}

Parsed<std::vector<SignatureLine>> ParseSignatureLines(std::string_view lines,
                                                       size_t most_line_bytes) {
  std::vector<SignatureLine> parsed;
  if (lines.empty()) return Flaw::kNoSignature;
  while (!lines.empty()) {
    const size_t end = lines.find('\n');
    if (end == std::string_view::npos) return Flaw::kNoteForm;
    if (parsed.size() == limits::kSignatureLines) return Flaw::kTooLong;
    Parsed<SignatureLine> line =
        ParseSignatureLine(lines.substr(0, end), most_line_bytes);
    if (!line.ok()) return line.flaw;
    parsed.push_back(*std::move(line));
    lines.remove_prefix(end + 1);
  }
  return parsed;
}

std::string FormatNote(const SignedNote& note) {
  std::string text = note.text + "\n";
  for (const SignatureLine& line : note.signatures) {
    text += FormatSignatureLine(line);
  }
  return text;
}

std::string FormatSignatureLine(const SignatureLine& line) {
  std::string bytes(line.key_id.begin(), line.key_id.end());
  bytes += line.signature;
  return std::string(kDash) + line.name + " " +
         base::Base64Encode(hash::AsBytes(bytes)) + "\n";
}

bool IsLineOf(const NoteKey& key, const SignatureLine& line) {
  return line.name == key.name && line.key_id == key.id;
}

Parsed<NoteSignature> ReadSignature(const NoteKey& key, std::string_view text,
                                    const SignatureLine& line) {
  if (!IsLineOf(key, line)) return Flaw::kOtherKey;
  ByteReader reader(hash::AsBytes(line.signature));
  NoteSignature read;
  switch (key.type) {
    case NoteKeyType::kEd25519:
      read.message = Ed25519NoteMessage(text);
      break;
    case NoteKeyType::kSm2:
      read.chain_head = reader.TakeHash();
      read.message = Sm2NoteMessage(text, *read.chain_head);
      break;
    case NoteKeyType::kCosignature:
      read.time_s = reader.TakeNumber(8);
      read.message = CosignatureMessage(text, *read.time_s);
      break;
  }
  if (!reader.ok() || reader.empty()) return Flaw::kSignatureForm;
  const bool ed25519 = key.type != NoteKeyType::kSm2;
  if (ed25519 && reader.remaining() != kEd25519SignatureBytes) {
    return Flaw::kSignatureForm;
  }
  read.signature = ToText(reader.Take(reader.remaining()));
  return read;
}

std::string Ed25519NoteMessage(std::string_view text) {
  return std::string(text);
}

std::string Sm2NoteMessage(std::string_view text, const Hash& chain_head) {
  std::string message(text);
  AppendHash(message, chain_head);
  return message;
}

std::string CosignatureMessage(std::string_view text, uint64_t time_s) {
  return "cosignature/v1\ntime " + std::to_string(time_s) + "\n" +
         std::string(text);
}

SignatureLine Ed25519Line(const NoteKey& key, Bytes signature) {
  return {key.name, key.id, ToText(signature)};
}

SignatureLine Sm2Line(const NoteKey& key, const Hash& chain_head, Bytes der) {
  std::string bytes;
  AppendHash(bytes, chain_head);
  return {key.name, key.id, bytes + ToText(der)};
}

SignatureLine CosignatureLine(const NoteKey& key, uint64_t time_s,
                              Bytes signature) {
  std::string bytes;
  AppendNumber(bytes, time_s, 8);
  return {key.name, key.id, bytes + ToText(signature)};
}

}  // namespace dataip::proof
