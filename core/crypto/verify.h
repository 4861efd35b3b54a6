// Signature verification (formats.md 7): SM2 with SM3 and always user ID
// 1234567812345678, ECDSA P-256 with SHA-256, Ed25519.
#pragma once

#include "core/crypto/key.h"
#include "core/hash/hash.h"

namespace dataip::crypto {

// True when `signature` is a signature of `message` by `key`; the algorithm
// is the key's. SM2 and ECDSA signatures are accepted in one form only: DER
// SEQUENCE{r, s} with the shortest lengths and integers, r and s in
// [1, n-1], nothing behind. Safe to call from many threads on one key.
bool Verify(const PublicKey& key, Bytes message, Bytes signature);

// Whether `signature` has the one DER form that Verify accepts for
// `algorithm` (64 bytes for Ed25519), before any mathematics.
bool IsStrictSignature(Algorithm algorithm, Bytes signature);

}  // namespace dataip::crypto
