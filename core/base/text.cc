#include "core/base/text.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "core/base/utf8.h"

namespace dataip::base {
namespace {

struct Range {
  uint32_t first;
  uint32_t last;
};

// Unicode 15.0, Blocks.txt; ascending.
constexpr Range kHan[] = {
    {0x3007, 0x3007},    // ideographic number zero
    {0x3400, 0x4dbf},    // extension A
    {0x4e00, 0x9fff},    // unified ideographs
    {0xf900, 0xfaff},    // compatibility ideographs
    {0x20000, 0x2a6df},  // extension B
    {0x2a700, 0x2ebef},  // extensions C to F
    {0x2f800, 0x2fa1f},  // compatibility supplement
    {0x30000, 0x323af},  // extensions G and H
};

// Unicode 15.0, EastAsianWidth.txt, W and F, neighbours joined; ascending.
constexpr Range kWide[] = {
    {0x1100, 0x115f},   {0x231a, 0x231b},   {0x2329, 0x232a},
    {0x23e9, 0x23ec},   {0x23f0, 0x23f0},   {0x23f3, 0x23f3},
    {0x25fd, 0x25fe},   {0x2614, 0x2615},   {0x2648, 0x2653},
    {0x267f, 0x267f},   {0x2693, 0x2693},   {0x26a1, 0x26a1},
    {0x26aa, 0x26ab},   {0x26bd, 0x26be},   {0x26c4, 0x26c5},
    {0x26ce, 0x26ce},   {0x26d4, 0x26d4},   {0x26ea, 0x26ea},
    {0x26f2, 0x26f3},   {0x26f5, 0x26f5},   {0x26fa, 0x26fa},
    {0x26fd, 0x26fd},   {0x2705, 0x2705},   {0x270a, 0x270b},
    {0x2728, 0x2728},   {0x274c, 0x274c},   {0x274e, 0x274e},
    {0x2753, 0x2755},   {0x2757, 0x2757},   {0x2795, 0x2797},
    {0x27b0, 0x27b0},   {0x27bf, 0x27bf},   {0x2b1b, 0x2b1c},
    {0x2b50, 0x2b50},   {0x2b55, 0x2b55},   {0x2e80, 0x303e},
    {0x3041, 0x33ff},   {0x3400, 0x4dbf},   {0x4e00, 0xa4c6},
    {0xa960, 0xa97c},   {0xac00, 0xd7a3},   {0xf900, 0xfaff},
    {0xfe10, 0xfe19},   {0xfe30, 0xfe6b},   {0xff01, 0xff60},
    {0xffe0, 0xffe6},   {0x16fe0, 0x18d08}, {0x1aff0, 0x1b2fb},
    {0x1f004, 0x1f004}, {0x1f0cf, 0x1f0cf}, {0x1f18e, 0x1f18e},
    {0x1f191, 0x1f19a}, {0x1f200, 0x1f320}, {0x1f32d, 0x1f335},
    {0x1f337, 0x1f37c}, {0x1f37e, 0x1f393}, {0x1f3a0, 0x1f3ca},
    {0x1f3cf, 0x1f3d3}, {0x1f3e0, 0x1f3f0}, {0x1f3f4, 0x1f3f4},
    {0x1f3f8, 0x1f43e}, {0x1f440, 0x1f440}, {0x1f442, 0x1f4fc},
    {0x1f4ff, 0x1f53d}, {0x1f54b, 0x1f54e}, {0x1f550, 0x1f567},
    {0x1f57a, 0x1f57a}, {0x1f595, 0x1f596}, {0x1f5a4, 0x1f5a4},
    {0x1f5fb, 0x1f64f}, {0x1f680, 0x1f6c5}, {0x1f6cc, 0x1f6cc},
    {0x1f6d0, 0x1f6d2}, {0x1f6d5, 0x1f6d7}, {0x1f6dc, 0x1f6df},
    {0x1f6eb, 0x1f6ec}, {0x1f6f4, 0x1f6fc}, {0x1f7e0, 0x1f7eb},
    {0x1f7f0, 0x1f7f0}, {0x1f90c, 0x1f93a}, {0x1f93c, 0x1f945},
    {0x1f947, 0x1f9ff}, {0x1fa70, 0x1faf8}, {0x20000, 0x2fffd},
    {0x30000, 0x3fffd},
};

// What takes no column: controls, combining marks of the scripts that occur
// here, joiners and other formatting marks, variation selectors; ascending.
constexpr Range kZeroWidth[] = {
    {0x0000, 0x001f},   {0x007f, 0x009f}, {0x00ad, 0x00ad}, {0x0300, 0x036f},
    {0x0483, 0x0489},   {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x200b, 0x200f},
    {0x202a, 0x202e},   {0x2060, 0x2064}, {0x20d0, 0x20f0}, {0x302a, 0x302d},
    {0x3099, 0x309a},   {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xfeff, 0xfeff},
    {0xe0100, 0xe01ef},
};

// What changes or hides how text is read (Unicode's Bidi_Control, zero-width
// characters, separators of lines) and the C1 controls; ascending.
constexpr Range kHidden[] = {
    {0x0080, 0x009f}, {0x061c, 0x061c}, {0x200b, 0x200f}, {0x2028, 0x202e},
    {0x2060, 0x2060}, {0x2066, 0x2069}, {0xfeff, 0xfeff},
};

// Whether the byte begins one of kHidden, and some other characters too.
bool MayBeginHidden(char c) {
  return c == '\xc2' || c == '\xd8' || c == '\xe2' || c == '\xef';
}

bool IsIn(std::span<const Range> ranges, uint32_t point) {
  const auto range =
      std::lower_bound(ranges.begin(), ranges.end(), point,
                       [](const Range& r, uint32_t p) { return r.last < p; });
  return range != ranges.end() && point >= range->first;
}

std::string_view Std(absl::string_view text) {
  return {text.data(), text.size()};
}

// Stands for a byte that belongs to no code point.
constexpr uint32_t kMalformed = 0xffffffff;

bool Continues(char c) { return (static_cast<uint8_t>(c) & 0xc0) == 0x80; }

// The next code point, or one byte as kMalformed. `text` is not empty.
inline __attribute__((always_inline)) uint32_t TakeAny(std::string_view& text) {
  const auto lead = static_cast<uint8_t>(text[0]);
  if (lead < 0x80) {
    text.remove_prefix(1);
    return lead;
  }
  // Most of the rest: three bytes, neither overlong nor a surrogate.
  if (lead > 0xe0 && lead < 0xf0 && lead != 0xed && text.size() > 2 &&
      Continues(text[1]) && Continues(text[2])) {
    const uint32_t point = (lead & 0x0fu) << 12 |
                           (static_cast<uint8_t>(text[1]) & 0x3fu) << 6 |
                           (static_cast<uint8_t>(text[2]) & 0x3fu);
    text.remove_prefix(3);
    return point;
  }
  if (const auto point = TakeCodePoint(text)) return *point;
  text.remove_prefix(1);
  return kMalformed;
}

size_t WidthOf(uint32_t point) {
  if (IsIn(kZeroWidth, point)) return 0;
  return IsIn(kWide, point) ? 2 : 1;
}

bool IsAsciiSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

constexpr absl::string_view kIdeographicSpace = "\xe3\x80\x80";

}  // namespace

bool ValidUtf8(absl::string_view text) {
  std::string_view rest = Std(text);
  while (!rest.empty()) {
    if (!TakeCodePoint(rest)) return false;
  }
  return true;
}

size_t CountCharacters(absl::string_view text) {
  size_t count = 0;
  for (std::string_view rest = Std(text); !rest.empty(); ++count) {
    TakeAny(rest);
  }
  return count;
}

size_t CountHan(absl::string_view text) {
  size_t count = 0;
  for (std::string_view rest = Std(text); !rest.empty();) {
    if (IsIn(kHan, TakeAny(rest))) ++count;
  }
  return count;
}

size_t DisplayWidth(absl::string_view text) {
  size_t width = 0;
  for (std::string_view rest = Std(text); !rest.empty();) {
    width += WidthOf(TakeAny(rest));
  }
  return width;
}

bool HasHiddenCharacter(absl::string_view text) {
  // A byte that begins a character continues none: no need to take the others.
  for (size_t i = 0; i < text.size(); ++i) {
    if (!MayBeginHidden(text[i])) continue;
    std::string_view rest = Std(text.substr(i));
    if (IsIn(kHidden, TakeAny(rest))) return true;
  }
  return false;
}

std::string ShowHidden(absl::string_view text) {
  constexpr uint32_t kDel = 0x7f;
  std::string shown;
  shown.reserve(text.size());
  for (std::string_view rest = Std(text); !rest.empty();) {
    const std::string_view before = rest;
    const uint32_t point = TakeAny(rest);
    if (point == kDel || IsIn(kHidden, point)) {
      absl::StrAppend(&shown, "\\u{", absl::Hex(point), "}");
    } else {
      shown.append(before.substr(0, before.size() - rest.size()));
    }
  }
  return shown;
}

std::string NormaliseFullWidth(absl::string_view text) {
  std::string normal;
  normal.reserve(text.size());
  std::string_view same = Std(text);  // begins with what is not copied yet
  for (std::string_view rest = same; !rest.empty();) {
    const std::string_view before = rest;
    const uint32_t point = TakeAny(rest);
    const bool wide = point >= 0xff01 && point <= 0xff5e;
    if (!wide && point != 0x3000) continue;
    normal.append(same.substr(0, same.size() - before.size()));
    normal.push_back(wide ? static_cast<char>(point - 0xff01 + '!') : ' ');
    same = rest;
  }
  normal.append(same);
  return normal;
}

std::string UpperAscii(absl::string_view text) {
  std::string upper(text);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return upper;
}

absl::string_view Trim(absl::string_view text) {
  const auto starts = [&](absl::string_view s) {
    return text.substr(0, s.size()) == s;
  };
  const auto ends = [&](absl::string_view s) {
    return text.size() >= s.size() && text.substr(text.size() - s.size()) == s;
  };
  while (!text.empty() &&
         (IsAsciiSpace(text.front()) || starts(kIdeographicSpace))) {
    text.remove_prefix(IsAsciiSpace(text.front()) ? 1
                                                  : kIdeographicSpace.size());
  }
  while (!text.empty() &&
         (IsAsciiSpace(text.back()) || ends(kIdeographicSpace))) {
    text.remove_suffix(IsAsciiSpace(text.back()) ? 1
                                                 : kIdeographicSpace.size());
  }
  return text;
}

}  // namespace dataip::base
