#include "core/proof/add_checkpoint.h"

#include <utility>

#include "core/base/base64.h"
#include "core/base/limits.h"

namespace dataip::proof {
namespace {

constexpr std::string_view kOld = "old ";

// The lines up to the empty one, which is taken too.
Parsed<Path> TakePath(std::string_view& body) {
  Path path;
  while (true) {
    const std::optional<std::string_view> line = TakeLine(body);
    if (!line) return Flaw::kTruncated;
    if (line->empty()) return path;
    if (path.size() == limits::kConsistencyLines) return Flaw::kTooLong;
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
  const auto old_size = ParseSize(first->substr(kOld.size()));
  if (!old_size) return Flaw::kCheckpointSize;
  Parsed<Path> path = TakePath(body);
  if (!path.ok()) return path.flaw;
  Parsed<SignedNote> note = ParseNote(body, limits::kForeignSignatureLineBytes);
  if (!note.ok()) return note.flaw;
  Parsed<Checkpoint> checkpoint = ParseForeignCheckpoint(note->text);
  if (!checkpoint.ok()) return checkpoint.flaw;
  return AddCheckpoint{*old_size, *std::move(path), *std::move(note),
                       *std::move(checkpoint)};
}

std::optional<uint64_t> ParseTlogSize(std::string_view body) {
  const std::optional<std::string_view> line = TakeLine(body);
  if (!line || !body.empty()) return std::nullopt;
  return ParseSize(*line);
}

}  // namespace dataip::proof
