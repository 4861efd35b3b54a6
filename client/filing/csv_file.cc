#include "client/filing/csv_file.h"

#include <iconv.h>

#include <algorithm>
#include <cerrno>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/export/regular_file.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "core/base/text.h"

namespace dataip::client {
namespace {

constexpr absl::string_view kBom = "\xef\xbb\xbf";

absl::StatusOr<std::string> FromGb18030(absl::string_view bytes) {
  const iconv_t converter = ::iconv_open("UTF-8", "GB18030");
  if (converter == reinterpret_cast<iconv_t>(-1)) {
    return absl::InternalError("iconv knows no GB18030");
  }
  std::string out(bytes.size() * 2 + 16, '\0');
  char* from = const_cast<char*>(bytes.data());
  size_t from_left = bytes.size();
  char* to = out.data();
  size_t to_left = out.size();
  const size_t result = ::iconv(converter, &from, &from_left, &to, &to_left);
  ::iconv_close(converter);
  if (result == static_cast<size_t>(-1)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "文件既不是 UTF-8 也不是 GB18030(第 ", bytes.size() - from_left,
        " 字节处)，请另存为 UTF-8 the file is neither UTF-8 nor "
        "GB18030; save it as UTF-8"));
  }
  out.resize(out.size() - to_left);
  return out;
}

// A spreadsheet's own format, or bytes of two a character.
absl::Status CheckIsText(absl::string_view bytes) {
  constexpr absl::string_view kRemedy =
      "，请在电子表格中另存为“CSV UTF-8(逗号分隔)”； save it as \"CSV UTF-8 "
      "(comma delimited)\"";
  if (absl::StartsWith(bytes, "PK\x03\x04") ||
      absl::StartsWith(bytes, "\xd0\xcf\x11\xe0")) {
    return absl::InvalidArgumentError(
        absl::StrCat("这是 Excel 文件而不是 CSV an Excel workbook, not a CSV "
                     "file",
                     kRemedy));
  }
  const absl::string_view begin = bytes.substr(0, 64);
  if (absl::StartsWith(begin, "\xff\xfe") ||
      absl::StartsWith(begin, "\xfe\xff") ||
      begin.find('\0') != absl::string_view::npos) {
    return absl::InvalidArgumentError(
        absl::StrCat("文件编码是 UTF-16 the file is UTF-16", kRemedy));
  }
  return absl::OkStatus();
}

// A header of one cell with another separator in it.
absl::Status CheckSeparator(const CsvRow& header) {
  if (header.cells.size() != 1) return absl::OkStatus();
  for (const char separator : {';', '\t'}) {
    if (!absl::StrContains(header.cells[0], separator)) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        "列以", separator == ';' ? "分号" : "制表符",
        "分隔，请另存为以逗号分隔的 CSV columns are separated by ",
        separator == ';' ? "';'" : "tabs", "; save the file with commas"));
  }
  return absl::OkStatus();
}

// Splits text into rows of cells. A row with broken quoting ends at the next
// line end, so that one bad row does not swallow the rows after it.
class Splitter {
 public:
  explicit Splitter(absl::string_view text) : text_(text) {}

  bool AtEnd() const { return position_ >= text_.size(); }

  CsvRow Next() {
    CsvRow row;
    row.line = line_;
    const size_t start = position_;
    const uint64_t start_line = line_;
    while (true) {
      std::string cell;
      if (!TakeCell(cell)) {
        position_ = start;
        line_ = start_line;
        row.cells = {std::string(SkipLine())};
        row.flaw = "引号不配对 unbalanced quotation marks";
        return row;
      }
      row.cells.push_back(std::move(cell));
      if (AtEnd()) return row;
      const char separator = text_[position_++];
      if (separator == '\n') {
        ++line_;
        return row;
      }
    }
  }

 private:
  // Leaves the position on the separator behind the cell.
  bool TakeCell(std::string& cell) {
    if (AtEnd() || text_[position_] != '"') return TakePlain(cell);
    ++position_;
    while (!AtEnd()) {
      const char c = text_[position_++];
      if (c != '"') {
        if (c == '\n') ++line_;
        cell.push_back(c);
        continue;
      }
      if (!AtEnd() && text_[position_] == '"') {
        cell.push_back('"');
        ++position_;
        continue;
      }
      SkipCarriageReturn();
      return AtEnd() || text_[position_] == ',' || text_[position_] == '\n';
    }
    return false;
  }

  bool TakePlain(std::string& cell) {
    while (!AtEnd() && text_[position_] != ',' && text_[position_] != '\n') {
      if (text_[position_] == '"') return false;
      cell.push_back(text_[position_++]);
    }
    if (!cell.empty() && cell.back() == '\r') cell.pop_back();
    return true;
  }

