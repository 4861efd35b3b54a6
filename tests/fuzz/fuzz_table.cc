// Tables that the registry loads. Input: a byte that chooses the name, the
// table's bytes.
#include <cstdlib>

#include "core/registry/tables/loaded_table.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace dataip::registry;
  constexpr absl::string_view kNames[] = {kCalendarTable, kIndustriesTable,
                                          kRegionsTable, "profiles/ZJ-2023"};
  if (size == 0) return 0;
  const absl::string_view text(reinterpret_cast<const char*>(bytes + 1),
                               size - 1);
  const auto table = ParsedTable::Parse(kNames[bytes[0] % 4], text);
  if (!table.ok()) return 0;
  const int set = (table->calendar != nullptr) + (table->profile != nullptr) +
                  (table->codes != nullptr);
  if (set != 1) std::abort();
  return 0;
}
