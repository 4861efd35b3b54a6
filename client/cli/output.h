// What commands print: data on stdout as a table or as JSON, talk on stderr.
// Not thread safe but for Progress::Step.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "client/cli/exit_codes.h"

namespace google::protobuf {
class Message;
}  // namespace google::protobuf

namespace dataip::client {

enum class OutputForm { kTable, kJson };

// Rows under a head. Columns are aligned by their width on a terminal, so
// that Chinese text, two columns a character, stands straight. Names are shown
// in both languages (headings.h), in a Record too.
struct Table {
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> rows;
};
std::string FormatTable(const Table& table);

// Leaves out the columns in which no row has anything, once there are rows.
Table WithoutEmptyColumns(Table table);
// The text, or what of it fits into so many columns of a terminal, with "…".
std::string ShortText(const std::string& text, size_t columns);
// The text on lines of at most so many columns, cut where it can be.
std::string Wrapped(const std::string& text, size_t columns);

// One line of a table whose rows come one by one: cells padded to `columns`,
// the last one as it is.
std::string FormatRow(const std::vector<std::string>& row,
                      const std::vector<size_t>& columns);

// One thing: a line each of name and value, values aligned. A value of
// several lines is indented under its first.
using Record = std::vector<std::pair<std::string, std::string>>;
std::string FormatRecord(const Record& record);

// An API message as JSON: proto field names, every field present, int64 as
// text, bytes as base64, enum values by name (protobuf's JSON form).
std::string ToJson(const google::protobuf::Message& message);

// The same on many lines, for people.
std::string ToIndentedJson(const google::protobuf::Message& message);

// A JSON string literal with its quotes.
std::string JsonString(absl::string_view text);

// A JSON array of texts that are JSON already: "[]" when there are none.
std::string JsonArray(const std::vector<std::string>& items);

// "1,234.50 元" from fen.
std::string FormatFen(int64_t fen);
// "2024-06-20 09:00:00" in Asia/Shanghai from Unix ms; "" for 0.
std::string FormatTime(int64_t unix_ms);
// The same with its zone, for what stands beside other times:
// "2024-06-20 09:00:00+08:00".
std::string FormatZonedTime(int64_t unix_ms);
// Lowercase hex of message bytes.
std::string HexOf(const std::string& bytes);

// What a status says, Chinese and English, on one line; with a remedy when it
// has no Chinese of its own.
std::string SentenceOf(const absl::Status& status);

// Error of one command, as it is reported.
struct ErrorReport {
  std::string command;  // "review register"
  std::string subject;  // the number it was about; "" for the whole command
  absl::Status status;
  // When it is not that of the status.
  std::optional<ExitCode> exit_code;
};
// Several lines with fields and remedies, Chinese first.
std::string FormatError(const ErrorReport& report);
// {"error": {"command", "subject", "code", "reason", "message", "message_zh",
//  "exit_code", "field_violations": [...]}} on one line.
std::string FormatErrorJson(const ErrorReport& report);

// A bar on stderr that is drawn only on a terminal. Step is thread safe.
class Progress {
 public:
  Progress(std::string label, size_t total);
  ~Progress();  // ends the line
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void Step();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace dataip::client
