// The texts of --help, made from the command table.
#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "client/cli/arguments.h"
#include "core/base/text.h"

namespace dataip::client {
namespace {

constexpr size_t kNameColumns = 30;

std::string Padded(const std::string& name) {
  const size_t width = base::DisplayWidth(name);
  if (width >= kNameColumns) return name + "  ";
  return name + std::string(kNameColumns - width, ' ');
}

std::string FlagLine(const FlagRule& rule) {
  std::string name = absl::StrCat("  ", rule.name);
  if (!rule.value.empty()) absl::StrAppend(&name, " ", rule.value);
  std::string help = rule.help;
  if (rule.required) absl::StrAppend(&help, " (needed)");
  if (rule.repeatable) absl::StrAppend(&help, " (may be repeated)");
  if (!rule.default_value.empty()) {
    absl::StrAppend(&help, " [", rule.default_value, "]");
  }
  return absl::StrCat(Padded(name), help, "\n");
}

std::string CommandLine(const CommandSpec& command) {
  std::string name = absl::StrCat("  ", command.FullName());
  if (!command.words.empty()) absl::StrAppend(&name, " ", command.words);
  return absl::StrCat(Padded(name), command.summary, "\n");
}

constexpr char kCodes[] =
    "Exit codes: 0 ok, 1 internal, 2 usage, 3 not found, 4 not allowed or\n"
    "  refused by a rule, 5 some rows rejected, 6 conflict, 7 no server,\n"
    "  8 waited too long, 9 correction wanted; verify: 20 not genuine,\n"
    "  21 not in force, 22 cannot decide, 23 stale\n";

}  // namespace

std::string CommandHelp(const CommandSpec& command) {
  std::string text =
      absl::StrCat("dataip ", command.FullName(), ": ", command.summary,
                   "\n\nUsage: dataip ", command.FullName());
  if (!command.words.empty()) absl::StrAppend(&text, " ", command.words);
  absl::StrAppend(&text, " [flags]\n");
  if (!command.flags.empty()) {
    absl::StrAppend(&text, "\nFlags:\n");
    for (const FlagRule& rule : command.flags) {
      absl::StrAppend(&text, FlagLine(rule));
    }
  }
  absl::StrAppend(&text,
                  "\nCommon flags (also DATAIP_<NAME> in the environment, "
                  "then the profile):\n");
  for (const FlagRule& rule : CommonFlags()) {
    absl::StrAppend(&text, FlagLine(rule));
  }
  absl::StrAppend(&text, "\nExamples:\n");
  for (const std::string& example : command.examples) {
    absl::StrAppend(&text, "  ", example, "\n");
  }
  return absl::StrCat(text, "\n", kCodes);
}

std::string GroupHelp(std::span<const CommandSpec> commands,
                      absl::string_view group) {
  std::string text = absl::StrCat("dataip ", group, "\n\nCommands:\n");
  std::string examples;
  for (const CommandSpec& command : commands) {
    if (command.group != group) continue;
    absl::StrAppend(&text, CommandLine(command));
    if (!command.examples.empty()) {
      absl::StrAppend(&examples, "  ", command.examples.front(), "\n");
    }
  }
  return absl::StrCat(text, "\nExamples:\n", examples, "\n`dataip ", group,
                      " COMMAND --help` says more.\n");
}

std::string ProgramHelp(std::span<const CommandSpec> commands) {
  std::string text =
      "dataip: 数据知识产权登记 registration of data intellectual property\n\n"
      "Usage: dataip COMMAND [arguments] [flags]\n"
      "       dataip --version\n\nCommands:\n";
  for (const CommandSpec& command : commands) {
    absl::StrAppend(&text, CommandLine(command));
  }
  absl::StrAppend(&text, "\nCommon flags:\n");
  for (const FlagRule& rule : CommonFlags()) {
    absl::StrAppend(&text, FlagLine(rule));
  }
  return absl::StrCat(
      text,
      "\nExamples:\n"
      "  dataip certificate list --server registry.example:7002 -o json\n"
      "  dataip verify 20240733000000001.bundle --trust trust.json\n\n",
      kCodes);
}

}  // namespace dataip::client
