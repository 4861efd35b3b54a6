// The columns of a filing table (docs/FILING.md) and what they become in the
// form, so that people who filled in a table are told of its columns.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/filing/csv_file.h"
#include "dataip/rpc/v1/error.pb.h"

namespace dataip::client {

// The column that a path of the form is filled from, e.g. `irreversible` for
// `deidentification.irreversible`, `contract_end` for
// `sources[0].contract_end`; empty when there is none. The name of a column
// is its own.
absl::string_view ColumnOf(absl::string_view path);

// Holds the header of a filing table against the known columns. Names of
// columns that nobody knows come back; INVALID_ARGUMENT lists those that are
// missing or stand twice. The columns that a file of rejected rows has more
// are known.
absl::StatusOr<std::vector<std::string>> UnknownFilingColumns(
    const CsvTable& table);

// The same for fields.csv; what nobody knows there does no harm.
absl::Status CheckFieldColumns(const CsvTable& table);

// Whether the column was added to a file of rejected rows.
bool IsReasonColumn(absl::string_view column);

// Adds to both messages what stands in the row's cell, unless they quote it.
void QuoteCell(const CsvTable& table, const CsvRow& row,
               rpc::v1::FieldViolation& violation);

}  // namespace dataip::client
