#include "client/export/mirror_pieces.h"

#include "client/export/piece_reader.h"

namespace dataip::client {
namespace {

const std::string& Erased() {
  static const std::string* const kErased = new std::string("\xff\xff\xff\xff");
  return *kErased;
}

}  // namespace

std::optional<std::string> LastHeader(absl::string_view entries,
                                      uint32_t width) {
  PieceReader reader(entries, PieceReader::Kind::kHeaders);
  absl::string_view last;
  for (uint32_t i = 0; i < width; ++i) {
    const auto header = reader.Take();
    if (!header.has_value()) return std::nullopt;
    last = header->bytes;
  }
  if (width == 0 || !reader.empty()) return std::nullopt;
  return std::string(last);
}

std::optional<std::string> ErasedPayloads(absl::string_view payloads,
                                          uint32_t width,
                                          const std::set<uint32_t>& positions) {
  PieceReader reader(payloads, PieceReader::Kind::kPayloads);
  std::string out;
  for (uint32_t i = 0; i < width; ++i) {
    const auto payload = reader.Take();
    if (!payload.has_value()) return std::nullopt;
    if (positions.contains(i)) {
      out += Erased();
    } else {
      out.append(payload->whole.data(), payload->whole.size());
    }
  }
  if (!reader.empty()) return std::nullopt;
  return out;
}

bool MayReplacePayloads(absl::string_view old_bytes,
                        absl::string_view new_bytes) {
  using Payload = ExportedEntry::Payload;
  PieceReader before(old_bytes, PieceReader::Kind::kPayloads);
  PieceReader after(new_bytes, PieceReader::Kind::kPayloads);
  while (!before.empty() && !after.empty()) {
    const auto was = before.Take();
    const auto is = after.Take();
    if (!was.has_value() || !is.has_value()) return false;
    if (was->whole != is->whole && is->status != Payload::kErased &&
        was->status != Payload::kNotForThisReader) {
      return false;
    }
  }
  return before.empty() && after.empty();
}

}  // namespace dataip::client
