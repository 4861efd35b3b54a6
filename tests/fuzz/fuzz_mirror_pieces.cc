// Entry and payload files that a mirror reads back.
#include <cstdlib>
#include <string>

#include "client/export/mirror_pieces.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  namespace client = dataip::client;
  if (size == 0) return 0;
  const uint32_t width = bytes[0];
  const std::string piece(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  client::LastHeader(piece, width);
  const auto same = client::ErasedPayloads(piece, width, {});
  if (!same.has_value()) return 0;
  if (*same != piece) std::abort();
  const auto erased = client::ErasedPayloads(piece, width, {0});
  if (!client::MayReplacePayloads(piece, *erased)) std::abort();
  return 0;
}
