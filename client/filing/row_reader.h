// One row of a filing table, cell by cell, with what is wrong in it.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "client/filing/csv_file.h"
#include "core/base/text.h"
#include "dataip/rpc/v1/error.pb.h"
#include "google/protobuf/generated_enum_reflection.h"

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
      Bad(column, absl::StrCat("“", cell, "”不是非负整数，请填写整数"),
          absl::StrCat("'", cell, "' is not a whole number"));
    }
    return value;
  }

  bool Boolean(absl::string_view column) {
    const absl::string_view cell = table_.Cell(row_, column);
    const std::string word = base::UpperAscii(cell);
    if (word.empty() || word == "FALSE" || word == "0" || word == "否") {
      return false;
    }
    if (word == "TRUE" || word == "1" || word == "是") return true;
    Bad(column, absl::StrCat("“", cell, "”应为 true 或 false"),
        absl::StrCat("'", cell, "' must be true or false"));
    return false;
  }

  // A day as spreadsheets save it, `2018/1/1`, becomes `2018-01-01`; any other
  // text is left to the registry's rules.
  std::string Date(absl::string_view column) const {
    return NormaliseDate(table_.Cell(row_, column));
  }
  static std::string NormaliseDate(absl::string_view text) {
    const std::vector<absl::string_view> parts = absl::StrSplit(text, '/');
    const bool slashed = parts.size() == 3 && parts[0].size() == 4 &&
                         IsDigits(parts[0]) && IsMonthOrDay(parts[1]) &&
                         IsMonthOrDay(parts[2]);
    if (!slashed) return std::string(text);
    return absl::StrCat(parts[0], "-", parts[1].size() == 1 ? "0" : "",
                        parts[1], "-", parts[2].size() == 1 ? "0" : "",
                        parts[2]);
  }

  // A word of an enumeration, as it is or behind `prefix`, which people leave
  // out; an empty cell is left to the registry's rules.
  template <typename Enum>
  Enum Word(absl::string_view column, absl::string_view cell,
            absl::string_view prefix = "") {
    const std::string word = base::UpperAscii(cell);
    if (word.empty()) return static_cast<Enum>(0);
    const auto* const known = google::protobuf::GetEnumDescriptor<Enum>();
    std::vector<absl::string_view> allowed;
    for (int i = 0; i < known->value_count(); ++i) {
      const google::protobuf::EnumValueDescriptor& value = *known->value(i);
      if (value.number() == 0) continue;
      const absl::string_view name = value.name();
      const absl::string_view shown =
          prefix.empty() ? name : absl::StripPrefix(name, prefix);
      if (word == name || word == shown) {
        return static_cast<Enum>(value.number());
      }
      allowed.push_back(shown);
    }
    const std::string list = absl::StrJoin(allowed, ", ");
    Bad(column, absl::StrCat("“", cell, "”不是可选值，请填其一：", list),
        absl::StrCat("'", cell, "' is not one of: ", list));
    return static_cast<Enum>(0);
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
  static bool IsDigits(absl::string_view text) {
    return text.find_first_not_of("0123456789") == absl::string_view::npos;
  }
  static bool IsMonthOrDay(absl::string_view text) {
    return !text.empty() && text.size() <= 2 && IsDigits(text);
  }

  const CsvTable& table_;
  const CsvRow& row_;
  Violations& violations_;
};

}  // namespace dataip::client
