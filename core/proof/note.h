// Checkpoints as signed notes, and the keys that sign them (formats.md 3;
// C2SP signed-note, tlog-checkpoint, tlog-cosignature). Texts and bytes only:
// the mathematics of signatures is the caller's.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/limits.h"
#include "core/hash/hash.h"
#include "core/proof/flaw.h"

namespace dataip::proof {

using hash::Hash;
using KeyId = std::array<uint8_t, 4>;

// kNone for 1 to 255 bytes of UTF-8 without control characters, U+007F,
// Unicode spaces or '+'. Key names obey the same rule.
Flaw CheckOrigin(std::string_view origin);

enum class NoteKeyType {
  kEd25519,      // type byte 0x01, key of 32 bytes
  kSm2,          // 0xff "dataip.sm2sm3.v1", key of 65 bytes
  kCosignature,  // 0x04: a witness's timestamped Ed25519, key of 32 bytes
};

struct NoteKey {
  std::string name;
  NoteKeyType type = NoteKeyType::kEd25519;
  std::string key;  // raw bytes; whether it is a point is not checked here
  KeyId id{};

  friend bool operator==(const NoteKey&, const NoteKey&) = default;
};

// Checks name and length of the key, and computes the id.
Parsed<NoteKey> MakeNoteKey(std::string_view name, NoteKeyType type, Bytes key);

// name+hex(key id)+base64(type bytes || key). The id must be the key's own.
Parsed<NoteKey> ParseVkey(std::string_view vkey);
std::string FormatVkey(const NoteKey& key);

// The three lines of a checkpoint.
struct Checkpoint {
  std::string origin;
  uint64_t size = 0;
  Hash root;

  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

// Three lines, each with its LF.
std::string FormatCheckpoint(const Checkpoint& checkpoint);

// Refuses extension lines, another spelling of size or root, and size 0: a
// ledger without entries has no checkpoint.
Parsed<Checkpoint> ParseCheckpoint(std::string_view text);

// Of any log of the world, as C2SP tlog-checkpoint has it: the origin may be
// any line that is not empty, the tree may be empty, and lines that are not
// empty may follow. For witnesses; a checkpoint of ours is ParseCheckpoint's.
Parsed<Checkpoint> ParseForeignCheckpoint(std::string_view text);

struct SignatureLine {
  std::string name;
  KeyId key_id{};
  std::string signature;  // what stands behind the key id, at least one byte

  friend bool operator==(const SignatureLine&, const SignatureLine&) = default;
};

struct SignedNote {
  std::string text;  // with its last LF
  std::vector<SignatureLine> signatures;
};

// Text, an empty line, one signature line at least, nothing behind.
// FormatNote(*ParseNote(n)) == n. `most_line_bytes` is of one signature line.
Parsed<SignedNote> ParseNote(
    std::string_view note,
    size_t most_line_bytes = limits::kSignatureLineBytes);
std::string FormatNote(const SignedNote& note);
// Signature lines alone, at least one, each with its LF: what a witness
// answers (C2SP tlog-witness).
Parsed<std::vector<SignatureLine>> ParseSignatureLines(
    std::string_view lines,
    size_t most_line_bytes = limits::kSignatureLineBytes);
// With its LF.
std::string FormatSignatureLine(const SignatureLine& line);

// True when the line names this key by name and id.
bool IsLineOf(const NoteKey& key, const SignatureLine& line);

// What has to be verified to believe a signature line.
struct NoteSignature {
  std::string message;             // what the signature covers
  std::string signature;           // 64 bytes of Ed25519, or DER for SM2
  std::optional<Hash> chain_head;  // SM2: what the line says
  std::optional<uint64_t> time_s;  // cosignature: Unix seconds
};

// kOtherKey when the line is not of this key, kSignatureForm when the bytes
// cannot be a signature of its type.
Parsed<NoteSignature> ReadSignature(const NoteKey& key, std::string_view text,
                                    const SignatureLine& line);

// What a key signs: the message for ReadSignature's signature.
std::string Ed25519NoteMessage(std::string_view text);
std::string Sm2NoteMessage(std::string_view text, const Hash& chain_head);
std::string CosignatureMessage(std::string_view text, uint64_t time_s);

// The line of a key over its raw signature (64 bytes or DER).
SignatureLine Ed25519Line(const NoteKey& key, Bytes signature);
SignatureLine Sm2Line(const NoteKey& key, const Hash& chain_head, Bytes der);
SignatureLine CosignatureLine(const NoteKey& key, uint64_t time_s,
                              Bytes signature);

// The line up to the next LF, which is taken too; nothing without one.
std::optional<std::string_view> TakeLine(std::string_view& text);

// 0 to 2^63-1 in its one spelling.
std::optional<uint64_t> ParseSize(std::string_view text);

}  // namespace dataip::proof
