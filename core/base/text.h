// Text as forms and tables need it. Pure functions over our own tables: no
// locale, so that a rule decides the same everywhere.
//
// Functions other than ValidUtf8 take text that may be malformed: each byte
// that is not part of a code point counts as one character, neither Han nor
// wide, and is kept as it is.
#pragma once

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace dataip::base {

bool ValidUtf8(absl::string_view text);

// Code points, not bytes.
size_t CountCharacters(absl::string_view text);

// Chinese characters: the unified ideographs with extensions A to H, the
// compatibility ideographs, and U+3007 (〇).
size_t CountHan(absl::string_view text);

// Columns on a terminal: 2 for East Asian wide and full-width characters
// (UAX 11 W and F), 0 for controls, combining marks and zero-width ones,
// else 1.
size_t DisplayWidth(absl::string_view text);

// Characters that change how the text around them is read and show nothing
// themselves: C1 controls (U+0080 to U+009F), marks and overrides of the
// writing direction, zero-width characters, and the line and paragraph
// separators.
bool HasHiddenCharacter(absl::string_view text);

// The text with each of these, and DEL, as \u{202e}: for terminals.
std::string ShowHidden(absl::string_view text);

// Full-width ASCII (U+FF01 to U+FF5E) and the ideographic space (U+3000) to
// their half-width forms; everything else unchanged.
std::string NormaliseFullWidth(absl::string_view text);

// a-z to A-Z; everything else unchanged.
std::string UpperAscii(absl::string_view text);

// Without leading and trailing ASCII white space and ideographic spaces.
absl::string_view Trim(absl::string_view text);

}  // namespace dataip::base
