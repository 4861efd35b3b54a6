#include "core/base/utf8.h"

#include <cstddef>

namespace dataip::base {
namespace {

struct Lead {
  size_t size;       // bytes of the code point
  uint32_t bits;     // what the lead byte contributes
  uint32_t minimum;  // smaller values are overlong
};

std::optional<Lead> ReadLead(uint8_t byte) {
  if (byte < 0x80) return Lead{1, byte, 0};
  if (byte >= 0xc2 && byte < 0xe0) return Lead{2, byte & 0x1fu, 0x80};
  if (byte >= 0xe0 && byte < 0xf0) return Lead{3, byte & 0x0fu, 0x800};
  if (byte >= 0xf0 && byte < 0xf5) return Lead{4, byte & 0x07u, 0x10000};
  return std::nullopt;
}

}  // namespace

std::optional<uint32_t> TakeCodePoint(std::string_view& text) {
  if (text.empty()) return std::nullopt;
  const std::optional<Lead> lead = ReadLead(static_cast<uint8_t>(text[0]));
  if (!lead || text.size() < lead->size) return std::nullopt;
  uint32_t point = lead->bits;
  for (size_t i = 1; i < lead->size; ++i) {
    const uint8_t byte = static_cast<uint8_t>(text[i]);
    if ((byte & 0xc0) != 0x80) return std::nullopt;
    point = point << 6 | (byte & 0x3fu);
  }
  const bool surrogate = point >= 0xd800 && point <= 0xdfff;
  if (point < lead->minimum || surrogate || point > 0x10ffff) {
    return std::nullopt;
  }
  text.remove_prefix(lead->size);
  return point;
}

}  // namespace dataip::base
