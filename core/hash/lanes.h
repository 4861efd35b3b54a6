// Many independent messages hashed side by side: message i in lane i of vector
// registers, with AVX2 or AVX-512, where the CPU has them. Inside of core/hash
// and its tests; everybody else calls Sha256Many and Sm3Many of hash.h, which
// choose the fastest way.
//
// Measured on one core of an AMD EPYC of family 26, millions of messages a
// second, 256 at once, OpenSSL 3.0 one at a time / AVX2 / AVX-512:
//
//           64 bytes          180 bytes         512 bytes        1 KiB
//   SM3       2.0 10.2 19.1     1.5  8.4 19.7     0.66 3.2 8.7     0.39 1.7 4.9
//   SHA-256  11.2  9.9 19.3     9.9  8.2 20.9     3.1  3.1 7.7     1.75 1.7 5.4
//
// So AVX2 adds nothing to SHA-256 where the CPU has instructions for it.
#pragma once

#include <span>

#include "core/hash/hash.h"

namespace dataip::hash::lanes {

enum class Function { kSha256, kSm3 };

enum class Way { kOneByOne, kAvx2, kAvx512 };

// The ways that this CPU and operating system have; kOneByOne always.
std::span<const Way> WaysHere();

// The one of them that is fastest for `function`.
Way FastestWay(Function function);

// hashes[i] = hash of `prefix` || messages[i]. Messages of all lengths may
// stand in any order; the few that are much longer than the rest, which would
// keep one lane busy and the others idle, are hashed by OpenSSL. Beside its
// arguments it needs 8 bytes a message. Both spans have the same length, and
// `prefix` at most one byte (asserted); `way` is one of WaysHere(). Safe from
// any thread; messages and hashes do not overlap.
void HashMany(Function function, Way way, Bytes prefix,
              std::span<const Bytes> messages, std::span<Hash> hashes);

}  // namespace dataip::hash::lanes
