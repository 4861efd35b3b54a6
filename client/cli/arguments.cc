#include "client/cli/arguments.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/filing/row_reader.h"
#include "core/base/status_macros.h"
#include "core/registry/values/civil_date.h"

namespace dataip::client {
namespace {

constexpr char kDay[] = "DAY";  // of FlagRule::value

// Single letters are other names of common flags.
std::string FullFlagName(const std::string& name) {
  if (name == "-o") return "--output";
  if (name == "-h") return "--help";
  return name;
}

size_t EditDistance(absl::string_view a, absl::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, changed});
    }
  }
  return row[b.size()];
}

// " Did you mean X?" for the nearest of `known` when it is near.
std::string Hint(absl::string_view word,
                 const std::vector<std::string>& known) {
  constexpr size_t kFar = 3;
  size_t best = kFar;
  const std::string* nearest = nullptr;
  for (const std::string& candidate : known) {
    const size_t distance = EditDistance(word, candidate);
    if (distance < best) {
      best = distance;
      nearest = &candidate;
    }
  }
  if (nearest == nullptr) return "";
  return absl::StrCat(" 是否想用 ", *nearest, "？(did you mean ", *nearest,
                      "?)");
}

absl::Status UsageError(absl::string_view zh, absl::string_view en,
                        absl::string_view hint = "") {
  return absl::InvalidArgumentError(absl::StrCat(zh, " (", en, ")", hint));
}

class Parser {
 public:
  explicit Parser(std::span<const CommandSpec> commands)
      : commands_(commands) {}

  absl::StatusOr<ParsedArguments> Parse(
      std::span<const std::string> arguments) {
    bool flags_ended = false;
    for (size_t i = 0; i < arguments.size(); ++i) {
      const std::string& argument = arguments[i];
      const bool is_flag =
          !flags_ended && argument.size() > 1 && argument[0] == '-';
      if (is_flag && argument == "--") {
        flags_ended = true;
      } else if (is_flag) {
        RETURN_IF_ERROR(TakeFlag(arguments, i));
      } else {
        RETURN_IF_ERROR(TakeWord(argument));
      }
    }
    RETURN_IF_ERROR(CheckWhole());
    return std::move(parsed_);
  }

 private:
  absl::Status TakeWord(const std::string& word) {
    if (parsed_.command != nullptr) {
      parsed_.words.push_back(word);
      return absl::OkStatus();
    }
    if (parsed_.group.empty()) {
      if (word == "help") {
        parsed_.help = true;
        return absl::OkStatus();
      }
      return TakeGroup(word);
    }
    std::vector<std::string> known;
    for (const CommandSpec& command : commands_) {
      if (command.group != parsed_.group) continue;
      if (command.name == word) {
        parsed_.command = &command;
        return absl::OkStatus();
      }
      known.push_back(command.name);
    }
    return UsageError(absl::StrCat("没有命令 ", parsed_.group, " ", word),
                      absl::StrCat("no such command, see `dataip ",
                                   parsed_.group, " --help`"),
                      Hint(word, known));
  }

  absl::Status TakeGroup(const std::string& word) {
    std::vector<std::string> known;
    for (const CommandSpec& command : commands_) {
      if (command.group != word) {
        known.push_back(command.group);
        continue;
      }
      parsed_.group = word;
      if (command.name.empty()) parsed_.command = &command;
      return absl::OkStatus();
    }
    return UsageError(absl::StrCat("没有命令 ", word),
                      "no such command, see `dataip --help`",
                      Hint(word, known));
  }

  const FlagRule* FindRule(const std::string& name) const {
    for (const FlagRule& rule : CommonFlags()) {
      if (rule.name == name) return &rule;
    }
    if (parsed_.command == nullptr) return nullptr;
    for (const FlagRule& rule : parsed_.command->flags) {
      if (rule.name == name) return &rule;
    }
    return nullptr;
  }

  absl::Status UnknownFlag(const std::string& name) const {
    std::vector<std::string> known;
    for (const FlagRule& rule : CommonFlags()) known.push_back(rule.name);
    std::string where = "dataip";
    if (!parsed_.group.empty()) absl::StrAppend(&where, " ", parsed_.group);
    if (parsed_.command != nullptr) {
      where = absl::StrCat("dataip ", parsed_.command->FullName());
      for (const FlagRule& rule : parsed_.command->flags) {
        known.push_back(rule.name);
      }
    }
    return UsageError(absl::StrCat("未知选项 ", name),
                      absl::StrCat("unknown flag, see `", where, " --help`"),
                      Hint(name, known));
  }

