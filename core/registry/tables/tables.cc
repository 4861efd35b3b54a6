#include "core/registry/tables/tables.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/base/text.h"

namespace dataip::registry {
namespace {

absl::Status AtLine(size_t line, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("line ", line, ": ", what));
}

// Reads one table, cell by cell.
class CsvReader {
 public:
  explicit CsvReader(absl::string_view text) : text_(text) {}

  absl::StatusOr<std::vector<CsvRow>> Read() {
    std::vector<CsvRow> rows;
    while (at_ < text_.size()) {
      ASSIGN_OR_RETURN(CsvRow row, ReadRow());
      if (!rows.empty() && row.size() != rows.front().size()) {
        return AtLine(line_ - 1, "another number of cells than the first row");
      }
      rows.push_back(std::move(row));
    }
    return rows;
  }

 private:
  absl::StatusOr<CsvRow> ReadRow() {
    CsvRow row;
    bool more = true;
    while (more) {
      ASSIGN_OR_RETURN(std::string cell, ReadCell());
      row.push_back(std::move(cell));
      more = at_ < text_.size() && text_[at_] == ',';
      if (more) ++at_;
    }
    if (at_ < text_.size()) {
      if (text_[at_] != '\n') {
        return AtLine(line_, "text behind a closing quote");
      }
      ++at_;
    }
    ++line_;
    return row;
  }

  absl::StatusOr<std::string> ReadCell() {
    if (at_ < text_.size() && text_[at_] == '"') return ReadQuoted();
    const size_t begin = at_;
    while (at_ < text_.size() && text_[at_] != ',' && text_[at_] != '\n') {
      if (text_[at_] == '"') return AtLine(line_, "a quote inside a cell");
      if (text_[at_] == '\r') return AtLine(line_, "a carriage return");
      ++at_;
    }
    return std::string(text_.substr(begin, at_ - begin));
  }

  absl::StatusOr<std::string> ReadQuoted() {
    const size_t first_line = line_;
    std::string cell;
    ++at_;
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c == '\n') ++line_;
      if (c != '"') {
        cell += c;
        continue;
      }
      if (at_ >= text_.size() || text_[at_] != '"') return cell;
      cell += '"';
      ++at_;
    }
    return AtLine(first_line, "a quoted cell that does not end");
  }

  absl::string_view text_;
  size_t at_ = 0;
  size_t line_ = 1;
};

}  // namespace

absl::StatusOr<std::vector<CsvRow>> ParseCsv(absl::string_view text) {
  if (text.substr(0, 3) == "\xEF\xBB\xBF") {
    return AtLine(1, "begins with a byte order mark");
  }
  if (!base::ValidUtf8(text)) {
    return absl::InvalidArgumentError("not valid UTF-8");
  }
  return CsvReader(text).Read();
}

absl::StatusOr<std::vector<CsvRow>> ParseTable(absl::string_view text,
                                               const CsvRow& header) {
  ASSIGN_OR_RETURN(std::vector<CsvRow> rows, ParseCsv(text));
  if (rows.empty() || rows.front() != header) {
    return AtLine(1, "another header than that of this table");
  }
  rows.erase(rows.begin());
  if (rows.empty()) return absl::InvalidArgumentError("no row");
  return rows;
}

absl::StatusOr<CodeTable> CodeTable::Parse(absl::string_view csv) {
  ASSIGN_OR_RETURN(std::vector<CsvRow> rows,
                   ParseTable(csv, {"code", "name", "level"}));
  CodeTable table;
  size_t line = 1;
  for (CsvRow& row : rows) {
    ++line;
    if (row[0].empty() || row[1].empty()) {
      return AtLine(line, "a code or name is empty");
    }
    const bool is_new =
        table.names_.emplace(std::move(row[0]), std::move(row[1])).second;
    if (!is_new) return AtLine(line, "a code stands twice");
  }
  return table;
}

bool CodeTable::Contains(absl::string_view code) const {
  return names_.find(code) != names_.end();
}

absl::string_view CodeTable::NameOf(absl::string_view code) const {
  const auto found = names_.find(code);
  return found == names_.end() ? absl::string_view() : found->second;
}

}  // namespace dataip::registry
