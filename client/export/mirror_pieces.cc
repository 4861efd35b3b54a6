#include "client/export/mirror_pieces.h"

#include "client/export/export_layout.h"
#include "core/base/limits.h"

namespace dataip::client {
namespace {

constexpr size_t kHeaderLengthBytes = 2;
constexpr size_t kPayloadLengthBytes = 4;

// Takes length-prefixed byte strings off a file; the prefix stays with them.
class PieceCursor {
 public:
  PieceCursor(absl::string_view rest, size_t length_bytes)
      : rest_(rest), length_bytes_(length_bytes) {}

  bool empty() const { return rest_.empty(); }

  // Prefix and bytes; nothing at the end or when they end early.
  std::optional<absl::string_view> Take() {
    if (rest_.size() < length_bytes_) return std::nullopt;
    uint32_t length = 0;
    for (size_t i = 0; i < length_bytes_; ++i) {
      length = length << 8 | static_cast<unsigned char>(rest_[i]);
    }
    const bool marker = length_bytes_ == kPayloadLengthBytes &&
                        length >= kNotForThisReaderLength;
    const size_t count = length_bytes_ + (marker ? 0 : length);
    if (rest_.size() < count) return std::nullopt;
    const absl::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }

 private:
  absl::string_view rest_;
  size_t length_bytes_;
};

const std::string& Erased() {
  static const std::string* const kErased = new std::string("\xff\xff\xff\xff");
  return *kErased;
}

const std::string& Withheld() {
  static const std::string* const kWithheld =
      new std::string("\xff\xff\xff\xfe");
  return *kWithheld;
}

}  // namespace

std::optional<std::string> LastHeader(absl::string_view entries,
                                      uint32_t width) {
  PieceCursor cursor(entries, kHeaderLengthBytes);
  absl::string_view last;
  for (uint32_t i = 0; i < width; ++i) {
    const auto header = cursor.Take();
    if (!header.has_value()) return std::nullopt;
    last = header->substr(kHeaderLengthBytes);
  }
  if (width == 0 || !cursor.empty()) return std::nullopt;
  return std::string(last);
}

std::optional<std::string> ErasedPayloads(absl::string_view payloads,
                                          uint32_t width,
                                          const std::set<uint32_t>& positions) {
  PieceCursor cursor(payloads, kPayloadLengthBytes);
  std::string out;
  for (uint32_t i = 0; i < width; ++i) {
    const auto payload = cursor.Take();
    if (!payload.has_value()) return std::nullopt;
    if (positions.contains(i)) {
      out += Erased();
    } else {
      out.append(payload->data(), payload->size());
    }
  }
  if (!cursor.empty()) return std::nullopt;
  return out;
}

bool MayReplacePayloads(absl::string_view old_bytes,
                        absl::string_view new_bytes) {
  PieceCursor before(old_bytes, kPayloadLengthBytes);
  PieceCursor after(new_bytes, kPayloadLengthBytes);
  while (!before.empty() && !after.empty()) {
    const auto was = before.Take();
    const auto is = after.Take();
    if (!was.has_value() || !is.has_value()) return false;
    if (*was != *is && *is != Erased() && *was != Withheld()) return false;
  }
  return before.empty() && after.empty();
}

}  // namespace dataip::client
