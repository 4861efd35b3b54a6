#include "client/filing/columns.h"

#include <algorithm>
#include <array>
#include <set>
#include <span>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/base/text.h"

namespace dataip::client {
namespace {

struct Column {
  absl::string_view name;
  bool required = false;
  // In the form, without indices; "" when it is the name itself.
  absl::string_view path = "";
};

constexpr std::array kFilingColumns = {
    Column{"row"},
    Column{"client_reference", true},
    Column{"file", true, "deposit"},
    Column{"name", true},
    Column{"series", true},
    Column{"industry_code", true},
    Column{"scenario_industry_code"},
    Column{"region_code", true},
    Column{"scenario_conditions", true, "scenario.conditions"},
    Column{"scenario_scope", true, "scenario.scope"},
    Column{"scenario_object", true, "scenario.object"},
    Column{"problem_solved", true, "scenario.problem_solved"},
    Column{"source_categories", true, "sources.category"},
    Column{"source_categories", true, "sources"},
    Column{"acquisition", true, "sources.acquisition"},
    Column{"acquisition_method", false, "sources.method"},
    Column{"contract_file", false, "sources.contract"},
    Column{"contract_end", false, "sources.contract_end"},
    Column{"storage_format", true},
    Column{"storage_format_text"},
    Column{"record_count", true},
    Column{"byte_size", true},
    Column{"update_frequency", true},
    Column{"coverage_from"},
    Column{"coverage_to"},
    Column{"public_state", true},
    Column{"ai_processing_share", true},
    Column{"algorithm_summary", true},
    Column{"deid_method", false, "deidentification.method"},
    Column{"deid_method", false, "deidentification"},
    Column{"deid_standard", false, "deidentification.standard"},
    Column{"reidentification_test", false,
           "deidentification.reidentification_test"},
    Column{"irreversible", false, "deidentification.irreversible"},
    Column{"intents"},
    Column{"predecessor_no"},
    Column{"duplicate_explanation"},
    Column{"prior_registrations"},
    Column{"prior_registrations", false, "prior_registrations.registry"},
    Column{"prior_registrations", false, "prior_registrations.number"},
    Column{"prior_registrations", false, "prior_registrations.date"},
    Column{"contact_role", true, "contact.role"},
    Column{"contact_name", false, "contact.name"},
    Column{"contact_phone", true, "contact.phone"},
    Column{"prepared_from", true},
};

constexpr std::array kFieldColumns = {
    Column{"series", true},         Column{"name", true}, Column{"type", true},
    Column{"meaning", true},        Column{"unit"},       Column{"nullable"},
    Column{"classification", true},
};

constexpr std::array<absl::string_view, 3> kReasonColumns = {
    "line", "reason_zh", "reason_en"};

// Longer cells are shown by their beginning.
constexpr size_t kShownBytes = 90;

std::string WithoutIndices(absl::string_view path) {
  std::string out;
  bool inside = false;
  for (char c : path) {
    if (c == '[') inside = true;
    if (!inside) out.push_back(c);
    if (c == ']') inside = false;
  }
  return out;
}

// Missing and repeated columns, in one message.
absl::Status CheckNames(const CsvTable& table,
                        std::span<const Column> columns) {
  std::vector<std::string> faults;
  std::vector<std::string> missing;
  for (const Column& column : columns) {
    const std::string name(column.name);
    if (!column.required || table.HasColumn(name)) continue;
    if (missing.empty() || missing.back() != name) missing.push_back(name);
  }
  if (!missing.empty()) {
    faults.push_back(absl::StrCat("表头缺少列，请补上 missing columns: ",
                                  absl::StrJoin(missing, ", ")));
  }
  std::set<std::string> seen;
  std::set<std::string> repeated;
  for (const std::string& name : table.columns) {
    if (!name.empty() && !seen.insert(name).second) repeated.insert(name);
  }
  if (!repeated.empty()) {
    faults.push_back(absl::StrCat("表头有重复的列，请删去 repeated columns: ",
                                  absl::StrJoin(repeated, ", ")));
  }
  if (faults.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrJoin(faults, "; "));
}

bool Knows(absl::string_view name) {
  return IsReasonColumn(name) ||
         std::any_of(
             kFilingColumns.begin(), kFilingColumns.end(),
             [name](const Column& column) { return column.name == name; });
}

// The beginning of a long text, never half a character.
std::string Shown(absl::string_view text) {
  if (text.size() <= kShownBytes) return std::string(text);
  size_t end = kShownBytes;
  while (end > 0 && (static_cast<uint8_t>(text[end]) & 0xc0) == 0x80) --end;
  return absl::StrCat(text.substr(0, end), "…");
}

}  // namespace

absl::string_view ColumnOf(absl::string_view path) {
  const std::string plain = WithoutIndices(path);
  for (const Column& column : kFilingColumns) {
    const bool same = !plain.empty() && column.path == plain;
    if (column.name == plain || same) return column.name;
  }
  return "";
}

absl::StatusOr<std::vector<std::string>> UnknownFilingColumns(
    const CsvTable& table) {
  const absl::Status status = CheckNames(table, kFilingColumns);
  if (!status.ok()) return status;
  std::vector<std::string> unknown;
  for (const std::string& name : table.columns) {
    if (!name.empty() && !Knows(name)) unknown.push_back(name);
  }
  return unknown;
}

absl::Status CheckFieldColumns(const CsvTable& table) {
  return CheckNames(table, kFieldColumns);
}

bool IsReasonColumn(absl::string_view column) {
  return std::find(kReasonColumns.begin(), kReasonColumns.end(), column) !=
         kReasonColumns.end();
}

void QuoteCell(const CsvTable& table, const CsvRow& row,
               rpc::v1::FieldViolation& violation) {
  const absl::string_view column = ColumnOf(violation.field());
  if (column.empty() || !table.HasColumn(column)) return;
  const absl::string_view cell = table.Cell(row, column);
  if (cell.empty() || absl::StrContains(violation.message_zh(), cell)) return;
  const std::string shown = Shown(cell);
  violation.mutable_message_zh()->append(absl::StrCat("(所填：“", shown, "”)"));
  violation.mutable_message_en()->append(
      absl::StrCat(" (typed: '", shown, "')"));
}

}  // namespace dataip::client
