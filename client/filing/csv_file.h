// CSV files as people make them: UTF-8 with or without BOM, or GB18030 from a
// spreadsheet; RFC 4180 quoting, also over several lines.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dataip::client {

// One data row of a table with a header.
struct CsvRow {
  uint64_t line = 0;  // first line of the row in the file, from 1
  std::vector<std::string> cells;
  // Why the row cannot be used (wrong number of cells, broken quoting: then
  // the line stands as the only cell); the rows around it still can.
  std::string flaw;
};

struct CsvTable {
  std::vector<std::string> columns;
  std::vector<CsvRow> rows;
  // "UTF-8", "UTF-8 BOM" or "GB18030".
  std::string encoding;

  // The cell of `row` in the named column; empty when there is no such one.
  absl::string_view Cell(const CsvRow& row, absl::string_view column) const;
  bool HasColumn(absl::string_view column) const;
};

// Reads at most limits::kImportFileBytes; rows without anything in them are
// left out. INVALID_ARGUMENT for one that is larger, is neither encoding, has
// no header, or is no CSV file (a workbook, UTF-16, other separators: said so);
// else fails as ReadNamedFile does (client/export/regular_file.h).
absl::StatusOr<CsvTable> ReadCsvFile(const std::string& path);

// The same from bytes in memory.
absl::StatusOr<CsvTable> ParseCsv(absl::string_view bytes);

// One record of a data file: the cells of a single line, without its LF.
// INVALID_ARGUMENT for broken quoting.
absl::StatusOr<std::vector<std::string>> ParseCsvLine(absl::string_view line);

// A cell, quoted where it must be.
std::string CsvCell(absl::string_view text);

// Cells as one line without LF.
std::string CsvLine(const std::vector<std::string>& cells);

}  // namespace dataip::client
