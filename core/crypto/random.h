// Unpredictable bytes. Nothing that must be repeatable may call this: in core
// only key generation does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace dataip::crypto {

// Fills `out` from OpenSSL's generator. Ends the process when the generator
// fails: a salt or an id without randomness must never get out.
void FillRandom(std::span<uint8_t> out);

std::string RandomBytes(size_t count);

}  // namespace dataip::crypto
