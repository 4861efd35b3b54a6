// The command line of `dataip`: which commands exist, which flags they take,
// and how the words behind the program's name are read.
//
// Strict on purpose: an unknown flag, a flag without its value, a flag twice
// that may stand once, or too few or too many words are INVALID_ARGUMENT with
// a hint. Flags and words may be mixed; `--flag value`, `--flag=value` and
// `-o value` are the forms, `--` ends the flags, `-` is a word.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dataip::client {

class Invocation;

struct FlagRule {
  std::string name;  // with its dashes: "--out"
  // What stands behind it: "FILE"; "" for a switch. A "DAY" is read here: it
  // is YYYY-MM-DD, also when given as 2024/7/1.
  std::string value;
  std::string help;  // one sentence
  bool required = false;
  bool repeatable = false;
  std::string default_value;
};

// How many words stand behind a command's name.
struct WordCount {
  size_t least = 0;
  size_t most = 0;  // kAnyNumber for no bound
};
inline constexpr size_t kAnyNumber = static_cast<size_t>(-1);

// Runs a command. OK carries the exit code (exit_codes.h); a status is
// reported by the frame, in the form that -o asks for, and becomes an exit
// code by the same table.
using RunCommand = std::function<absl::StatusOr<int>(Invocation&)>;

struct CommandSpec {
  std::string group;  // "application"; "" for `dataip verify`
  std::string name;   // "show"; "" when the group itself is the command
  std::string words;  // shown in the help: "NO [NO...]"
  WordCount word_count;
  std::string summary;                // one sentence
  std::vector<FlagRule> flags;        // besides the common ones
  std::vector<std::string> examples;  // whole command lines
  RunCommand run;

  // "application show".
  std::string FullName() const;
};

// Flags that every command takes.
std::span<const FlagRule> CommonFlags();

struct ParsedArguments {
  const CommandSpec* command = nullptr;  // nullptr: help for `group`
  std::string group;                     // "" for the program itself
  bool help = false;
  bool version = false;  // `dataip --version`
  std::vector<std::string> words;
  // By flag name with dashes, in the order given; a switch has "true".
  // Defaults are not in here.
  std::map<std::string, std::vector<std::string>> flags;
};

// `arguments` without the program's name; the result points into `commands`.
absl::StatusOr<ParsedArguments> ParseArguments(
    std::span<const CommandSpec> commands,
    std::span<const std::string> arguments);

// What --help prints for one command, a group, or the program.
std::string CommandHelp(const CommandSpec& command);
std::string GroupHelp(std::span<const CommandSpec> commands,
                      absl::string_view group);
std::string ProgramHelp(std::span<const CommandSpec> commands);

}  // namespace dataip::client
