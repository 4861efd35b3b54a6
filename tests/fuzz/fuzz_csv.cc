// Filing tables of every encoding: what is taken has whole rows, and a row
// that was written reads the same again.
#include <cstdlib>

#include "client/filing/csv_file.h"
#include "client/filing/field_tables.h"

namespace {

bool HasLineEnd(const std::vector<std::string>& cells) {
  for (const std::string& cell : cells) {
    if (cell.find_first_of("\r\n") != std::string::npos) return true;
  }
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace dataip::client;
  const absl::string_view text(reinterpret_cast<const char*>(bytes), size);
  (void)ParseCsvLine(text);
  const auto table = ParseCsv(text);
  if (!table.ok()) return 0;
  if (table->columns.empty()) std::abort();
  (void)FieldTables::Parse(*table);
  for (const CsvRow& row : table->rows) {
    if (row.line == 0) std::abort();
    if (!row.flaw.empty()) continue;
    if (row.cells.size() != table->columns.size()) std::abort();
    if (HasLineEnd(row.cells)) continue;
    const auto again = ParseCsvLine(CsvLine(row.cells));
    if (!again.ok() || *again != row.cells) std::abort();
  }
  return 0;
}
