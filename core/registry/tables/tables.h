// Tables that the registry loads (LoadTable): CSV files under fixed names.
#pragma once

#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dataip::registry {

inline constexpr char kCalendarTable[] = "calendars/cn";
inline constexpr char kIndustriesTable[] = "industries";
inline constexpr char kRegionsTable[] = "regions";
inline constexpr char kProfileTablePrefix[] = "profiles/";

using CsvRow = std::vector<std::string>;

// RFC 4180 with LF line ends: UTF-8 without BOM, quoted cells may hold commas,
// line ends and doubled quotes. Every row has as many cells as the first.
// Fails with INVALID_ARGUMENT that names the line.
absl::StatusOr<std::vector<CsvRow>> ParseCsv(absl::string_view text);

// Rows below a first row that must equal `header`.
absl::StatusOr<std::vector<CsvRow>> ParseTable(absl::string_view text,
                                               const CsvRow& header);

// A code table: `code,name,level`; industries (GB/T 4754) and regions
// (GB/T 2260).
class CodeTable {
 public:
  // Fails with INVALID_ARGUMENT on another header, an empty or repeated code,
  // an empty name, or no row.
  static absl::StatusOr<CodeTable> Parse(absl::string_view csv);

  bool Contains(absl::string_view code) const;
  // Empty when there is no such code.
  absl::string_view NameOf(absl::string_view code) const;
  size_t size() const { return names_.size(); }

 private:
  absl::btree_map<std::string, std::string> names_;
};

}  // namespace dataip::registry
