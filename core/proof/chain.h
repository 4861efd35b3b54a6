// The SM3 hash chain over headers (formats.md 2).
#pragma once

#include <string_view>

#include "core/hash/hash.h"

namespace dataip::proof {

// `prev` of entry 0.
hash::Hash ChainStart(std::string_view origin);

// `prev` of the entry after the one with this encoded header, which is also
// the chain head at the size that this header completes.
hash::Hash NextPrev(Bytes header);

}  // namespace dataip::proof