  void SkipCarriageReturn() {
    if (position_ + 1 < text_.size() && text_[position_] == '\r' &&
        text_[position_ + 1] == '\n') {
      ++position_;
    } else if (position_ + 1 == text_.size() && text_[position_] == '\r') {
      ++position_;
    }
  }

  absl::string_view SkipLine() {
    const size_t end = std::min(text_.find('\n', position_), text_.size());
    const absl::string_view line = text_.substr(position_, end - position_);
    position_ = std::min(end + 1, text_.size());
    ++line_;
    return line;
  }

  absl::string_view text_;
  size_t position_ = 0;
  uint64_t line_ = 1;
};

// As a spreadsheet leaves rows below its table: nothing in any cell.
bool IsEmpty(const CsvRow& row) {
  return std::all_of(
      row.cells.begin(), row.cells.end(),
      [](const std::string& cell) { return base::Trim(cell).empty(); });
}

}  // namespace

absl::string_view CsvTable::Cell(const CsvRow& row,
                                 absl::string_view column) const {
  const auto it = std::find(columns.begin(), columns.end(), column);
  const size_t at = static_cast<size_t>(it - columns.begin());
  return at < row.cells.size() ? base::Trim(row.cells[at])
                               : absl::string_view();
}

bool CsvTable::HasColumn(absl::string_view column) const {
  return std::find(columns.begin(), columns.end(), column) != columns.end();
}

absl::StatusOr<CsvTable> ParseCsv(absl::string_view bytes) {
  RETURN_IF_ERROR(CheckIsText(bytes));
  CsvTable table;
  table.encoding = "UTF-8";
  if (absl::StartsWith(bytes, kBom)) {
    table.encoding = "UTF-8 BOM";
    bytes.remove_prefix(kBom.size());
  }
  std::string converted;
  if (!base::ValidUtf8(bytes)) {
    ASSIGN_OR_RETURN(converted, FromGb18030(bytes));
    bytes = converted;
    table.encoding = "GB18030";
  }
  Splitter splitter(bytes);
  if (splitter.AtEnd()) {
    return absl::InvalidArgumentError("CSV 文件为空 the CSV file is empty");
  }
  const CsvRow header = splitter.Next();
  if (!header.flaw.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("CSV 表头有误 bad CSV header: ", header.flaw));
  }
  RETURN_IF_ERROR(CheckSeparator(header));
  for (const std::string& name : header.cells) {
    table.columns.emplace_back(base::Trim(name));
  }
  while (!splitter.AtEnd()) {
    CsvRow row = splitter.Next();
    if (row.flaw.empty() && IsEmpty(row)) continue;
    if (row.flaw.empty() && row.cells.size() != table.columns.size()) {
      row.flaw = absl::StrCat("应有 ", table.columns.size(), " 列，实有 ",
                              row.cells.size(), " 列 wrong number of columns");
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

absl::StatusOr<CsvTable> ReadCsvFile(const std::string& path) {
  const auto bytes = ReadNamedFile(path, limits::kImportFileBytes);
  if (absl::IsOutOfRange(bytes.status())) {
    return absl::InvalidArgumentError(absl::StrCat(
        "文件超过 ", limits::kImportFileBytes >> 20,
        " MiB，请分批导入 the file is too large; split it: ", path));
  }
  RETURN_IF_ERROR(bytes.status());
  absl::StatusOr<CsvTable> table = ParseCsv(*bytes);
  if (!table.ok()) {
    return absl::Status(table.status().code(),
                        absl::StrCat(path, ": ", table.status().message()));
  }
  return table;
}

absl::StatusOr<std::vector<std::string>> ParseCsvLine(absl::string_view line) {
  Splitter splitter(line);
  CsvRow row = splitter.Next();
  if (!row.flaw.empty() || !splitter.AtEnd()) {
    return absl::InvalidArgumentError("引号不配对 unbalanced quotation marks");
  }
  return std::move(row.cells);
}

std::string CsvCell(absl::string_view text) {
  if (text.find_first_of(",\"\r\n") == absl::string_view::npos) {
    return std::string(text);
  }
  std::string out = "\"";
  for (char c : text) {
    if (c == '"') out.push_back('"');
    out.push_back(c);
  }
  out.push_back('"');
  return out;
}

std::string CsvLine(const std::vector<std::string>& cells) {
  return absl::StrJoin(cells, ",", [](std::string* out, const auto& cell) {
    absl::StrAppend(out, CsvCell(cell));
  });
}

}  // namespace dataip::client
