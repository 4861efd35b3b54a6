// Hexadecimal text. Standard library only: core/proof uses it too.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dataip::base {

// Lowercase, two digits a byte.
std::string HexEncode(std::span<const uint8_t> bytes);

// Takes lowercase digits only, so that one value has one spelling. Nothing for
// an odd length or any other character.
std::optional<std::vector<uint8_t>> HexDecode(std::string_view text);

// For absl::string_view, which is another type than std's here.
template <typename Text>
requires(!std::is_convertible_v<Text, std::string_view> &&
         requires(const Text& text) {
           std::string_view(text.data(), text.size());
         }) std::optional<std::vector<uint8_t>> HexDecode(const Text& text) {
  return HexDecode(std::string_view(text.data(), text.size()));
}

}  // namespace dataip::base
