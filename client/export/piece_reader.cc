#include "client/export/piece_reader.h"

#include "client/export/export_layout.h"
#include "core/base/limits.h"

namespace dataip::client {
namespace {

constexpr size_t kHeaderLengthBytes = 2;
constexpr size_t kPayloadLengthBytes = 4;

}  // namespace

std::optional<PieceReader::Item> PieceReader::Take() {
  const bool payloads = kind_ == Kind::kPayloads;
  const size_t prefix = payloads ? kPayloadLengthBytes : kHeaderLengthBytes;
  if (rest_.size() < prefix) return std::nullopt;
  uint32_t length = 0;
  for (size_t i = 0; i < prefix; ++i) {
    length = length << 8 | static_cast<unsigned char>(rest_[i]);
  }
  Item item;
  if (payloads && length == kErasedLength) {
    item.status = ExportedEntry::Payload::kErased;
    length = 0;
  } else if (payloads && length == kNotForThisReaderLength) {
    item.status = ExportedEntry::Payload::kNotForThisReader;
    length = 0;
  }
  if (length > limits::kPayloadBytes || rest_.size() - prefix < length) {
    return std::nullopt;
  }
  item.whole = rest_.substr(0, prefix + length);
  item.bytes = item.whole.substr(prefix);
  rest_.remove_prefix(item.whole.size());
  return item;
}

}  // namespace dataip::client
