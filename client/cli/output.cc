#include "client/cli/output.h"

#include <google/protobuf/message.h>
#include <google/protobuf/util/json_util.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <mutex>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "client/cli/headings.h"
#include "client/cli/remedies.h"
#include "client/status.h"
#include "core/base/hex.h"
#include "core/base/languages.h"
#include "core/base/status_macros.h"
#include "core/base/text.h"
#include "core/hash/hash.h"

namespace dataip::client {
namespace {

constexpr char kColumnGap[] = "  ";
constexpr size_t kBarCells = 30;

std::string Padded(const std::string& text, size_t columns) {
  const size_t width = base::DisplayWidth(text);
  return width >= columns ? text : text + std::string(columns - width, ' ');
}

// Where what begins at `from` has filled so many columns: never within a
// character, and behind one at least.
size_t EndWithin(const std::string& text, size_t from, size_t columns) {
  size_t end = from;
  while (end < text.size()) {
    size_t next = end + 1;
    while (next < text.size() &&
           (static_cast<uint8_t>(text[next]) & 0xc0) == 0x80) {
      ++next;
    }
    const bool fits =
        base::DisplayWidth(text.substr(from, next - from)) <= columns;
    if (!fits && end > from) break;
    end = next;
    if (!fits) break;
  }
  return end;
}

// A cell is one line, whatever the data hold, and nothing in it moves or hides
// what stands beside it.
std::string OneLine(std::string text) {
  std::replace_if(
      text.begin(), text.end(),
      [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  return base::ShowHidden(text);
}

void AppendRow(const std::vector<std::string>& row,
               const std::vector<size_t>& columns, std::string& text) {
  for (size_t i = 0; i < row.size(); ++i) {
    const bool last = i + 1 == row.size();
    absl::StrAppend(
        &text, last ? OneLine(row[i]) : Padded(OneLine(row[i]), columns[i]),
        last ? "\n" : kColumnGap);
  }
}

// One violation that only repeats the message is not said twice.
void AppendViolations(const rpc::v1::ErrorDetail& detail, std::string& text) {
  for (const rpc::v1::FieldViolation& violation : detail.field_violations()) {
    absl::StrAppend(&text, "  ", violation.field());
    const bool repeats = violation.message_zh() == detail.message_zh();
    if (violation.rule().empty() &&
        detail.message_zh() ==
            absl::StrCat(violation.field(), "：", violation.message_zh())) {
      continue;
    }
    if (!repeats) {
      absl::StrAppend(&text, violation.field().empty() ? "" : ": ",
                      violation.message_zh());
    }
    if (!violation.rule().empty()) {
      absl::StrAppend(&text, " [", violation.rule(),
                      violation.clause().empty() ? "" : " ", violation.clause(),
                      "]");
    }
    absl::StrAppend(&text, "\n");
    if (!repeats && violation.message_en() != violation.message_zh()) {
      absl::StrAppend(&text, "    ", violation.message_en(), "\n");
    }
  }
}

std::string JsonOf(const google::protobuf::Message& message, bool indented) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = indented;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = true;
  std::string json;
  const auto status =
      google::protobuf::util::MessageToJsonString(message, &json, options);
  DATAIP_ASSERT(status.ok());
  return json;
}

// The detail's sentence, else a remedy when the message is English only.
std::string MessageZhOf(const absl::Status& status) {
  const auto detail = ErrorDetailOf(status);
  if (detail.has_value() && !detail->message_zh().empty()) {
    return detail->message_zh();
  }
  return base::CountHan(status.message()) > 0
             ? ""
             : std::string(RemedyZh(status.code()));
}

// The message, with a remedy when it is the transport's.
std::string MessageOf(const absl::Status& status) {
  const std::string message(status.message());
  const absl::string_view remedy = RemedyEn(status.code());
  if (remedy.empty() || base::CountHan(message) > 0 ||
      ErrorDetailOf(status).has_value()) {
    return message;
  }
  return absl::StrCat(remedy, " (", message, ")");
}

// Each language in its own place.
base::Sentences SentencesOf(const absl::Status& status) {
  const std::string chinese = MessageZhOf(status);
  if (!chinese.empty()) return {chinese, MessageOf(status)};
  return base::SplitLanguages(status.message());
}

}  // namespace

Table WithoutEmptyColumns(Table table) {
  if (table.rows.empty()) return table;
  Table kept;
  kept.rows.resize(table.rows.size());
  for (size_t i = 0; i < table.head.size(); ++i) {
    const bool used =
        std::any_of(table.rows.begin(), table.rows.end(),
                    [i](const auto& row) { return !row[i].empty(); });
    if (!used) continue;
    kept.head.push_back(std::move(table.head[i]));
    for (size_t row = 0; row < table.rows.size(); ++row) {
      kept.rows[row].push_back(std::move(table.rows[row][i]));
    }
  }
  return kept;
}

std::string ShortText(const std::string& text, size_t columns) {
  if (base::DisplayWidth(text) <= columns) return text;
  return absl::StrCat(text.substr(0, EndWithin(text, 0, columns - 1)), "…");
}

std::string Wrapped(const std::string& text, size_t columns) {
  std::string lines;
  size_t from = 0;
  while (base::DisplayWidth(text.substr(from)) > columns) {
    size_t end = EndWithin(text, from, columns);
    if (end == text.size()) break;
    const size_t space = text.rfind(' ', end);
    if (space != std::string::npos && space > from) end = space + 1;
    absl::StrAppend(&lines, text.substr(from, end - from), "\n");
    from = end;
  }
  return absl::StrCat(lines, text.substr(from));
}

std::string FormatTable(const Table& table) {
  std::vector<size_t> columns(table.head.size(), 0);
  std::vector<std::string> head;
  for (const std::string& name : table.head) {
    head.push_back(ColumnHeading(name));
  }
  for (size_t i = 0; i < columns.size(); ++i) {
    columns[i] = base::DisplayWidth(head[i]);
    for (const auto& row : table.rows) {
      DATAIP_ASSERT(row.size() == table.head.size());
      columns[i] = std::max(columns[i], base::DisplayWidth(OneLine(row[i])));
    }
  }
  std::string text;
  AppendRow(head, columns, text);
  for (const auto& row : table.rows) AppendRow(row, columns, text);
  return text;
}

std::string FormatRow(const std::vector<std::string>& row,
                      const std::vector<size_t>& columns) {
  DATAIP_ASSERT(row.size() <= columns.size() + 1);
  std::string text;
  AppendRow(row, columns, text);
  return text;
}

std::string FormatRecord(const Record& record) {
  size_t columns = 0;
  for (const auto& [name, value] : record) {
    columns = std::max(columns, base::DisplayWidth(LineHeading(name)));
  }
  std::string text;
  for (const auto& [name, value] : record) {
    std::string before = Padded(LineHeading(name), columns);
    for (const absl::string_view line : absl::StrSplit(value, '\n')) {
      absl::StrAppend(&text, before, kColumnGap, OneLine(std::string(line)),
                      "\n");
      before = std::string(columns, ' ');
    }
  }
  return text;
}

std::string ToJson(const google::protobuf::Message& message) {
  return JsonOf(message, false);
}

std::string ToIndentedJson(const google::protobuf::Message& message) {
  return JsonOf(message, true);
}

std::string JsonString(absl::string_view text) {
  std::string json = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
        json += "\\\"";
        break;
      case '\\':
        json += "\\\\";
        break;
      case '\n':
        json += "\\n";
        break;
      case '\t':
        json += "\\t";
        break;
      case '\r':
        json += "\\r";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
          absl::StrAppendFormat(&json, "\\u%04x",
                                static_cast<unsigned char>(c));
        } else {
          json += c;
        }
    }
  }
  json += '"';
  return json;
}

