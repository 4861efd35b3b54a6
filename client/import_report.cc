// What an import says of its rows.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/filing/columns.h"
#include "client/import.h"

namespace dataip::client {
namespace {

std::string JoinMessages(const Violations& violations, bool chinese) {
  return absl::StrJoin(
      violations, "; ",
      [chinese](std::string* out, const rpc::v1::FieldViolation& violation) {
        absl::StrAppend(
            out, ShownField(violation), " [", violation.rule(), "] ",
            chinese ? violation.message_zh() : violation.message_en());
      });
}

}  // namespace

size_t ImportReport::Count(RowResult result) const {
  size_t count = 0;
  for (const RowOutcome& row : rows) count += row.result == result ? 1 : 0;
  return count;
}

std::string ShownField(const rpc::v1::FieldViolation& violation) {
  const absl::string_view column = ColumnOf(violation.field());
  return column.empty() ? violation.field() : std::string(column);
}

std::string RejectedCsv(const CsvTable& table,
                        const std::vector<RejectedRow>& rows) {
  if (rows.empty()) return "";
  // Without a byte order mark a Chinese Excel takes UTF-8 for GB18030.
  std::string out = "\xef\xbb\xbf";
  // The reasons of an earlier import give way to those of this one.
  std::vector<size_t> kept;
  std::vector<std::string> head;
  for (size_t i = 0; i < table.columns.size(); ++i) {
    if (IsReasonColumn(table.columns[i])) continue;
    kept.push_back(i);
    head.push_back(table.columns[i]);
  }
  head.insert(head.end(), {"line", "reason_zh", "reason_en"});
  absl::StrAppend(&out, CsvLine(head), "\n");
  for (const RejectedRow& row : rows) {
    const std::vector<std::string>& given = table.rows[row.at].cells;
    std::vector<std::string> cells;
    for (size_t at : kept) cells.push_back(at < given.size() ? given[at] : "");
    cells.push_back(absl::StrCat(table.rows[row.at].line));
    cells.push_back(JoinMessages(*row.violations, /*chinese=*/true));
    cells.push_back(JoinMessages(*row.violations, /*chinese=*/false));
    absl::StrAppend(&out, CsvLine(cells), "\n");
  }
  return out;
}

std::string RejectedCsv(const CsvTable& table, const ImportReport& report) {
  std::vector<RejectedRow> rejected;
  for (size_t i = 0; i < report.rows.size(); ++i) {
    if (report.rows[i].result != RowResult::kRejected) continue;
    rejected.push_back({i, &report.rows[i].violations});
  }
  return RejectedCsv(table, rejected);
}

}  // namespace dataip::client
