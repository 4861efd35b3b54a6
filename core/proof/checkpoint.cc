// Origins and checkpoints of note.h.
#include <algorithm>

#include "core/base/base64.h"
#include "core/base/limits.h"
#include "core/base/utf8.h"
#include "core/proof/note.h"

namespace dataip::proof {
namespace {

// Unicode's White_Space.
bool IsSpace(uint32_t point) {
  return (point >= 0x09 && point <= 0x0d) || point == 0x20 || point == 0x85 ||
         point == 0xa0 || point == 0x1680 ||
         (point >= 0x2000 && point <= 0x200a) || point == 0x2028 ||
         point == 0x2029 || point == 0x202f || point == 0x205f ||
         point == 0x3000;
}

// U+0000 to U+001F, U+007F and U+0080 to U+009F.
bool IsControl(uint32_t point) {
  return point < 0x20 || (point >= 0x7f && point <= 0x9f);
}

std::optional<Hash> ParseRoot(std::string_view text) {
  const auto bytes = base::Base64Decode(text);
  return bytes ? Hash::From(*bytes) : std::nullopt;
}

// Lines that are not empty, each with its LF.
bool AreExtensionLines(std::string_view text) {
  while (!text.empty()) {
    const std::optional<std::string_view> line = TakeLine(text);
    if (!line || line->empty()) return false;
  }
  return true;
}

}  // namespace

std::optional<std::string_view> TakeLine(std::string_view& text) {
  const size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

std::optional<uint64_t> ParseSize(std::string_view text) {
  if (text == "0") return 0;
  if (text.empty() || text.size() > 19 || text[0] == '0') return std::nullopt;
  uint64_t size = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    size = size * 10 + static_cast<uint64_t>(c - '0');
  }
  if (size > limits::kIndex) return std::nullopt;
  return size;
}

Flaw CheckOrigin(std::string_view origin) {
  if (origin.empty() || origin.size() > limits::kOriginBytes) {
    return Flaw::kOrigin;
  }
  while (!origin.empty()) {
    const std::optional<uint32_t> point = base::TakeCodePoint(origin);
    if (!point || IsControl(*point) || IsSpace(*point) || *point == '+') {
      return Flaw::kOrigin;
    }
  }
  return Flaw::kNone;
}

std::string FormatCheckpoint(const Checkpoint& checkpoint) {
  return checkpoint.origin + "\n" + std::to_string(checkpoint.size) + "\n" +
         base::Base64Encode(checkpoint.root.span()) + "\n";
}

Parsed<Checkpoint> ParseCheckpoint(std::string_view text) {
  Parsed<Checkpoint> checkpoint = ParseForeignCheckpoint(text);
  if (!checkpoint.ok()) return checkpoint;
  if (const Flaw flaw = CheckOrigin(checkpoint->origin); flaw != Flaw::kNone) {
    return flaw;
  }
  if (checkpoint->size == 0) return Flaw::kCheckpointSize;
  // An extension line, which ours never has.
  if (FormatCheckpoint(*checkpoint) != text) return Flaw::kCheckpointForm;
  return checkpoint;
}

Parsed<Checkpoint> ParseForeignCheckpoint(std::string_view text) {
  const std::optional<std::string_view> origin = TakeLine(text);
  const std::optional<std::string_view> size = TakeLine(text);
  const std::optional<std::string_view> root = TakeLine(text);
  if (!root || !AreExtensionLines(text)) return Flaw::kCheckpointForm;
  if (origin->empty()) return Flaw::kOrigin;
  const std::optional<uint64_t> parsed_size = ParseSize(*size);
  if (!parsed_size) return Flaw::kCheckpointSize;
  const std::optional<Hash> root_hash = ParseRoot(*root);
  if (!root_hash) return Flaw::kCheckpointRoot;
  return Checkpoint{std::string(*origin), *parsed_size, *root_hash};
}

}  // namespace dataip::proof