std::string JsonArray(const std::vector<std::string>& items) {
  std::string json = "[";
  for (size_t i = 0; i < items.size(); ++i) {
    absl::StrAppend(&json, i == 0 ? "\n" : ",\n", items[i]);
  }
  return json + (items.empty() ? "]" : "\n]");
}

std::string FormatFen(int64_t fen) {
  const uint64_t amount = fen < 0 ? uint64_t{0} - static_cast<uint64_t>(fen)
                                  : static_cast<uint64_t>(fen);
  std::string yuan = absl::StrCat(amount / 100);
  for (size_t i = yuan.size(); i > 3;) {
    i -= 3;
    yuan.insert(i, ",");
  }
  return absl::StrFormat("%s%s.%02d 元", fen < 0 ? "-" : "", yuan,
                         amount % 100);
}

std::string FormatTime(int64_t unix_ms) {
  if (unix_ms == 0) return "";
  return absl::FormatTime("%Y-%m-%d %H:%M:%S", absl::FromUnixMillis(unix_ms),
                          absl::FixedTimeZone(8 * 60 * 60));
}

std::string FormatZonedTime(int64_t unix_ms) {
  if (unix_ms == 0) return "";
  return absl::StrCat(FormatTime(unix_ms), "+08:00");
}

std::string HexOf(const std::string& bytes) {
  return base::HexEncode(hash::AsBytes(bytes));
}

