#include "client/cli/filing_tables.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/input_files.h"
#include "client/filing/columns.h"
#include "core/base/status_macros.h"

namespace dataip::client {

absl::StatusOr<CsvTable> ReadFilingTable(Invocation& invocation,
                                         const std::string& path) {
  ASSIGN_OR_RETURN(CsvTable table, AsUsage(ReadCsvFile(path)));
  if (table.encoding != "UTF-8") {
    invocation.Say(absl::StrCat("文件编码 encoding: ", table.encoding));
  }
  const auto unknown = UnknownFilingColumns(table);
  if (!unknown.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": ", unknown.status().message()));
  }
  if (!unknown->empty()) {
    invocation.Say(
        absl::StrCat("以下各列不认识，不予读取 unknown columns, "
                     "ignored: ",
                     absl::StrJoin(*unknown, ", ")));
  }
  return table;
}

absl::StatusOr<FieldTables> ReadFieldTables(const std::string& path) {
  ASSIGN_OR_RETURN(const CsvTable table, AsUsage(ReadCsvFile(path)));
  auto fields = FieldTables::Parse(table);
  if (fields.ok()) return fields;
  return absl::InvalidArgumentError(
      absl::StrCat(path, ": ", fields.status().message()));
}

}  // namespace dataip::client
