// Field tables of data sets, as `fields.csv` gives them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/filing/csv_file.h"
#include "dataip/registry/v1/application.pb.h"

namespace dataip::client {

// Field tables by series, from `fields.csv` (series, name, type, meaning,
// unit, nullable, classification).
class FieldTables {
 public:
  // INVALID_ARGUMENT names line and column, or the columns that are missing.
  static absl::StatusOr<FieldTables> Parse(const CsvTable& table);
  // Nothing known of this series: an empty list.
  const std::vector<registry::v1::DataField>& Of(
      absl::string_view series) const;

  bool Knows(absl::string_view series) const;
  // Every series, ascending.
  std::vector<std::string> Series() const;

 private:
  std::map<std::string, std::vector<registry::v1::DataField>> by_series_;
};

}  // namespace dataip::client
