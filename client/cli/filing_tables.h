// The two tables of a filing, with what is said of them to people.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "client/cli/invocation.h"
#include "client/filing/csv_file.h"
#include "client/filing/field_tables.h"

namespace dataip::client {

// The filing table; says what it is read as and which columns it ignores.
absl::StatusOr<CsvTable> ReadFilingTable(Invocation& invocation,
                                         const std::string& path);

// fields.csv.
absl::StatusOr<FieldTables> ReadFieldTables(const std::string& path);

}  // namespace dataip::client
