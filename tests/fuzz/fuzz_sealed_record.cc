// Sealed records: no bytes open but those that were sealed, and those do.
#include <cstdlib>
#include <string>

#include "core/crypto/sealed_record.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  static const auto* const kSealer = new dataip::crypto::RecordSealer(
      *dataip::crypto::RecordSealer::Create(std::string(32, 'k')));
  const absl::string_view text(reinterpret_cast<const char*>(bytes), size);
  if (kSealer->Open("name", text).ok()) std::abort();
  std::string record = kSealer->Seal("name", text);
  const auto opened = kSealer->Open("name", record);
  if (!opened.ok() || *opened != text) std::abort();
  // Its own bytes say which one is changed.
  const size_t at = size == 0 ? 0 : (bytes[0] * 257U + bytes[size - 1]);
  char& changed = record[at % record.size()];
  changed = static_cast<char>(changed ^ 0x10);
  if (kSealer->Open("name", record).ok()) std::abort();
  return 0;
}
