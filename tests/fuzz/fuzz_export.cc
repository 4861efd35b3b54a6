// Files of an export: a piece that is taken holds exactly its entries.
//
// Input: a byte that splits the rest into the file of headers and the file of
// payloads, and the width.
#include <cstdlib>
#include <string>

#include "client/audit/export_files.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace dataip;
  if (size < 2) return 0;
  const size_t split = 2 + (size - 2) * bytes[0] / 256;
  const std::string headers(bytes + 2, bytes + split);
  const std::string payloads(bytes + split, bytes + size);
  const uint32_t width = bytes[1] + 1u;
  const auto entries = client::ReadPiece({headers, payloads, width});
  if (!entries.ok()) return 0;
  size_t header_bytes = 0;
  size_t payload_bytes = 0;
  for (const verify::ReplayEntry& entry : *entries) {
    header_bytes += 2 + entry.header.size();
    payload_bytes += 4 + entry.payload.size();
  }
  if (entries->size() != width || header_bytes != headers.size() ||
      payload_bytes != payloads.size()) {
    std::abort();
  }
  return 0;
}
