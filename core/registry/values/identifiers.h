// Identifiers and their check characters. All functions take the canonical
// spelling (half-width, upper case); NormaliseIdentifier makes it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "core/registry/values/civil_date.h"

namespace dataip::registry {

// Trimmed, full-width to half-width, upper case.
std::string NormaliseIdentifier(absl::string_view text);

// GB 32100-2015: 18 characters, region digits, inner GB 11714 check character
// and the check character.
bool IsValidUscc(absl::string_view text);
// The check character of the first 17; nothing when they are not well formed.
std::optional<char> UsccCheckCharacter(absl::string_view first_17);

// GB 11643-1999: 18 digits (X allowed last), a date of birth that exists and
// the MOD 11-2 check character.
bool IsValidIdNumber(absl::string_view text);

// ISO 7064 MOD 37,36 over 0-9 and A-Z. Nothing for any other character or an
// empty text.
std::optional<char> Mod3736CheckCharacter(absl::string_view text);
// Whether the last character is the check character of those before it.
bool IsValidMod3736(absl::string_view text);

// `P` + 7 digits.
bool IsPartyNumber(absl::string_view text);
// 1 to 64 of [a-z0-9-], not beginning or ending with `-`.
bool IsOfficerId(absl::string_view text);

}  // namespace dataip::registry
