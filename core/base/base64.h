// Base64 of RFC 4648 section 4, strict. Standard library only: core/proof uses
// it too.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dataip::base {

// With padding, without line breaks.
std::string Base64Encode(std::span<const uint8_t> bytes);

// Nothing unless `text` is exactly what Base64Encode gives for the result:
// no missing or extra padding, no set bits behind the last byte, no other
// alphabet, no white space (formats.md 3).
std::optional<std::vector<uint8_t>> Base64Decode(std::string_view text);

// For absl::string_view, which is another type than std's here.
template <typename Text>
requires(!std::is_convertible_v<Text, std::string_view> &&
         requires(const Text& text) {
           std::string_view(text.data(), text.size());
         }) std::optional<std::vector<uint8_t>> Base64Decode(const Text& text) {
  return Base64Decode(std::string_view(text.data(), text.size()));
}

}  // namespace dataip::base
