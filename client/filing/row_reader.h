// One row of a filing table, cell by cell, with what is wrong in it.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/filing/csv_file.h"
#include "core/base/text.h"
#include "dataip/rpc/v1/error.pb.h"

namespace dataip::client {

// What is wrong with a row, in the order of the form.
using Violations = std::vector<rpc::v1::FieldViolation>;

// Reads cells and collects what is wrong. Table, row and list outlive it.
class RowReader {
 public:
  RowReader(const CsvTable& table, const CsvRow& row, Violations& violations)
      : table_(table), row_(row), violations_(violations) {}

  std::string Text(absl::string_view column) const {
    return std::string(table_.Cell(row_, column));
  }

  void Bad(absl::string_view field, absl::string_view zh,
           absl::string_view en) {
    rpc::v1::FieldViolation violation;
    violation.set_field(std::string(field));
    violation.set_rule("CSV");
    violation.set_message_zh(std::string(zh));
    violation.set_message_en(std::string(en));
    violations_.push_back(std::move(violation));
  }

  // What somebody else found.
  void Add(rpc::v1::FieldViolation violation) {
    violations_.push_back(std::move(violation));
  }

  uint64_t Number(absl::string_view column) {
    const absl::string_view cell = table_.Cell(row_, column);
    uint64_t value = 0;
    if (!cell.empty() && !absl::SimpleAtoi(cell, &value)) {
      Bad(column, absl::StrCat("“", cell, "”不是非负整数,请填写整数"),
          absl::StrCat("'", cell, "' is not a whole number"));
    }
    return value;
  }

  bool Boolean(absl::string_view column) {
    const std::string cell = base::UpperAscii(table_.Cell(row_, column));
    if (cell.empty() || cell == "FALSE" || cell == "0" || cell == "否") {
      return false;
    }
    if (cell == "TRUE" || cell == "1" || cell == "是") return true;
    Bad(column, absl::StrCat("“", cell, "”应为 true 或 false"),
        absl::StrCat("'", cell, "' must be true or false"));
    return false;
  }

  // A word of an enumeration; an empty cell is left to the registry's rules.
  template <typename Enum>
  Enum Word(absl::string_view column, absl::string_view cell,
            bool (*parse)(google::protobuf::ConstStringParam, Enum*)) {
    Enum value = static_cast<Enum>(0);
    const std::string word = base::UpperAscii(cell);
    if (word.empty() || (parse(word, &value) && value != 0)) return value;
    Bad(column, absl::StrCat("“", cell, "”不是可选值,请按字段说明填写"),
        absl::StrCat("'", cell, "' is not one of the allowed words"));
    return static_cast<Enum>(0);
  }
  template <typename Enum>
  Enum Word(absl::string_view column,
            bool (*parse)(google::protobuf::ConstStringParam, Enum*)) {
    return Word(column, table_.Cell(row_, column), parse);
  }

  // Words separated by `;`, without the empty ones.
  std::vector<std::string> List(absl::string_view column) const {
    std::vector<std::string> out;
    for (absl::string_view part :
         absl::StrSplit(table_.Cell(row_, column), absl::ByAnyChar(";"))) {
      part = base::Trim(part);
      if (!part.empty()) out.emplace_back(part);
    }
    return out;
  }

 private:
  const CsvTable& table_;
  const CsvRow& row_;
  Violations& violations_;
};

}  // namespace dataip::client
