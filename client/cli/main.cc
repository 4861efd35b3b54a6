// `dataip`: the command line of the registry.
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "client/channel.h"
#include "client/cli/commands.h"

namespace {

using dataip::client::CommandSpec;
using dataip::client::ExitCode;
using dataip::client::Invocation;
using dataip::client::ParsedArguments;
using dataip::client::Settings;

std::optional<std::string> Environment(const std::string& name) {
  const char* const value = std::getenv(name.c_str());
  if (value == nullptr) return std::nullopt;
  return value;
}

// Whether errors are to be JSON, before the command line is understood.
bool WantsJson(const std::vector<std::string>& arguments) {
  bool json = Environment("DATAIP_OUTPUT").value_or("") == "json";
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    const bool names = argument == "-o" || argument == "--output";
    if (names && i + 1 < arguments.size()) json = arguments[i + 1] == "json";
    if (argument == "--output=json") json = true;
    if (argument == "--output=table") json = false;
  }
  return json;
}

int ReportUsage(const std::vector<std::string>& arguments,
                const std::string& command, const absl::Status& status) {
  const dataip::client::ErrorReport report{command, "", status};
  std::cerr << (WantsJson(arguments) ? dataip::client::FormatErrorJson(report)
                                     : dataip::client::FormatError(report));
  return dataip::client::ExitCodeOf(status);
}

int PrintHelp(const std::vector<CommandSpec>& commands,
              const ParsedArguments& parsed) {
  if (parsed.command != nullptr) {
    std::cout << dataip::client::CommandHelp(*parsed.command);
  } else if (!parsed.group.empty()) {
    std::cout << dataip::client::GroupHelp(commands, parsed.group);
  } else {
    std::cout << dataip::client::ProgramHelp(commands);
  }
  return dataip::client::kExitOk;
}

int RunCommandLine(const std::vector<std::string>& arguments) {
  const std::vector<CommandSpec> commands = dataip::client::AllCommands();
  auto parsed = dataip::client::ParseArguments(commands, arguments);
  if (!parsed.ok()) return ReportUsage(arguments, "", parsed.status());
  if (parsed->version && !parsed->help) {
    std::cout << "dataip " DATAIP_VERSION "\n";
    return dataip::client::kExitOk;
  }
  if (parsed->help) return PrintHelp(commands, *parsed);
  const CommandSpec& command = *parsed->command;
  const std::string name = command.FullName();
  auto settings = Settings::Load(*parsed, Environment);
  if (!settings.ok()) return ReportUsage(arguments, name, settings.status());
  auto invocation = Invocation::Create(*std::move(parsed), *std::move(settings),
                                       {std::cout, std::cerr});
  if (!invocation.ok()) {
    return ReportUsage(arguments, name, invocation.status());
  }
  const absl::StatusOr<int> code = command.run(**invocation);
  if (!code.ok()) {
    (*invocation)->Report("", code.status());
    return dataip::client::ExitCodeOf(code.status());
  }
  return *code;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  dataip::client::SilenceGrpcLog();
  std::ios::sync_with_stdio(false);
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const int code = RunCommandLine(arguments);
  std::cout.flush();
  if (!std::cout) {
    std::cerr << "dataip: 无法写标准输出 (cannot write to standard output)\n";
    return code == 0 ? static_cast<int>(ExitCode::kExitInternal) : code;
  }
  return code;
}
