#include "client/cli/invocation.h"

#include <google/protobuf/message.h>

#include <ostream>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "client/cli/input_files.h"
#include "client/cli/invocation_kept.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "core/base/text.h"

namespace dataip::client {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kDefaultTimeout{10'000};

absl::StatusOr<milliseconds> ParseTimeout(const std::string& text) {
  if (text.empty()) return kDefaultTimeout;
  absl::Duration duration;
  uint32_t seconds = 0;
  if (absl::SimpleAtoi(text, &seconds)) {
    duration = absl::Seconds(seconds);
  } else if (!absl::ParseDuration(text, &duration)) {
    duration = absl::ZeroDuration();
  }
  if (duration <= absl::ZeroDuration() || duration > absl::Hours(24)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--timeout 应为如 10s、500ms 的时长 (a time like 10s or 500ms, at most "
        "24h): ",
        text));
  }
  return absl::ToChronoMilliseconds(duration);
}

absl::StatusOr<OutputForm> ParseForm(const std::string& text) {
  if (text.empty() || text == "table") return OutputForm::kTable;
  if (text == "json") return OutputForm::kJson;
  return absl::InvalidArgumentError(
      absl::StrCat("--output 只能是 table 或 json (table or json): ", text));
}

}  // namespace

Invocation::Invocation(ParsedArguments arguments, Settings settings,
                       Streams streams)
    : arguments_(std::move(arguments)),
      settings_(std::move(settings)),
      streams_(streams),
      kept_(std::make_unique<Kept>()) {}

Invocation::~Invocation() = default;

absl::StatusOr<std::unique_ptr<Invocation>> Invocation::Create(
    ParsedArguments arguments, Settings settings, Streams streams) {
  std::unique_ptr<Invocation> invocation(
      new Invocation(std::move(arguments), std::move(settings), streams));
  ASSIGN_OR_RETURN(invocation->form_,
                   ParseForm(invocation->settings_.Text("--output")));
  ASSIGN_OR_RETURN(invocation->timeout_,
                   ParseTimeout(invocation->settings_.Text("--timeout")));
  return invocation;
}

std::optional<milliseconds> Invocation::given_timeout() const {
  if (arguments_.flags.count("--timeout") == 0) return std::nullopt;
  return timeout_;
}

const FlagRule& Invocation::RuleOf(absl::string_view flag) const {
  const FlagRule* found = nullptr;
  for (const FlagRule& rule : command().flags) {
    if (rule.name == flag) found = &rule;
  }
  DATAIP_ASSERT(found != nullptr);
  return *found;
}

bool Invocation::Has(absl::string_view flag) const {
  RuleOf(flag);
  return arguments_.flags.count(std::string(flag)) != 0;
}

bool Invocation::Switch(absl::string_view flag) const { return Has(flag); }

std::string Invocation::Text(absl::string_view flag) const {
  const FlagRule& rule = RuleOf(flag);
  const auto found = arguments_.flags.find(rule.name);
  return found == arguments_.flags.end() ? rule.default_value
                                         : found->second.front();
}

std::vector<std::string> Invocation::List(absl::string_view flag) const {
  const auto found = arguments_.flags.find(RuleOf(flag).name);
  return found == arguments_.flags.end() ? std::vector<std::string>()
                                         : found->second;
}

absl::StatusOr<uint64_t> Invocation::Number(absl::string_view flag) const {
  const std::string text = Text(flag);
  int64_t number = 0;
  if (text.find_first_not_of("0123456789") != std::string::npos ||
      !absl::SimpleAtoi(text, &number)) {
    return absl::InvalidArgumentError(absl::StrCat(
        flag, " 应为非负整数 (a whole number, 0 or more): ", text));
  }
  return static_cast<uint64_t>(number);
}

absl::StatusOr<std::vector<std::string>> Invocation::WordsOrStdin() const {
  if (words().size() != 1 || words().front() != "-") return words();
  ASSIGN_OR_RETURN(const std::string text,
                   ReadInputFile(words().front(), limits::kImportFileBytes));
  std::vector<std::string> lines;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    const absl::string_view trimmed = base::Trim(line);
    if (!trimmed.empty()) lines.emplace_back(trimmed);
  }
  if (lines.empty()) {
    return absl::InvalidArgumentError(
        "标准输入没有内容 (nothing came on standard input)");
  }
  return lines;
}

void Invocation::Print(absl::string_view text) { streams_.out << text; }

bool Invocation::Flush() { return static_cast<bool>(streams_.out.flush()); }

void Invocation::PrintMessage(const google::protobuf::Message& message,
                              const Record& record) {
  Print(json() ? ToJson(message) + "\n" : FormatRecord(record));
}

void Invocation::PrintList(
    const std::vector<const google::protobuf::Message*>& messages,
    const Table& table) {
  if (!json()) {
    Print(FormatTable(table));
    return;
  }
  std::vector<std::string> items;
  for (const google::protobuf::Message* message : messages) {
    items.push_back(ToJson(*message));
  }
  Print(JsonArray(items) + "\n");
}

void Invocation::Say(absl::string_view line) {
  const std::lock_guard lock(kept_->mutex);
  streams_.err << line << "\n";
}

void Invocation::Report(absl::string_view subject, const absl::Status& status,
                        std::optional<ExitCode> exit_code) {
  const std::lock_guard lock(kept_->mutex);
  const ErrorReport report{command().FullName(), std::string(subject), status,
                           exit_code};
  streams_.err << (json() ? FormatErrorJson(report) : FormatError(report));
}

}  // namespace dataip::client
