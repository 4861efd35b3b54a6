// A table of words that lines up in a terminal: Han characters are two wide.
#pragma once

#include <string>
#include <vector>

namespace dataip::testing {

// Columns of the text, counted as a terminal does.
inline size_t WidthOf(const std::string& text) {
  size_t width = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xC0) == 0x80) continue;
    // `✓` and `·` are one wide, what starts at U+3000 is two.
    width += byte >= 0xE3 ? 2 : 1;
  }
  return width;
}

inline std::string Padded(const std::string& text, size_t width) {
  const size_t has = WidthOf(text);
  return text + std::string(width > has ? width - has : 0, ' ');
}

// The first row is the head; no line ends in spaces.
inline std::string TableOf(const std::vector<std::vector<std::string>>& rows) {
  std::vector<size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], WidthOf(row[i]));
    }
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      line += (i == 0 ? "" : "  ") + Padded(row[i], widths[i]);
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

}  // namespace dataip::testing
