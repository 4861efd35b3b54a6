#include "client/filing/field_tables.h"

#include "absl/strings/str_cat.h"
#include "client/filing/columns.h"
#include "client/filing/row_reader.h"
#include "core/base/status_macros.h"

namespace dataip::client {

namespace v1 = registry::v1;

absl::StatusOr<FieldTables> FieldTables::Parse(const CsvTable& table) {
  RETURN_IF_ERROR(CheckFieldColumns(table));
  FieldTables tables;
  for (const CsvRow& row : table.rows) {
    Violations violations;
    RowReader reader(table, row, violations);
    v1::DataField field;
    field.set_name(reader.Text("name"));
    field.set_type(reader.Text("type"));
    field.set_meaning(reader.Text("meaning"));
    field.set_unit(reader.Text("unit"));
    field.set_nullable(reader.Boolean("nullable"));
    const std::string word = reader.Text("classification");
    field.set_classification(reader.Word<v1::FieldClassification>(
        "classification", word == "PERSONAL" ? "PERSONAL_INFORMATION" : word));
    if (!row.flaw.empty() || !violations.empty()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "fields.csv 第 ", row.line, " 行有误 line ", row.line, ": ",
          row.flaw.empty() ? violations[0].message_zh() : row.flaw));
    }
    tables.by_series_[reader.Text("series")].push_back(std::move(field));
  }
  return tables;
}

const std::vector<v1::DataField>& FieldTables::Of(
    absl::string_view series) const {
  static const auto& none = *new std::vector<v1::DataField>();
  const auto it = by_series_.find(std::string(series));
  return it == by_series_.end() ? none : it->second;
}

bool FieldTables::Knows(absl::string_view series) const {
  return by_series_.count(std::string(series)) > 0;
}

std::vector<std::string> FieldTables::Series() const {
  std::vector<std::string> names;
  for (const auto& [name, unused] : by_series_) names.push_back(name);
  return names;
}

}  // namespace dataip::client