std::string SentenceOf(const absl::Status& status) {
  const std::string chinese = MessageZhOf(status);
  const std::string message = OneLine(MessageOf(status));
  if (chinese.empty() || chinese == message) return message;
  return absl::StrCat(chinese, " (", message, ")");
}

std::string FormatError(const ErrorReport& report) {
  std::string text = "dataip";
  for (const std::string& word : {report.command, report.subject}) {
    if (!word.empty()) absl::StrAppend(&text, " ", word);
  }
  absl::StrAppend(&text, ": ");
  const std::string chinese = MessageZhOf(report.status);
  if (!chinese.empty() && chinese != report.status.message()) {
    absl::StrAppend(&text, chinese, "\n  ");
  }
  absl::StrAppend(&text, MessageOf(report.status), "\n");
  const auto detail = ErrorDetailOf(report.status);
  if (detail.has_value()) AppendViolations(*detail, text);
  return base::ShowHidden(text);
}

std::string FormatErrorJson(const ErrorReport& report) {
  const rpc::v1::ErrorDetail detail =
      ErrorDetailOf(report.status).value_or(rpc::v1::ErrorDetail());
  const base::Sentences sentences = SentencesOf(report.status);
  std::vector<std::string> violations;
  for (const auto& violation : detail.field_violations()) {
    violations.push_back(ToJson(violation));
  }
  std::string list = "[";
  for (size_t i = 0; i < violations.size(); ++i) {
    absl::StrAppend(&list, i == 0 ? "" : ",", violations[i]);
  }
  return absl::StrCat(
      "{\"error\":{\"command\":", JsonString(report.command),
      ",\"subject\":", JsonString(report.subject),
      ",\"code\":", JsonString(absl::StatusCodeToString(report.status.code())),
      ",\"reason\":", JsonString(rpc::v1::Reason_Name(detail.reason())),
      ",\"message\":", JsonString(sentences.en),
      ",\"message_zh\":", JsonString(sentences.zh), ",\"exit_code\":",
      static_cast<int>(report.exit_code.value_or(ExitCodeOf(report.status))),
      ",\"field_violations\":", list, "]}}\n");
}

struct Progress::State {
  std::mutex mutex;
  std::string label;
  size_t total = 0;
  size_t done = 0;
  bool drawn = false;
};

Progress::Progress(std::string label, size_t total)
    : state_(std::make_unique<State>()) {
  state_->label = std::move(label);
  state_->total = total;
  state_->drawn = total > 0 && isatty(STDERR_FILENO) == 1;
}

Progress::~Progress() {
  if (state_->drawn && state_->done > 0) std::fputc('\n', stderr);
}

void Progress::Step() {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  if (state_->done < state_->total) ++state_->done;
  if (!state_->drawn) return;
  const size_t cells = state_->done * kBarCells / state_->total;
  const std::string bar =
      std::string(cells, '#') + std::string(kBarCells - cells, '.');
  std::fprintf(stderr, "\r%s [%s] %zu/%zu", state_->label.c_str(), bar.c_str(),
               state_->done, state_->total);
  std::fflush(stderr);
}

}  // namespace dataip::client
