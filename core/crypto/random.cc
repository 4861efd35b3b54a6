#include "core/crypto/random.h"

#include <openssl/rand.h>

#include "core/base/status_macros.h"

namespace dataip::crypto {

void FillRandom(std::span<uint8_t> out) {
  DATAIP_ASSERT(out.size() <= INT32_MAX);
  DATAIP_ASSERT(RAND_bytes(out.data(), static_cast<int>(out.size())) == 1);
}

std::string RandomBytes(size_t count) {
  std::string bytes(count, '\0');
  FillRandom({reinterpret_cast<uint8_t*>(bytes.data()), bytes.size()});
  return bytes;
}

}  // namespace dataip::crypto
