// Strips of the map's pages: what is decoded encodes to the same bytes, and a
// page of it folds and can be descended.
#include <cstdlib>

#include "services/ledger/map_page.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace dataip::ledger;
  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  const auto strip = DecodeMapStrip(input);
  if (!strip.has_value()) return 0;
  if (EncodeMapStrip(*strip) != input) std::abort();
  MapPage page;
  page.SetStrip(size % kMapPageStrips, *strip);
  page.Fold();
  if (page.keys() == 0 || page.strip(size % kMapPageStrips) != *strip) {
    std::abort();
  }
  std::vector<Hash> siblings;
  const auto end = page.Descend(bytes[0], siblings);
  if (siblings.size() > kMapPageLevels) std::abort();
  if (end.has_value() && page.slot(*end).keys == 0) std::abort();
  return 0;
}