  absl::Status TakeFlag(std::span<const std::string> arguments, size_t& i) {
    const std::string& argument = arguments[i];
    // Not a common flag: `registry load-table` has one of this name.
    if (argument == "--version" && parsed_.group.empty()) {
      parsed_.version = true;
      return absl::OkStatus();
    }
    std::optional<std::string> value;
    std::string name = argument;
    const size_t equals = argument.find('=');
    if (absl::StartsWith(argument, "--") && equals != std::string::npos) {
      name = argument.substr(0, equals);
      value = argument.substr(equals + 1);
    }
    name = FullFlagName(name);
    const FlagRule* rule = FindRule(name);
    if (rule == nullptr) return UnknownFlag(name);
    const bool is_switch = rule->value.empty();
    if (is_switch && value.has_value()) {
      return UsageError(absl::StrCat("选项 ", name, " 不带值"),
                        absl::StrCat(name, " takes no value"));
    }
    if (!is_switch && !value.has_value()) {
      if (i + 1 == arguments.size()) {
        return UsageError(absl::StrCat("选项 ", name, " 缺少值"),
                          absl::StrCat(name, " needs ", rule->value));
      }
      value = arguments[++i];
    }
    if (name == "--help") {
      parsed_.help = true;
      return absl::OkStatus();
    }
    if (rule->value == kDay) {
      const std::string given = *value;
      value = RowReader::NormaliseDate(given);
      if (!registry::ParseDate(*value).has_value()) {
        return UsageError(
            absl::StrCat("选项 ", name, " 应为日期，如 2024-07-01，而不是“",
                         given, "”"),
            absl::StrCat(name, " takes a day like 2024-07-01, not ", given));
      }
    }
    std::vector<std::string>& values = parsed_.flags[name];
    if (!values.empty() && !rule->repeatable) {
      return UsageError(absl::StrCat("选项 ", name, " 只能给一次"),
                        absl::StrCat(name, " may be given once"));
    }
    values.push_back(is_switch ? "true" : *value);
    return absl::OkStatus();
  }

  // Who asks for a state by this flag would make a folder of that name.
  absl::Status CheckState(const CommandSpec& command) const {
    const auto state = parsed_.flags.find("--state");
    if (state == parsed_.flags.end()) return absl::OkStatus();
    const bool has_status = std::any_of(
        command.flags.begin(), command.flags.end(),
        [](const FlagRule& rule) { return rule.name == "--status"; });
    std::error_code error;
    if (!has_status ||
        std::filesystem::is_directory(state->second.front(), error)) {
      return absl::OkStatus();
    }
    return UsageError(
        absl::StrCat("没有目录 ", state->second.front(),
                     "；--state 是保存检查点的目录，按状态筛选用 --status"),
        absl::StrCat("no such folder; --state keeps checkpoints, a state is "
                     "asked for by --status ",
                     state->second.front()));
  }

  absl::Status CheckWhole() const {
    if (parsed_.help || parsed_.version) return absl::OkStatus();
    if (parsed_.command == nullptr) {
      const std::string where =
          parsed_.group.empty() ? "dataip" : "dataip " + parsed_.group;
      return UsageError(
          "缺少命令", absl::StrCat("name a command, see `", where, " --help`"));
    }
    const CommandSpec& command = *parsed_.command;
    const size_t count = parsed_.words.size();
    if (count < command.word_count.least) {
      return UsageError(absl::StrCat("缺少参数 ", command.words),
                        absl::StrCat("`dataip ", command.FullName(), "` needs ",
                                     command.words));
    }
    if (count > command.word_count.most) {
      const std::string& first = parsed_.words[command.word_count.most];
      return UsageError(absl::StrCat("多余的参数 ", first),
                        absl::StrCat("unexpected argument ", first));
    }
    RETURN_IF_ERROR(CheckState(command));
    for (const FlagRule& rule : command.flags) {
      if (!rule.required || parsed_.flags.count(rule.name) != 0) continue;
      return UsageError(absl::StrCat("缺少选项 ", rule.name),
                        absl::StrCat(rule.name, " ", rule.value, " is needed"));
    }
    return absl::OkStatus();
  }

  std::span<const CommandSpec> commands_;
  ParsedArguments parsed_;
};

}  // namespace

std::string CommandSpec::FullName() const {
  return name.empty() ? group : absl::StrCat(group, " ", name);
}

std::span<const FlagRule> CommonFlags() {
  static const auto* const flags = new std::vector<FlagRule>{
      {.name = "--server", .value = "HOST:PORT", .help = "the registry"},
      {.name = "--ledger", .value = "HOST:PORT", .help = "the ledger"},
      {.name = "--key",
       .value = "FILE",
       .help = "private key (PEM) that signs",
       .repeatable = true},
      {.name = "--trust", .value = "FILE", .help = "trust file (JSON)"},
      {.name = "--tls-ca",
       .value = "FILE",
       .help = "authority that the servers' certificates lead to"},
      {.name = "--tls-cert", .value = "FILE", .help = "own TLS certificate"},
      {.name = "--tls-key", .value = "FILE", .help = "its key"},
      {.name = "--actor",
       .value = "ACTOR",
       .help = "party number, officers/<id> or root; else found by the key"},
      {.name = "--state",
       .value = "DIR",
       .help = "keeps the last checkpoint of each ledger"},
      {.name = "--output",
       .value = "table|json",
       .help = "form of the answer and of errors; also -o"},
      {.name = "--timeout",
       .value = "TIME",
       .help = "for each call: 10s, 500ms, 2m; here, not in a profile, "
               "`ledger follow` ends when no entry came for so long"},
      {.name = "--profile",
       .value = "FILE",
       .help = "settings as `key = value` lines"},
      {.name = "--help", .help = "this text; also -h"},
  };
  return *flags;
}

absl::StatusOr<ParsedArguments> ParseArguments(
    std::span<const CommandSpec> commands,
    std::span<const std::string> arguments) {
  return Parser(commands).Parse(arguments);
}

}  // namespace dataip::client
