// Which Ed25519 public keys may be enrolled (formats.md 7).
#pragma once

#include "core/hash/hash.h"

namespace dataip::crypto {

// True when the 32 bytes are the canonical encoding of a point on the curve
// (RFC 8032 5.1.3) whose order is not 1, 2, 4 or 8. With a small-order key
// one signature holds for many messages.
bool IsEnrollableEd25519(Bytes raw);

}  // namespace dataip::crypto
