// UTF-8, one code point at a time. Standard library only: core/proof uses it
// too.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace dataip::base {

// Takes the first code point off `text`. Nothing, and `text` unchanged, when
// `text` is empty or does not begin with one well-formed code point (Unicode
// table 3-7: no overlong form, surrogate or value over U+10FFFF).
std::optional<uint32_t> TakeCodePoint(std::string_view& text);

}  // namespace dataip::base
