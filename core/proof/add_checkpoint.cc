#include "core/proof/add_checkpoint.h"

#include <utility>

#include "core/base/base64.h"
#include "core/base/limits.h"

namespace dataip::proof {
namespace {

constexpr std::string_view kOld = "old ";
constexpr size_t kMostDigits = 19;

// Without its LF, which is taken too; nothing without one.
std::optional<std::string_view> TakeLine(std::string_view& text) {
  const size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

std::optional<uint64_t> ParseNumber(std::string_view text) {
  if (text.empty() || text.size() > kMostDigits) return std::nullopt;
  if (text[0] == '0' && text.size() > 1) return std::nullopt;
  uint64_t number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + static_cast<uint64_t>(c - '0');
  }
  if (number > limits::kIndex) return std::nullopt;
  return number;
}

// The lines up to the empty one, which is taken too.
Parsed<Path> TakePath(std::string_view& body) {
  Path path;
  while (true) {
    const std::optional<std::string_view> line = TakeLine(body);
    if (!line) return Flaw::kTruncated;
    if (line->empty()) return path;
    if (path.size() == kConsistencyLines) return Flaw::kTooLong;
    const auto bytes = base::Base64Decode(*line);
    if (!bytes) return Flaw::kNotCanonicalBase64;
    const std::optional<Hash> hash = Hash::From(*bytes);
    if (!hash) return Flaw::kHashLength;
    path.push_back(*hash);
  }
}

}  // namespace

std::string FormatAddCheckpoint(uint64_t old_size, const Path& path,
                                std::string_view note) {
  std::string body(kOld);
  body += std::to_string(old_size);
  body += '\n';
  for (const Hash& hash : path) {
    body += base::Base64Encode(hash.span());
    body += '\n';
  }
  body += '\n';
  body += note;
  return body;
}

Parsed<AddCheckpoint> ParseAddCheckpoint(std::string_view body) {
  const std::optional<std::string_view> first = TakeLine(body);
  if (!first) return Flaw::kTruncated;
  if (first->substr(0, kOld.size()) != kOld) return Flaw::kCheckpointForm;
  const auto old_size = ParseNumber(first->substr(kOld.size()));
  if (!old_size) return Flaw::kCheckpointSize;
  Parsed<Path> path = TakePath(body);
  if (!path.ok()) return path.flaw;
  Parsed<SignedNote> note = ParseNote(body, kForeignSignatureLineBytes);
  if (!note.ok()) return note.flaw;
  Parsed<Checkpoint> checkpoint = ParseForeignCheckpoint(note->text);
  if (!checkpoint.ok()) return checkpoint.flaw;
  return AddCheckpoint{*old_size, *std::move(path), *std::move(note),
                       *std::move(checkpoint)};
}

std::optional<uint64_t> ParseTlogSize(std::string_view body) {
  const std::optional<std::string_view> line = TakeLine(body);
  if (!line || !body.empty()) return std::nullopt;
  return ParseNumber(*line);
}

}  // namespace dataip::proof
