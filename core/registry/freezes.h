// Freezes by a court or authority (C9). Several may lie over one certificate,
// each with an overlay of its own.
#pragma once

#include <cstddef>

namespace dataip::registry {

inline constexpr size_t kFreezeAuthorityLeastCharacters = 2;
inline constexpr size_t kDocumentNumberCharacters = 100;

}  // namespace dataip::registry
