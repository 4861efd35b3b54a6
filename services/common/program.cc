#include "services/common/program.h"

#include <sys/stat.h>

#include <cstdio>

#include "client/status.h"
#include "services/common/logging.h"

namespace dataip::services {
namespace {

constexpr int kExitFailed = 1;
constexpr int kExitUsage = 2;
constexpr mode_t kNotForOthers = 027;

}  // namespace

void KeepFilesPrivate() { umask(umask(kNotForOthers) | kNotForOthers); }

int RunProgram(const Program& program,
               const std::vector<std::string>& arguments) {
  KeepFilesPrivate();
  if (arguments.size() == 1 && arguments[0] == "--version") {
    std::printf("%s %s\n", program.name.c_str(), DATAIP_VERSION);
    return 0;
  }
  const auto config = Config::Load(program.rules, arguments);
  if (!config.ok()) return ExitCodeOf(program.name, config.status());
  if (config->help()) {
    std::printf("%s%s%s", Usage(program.name).c_str(),
                program.more_help.c_str(), SettingsText(program.rules).c_str());
    return 0;
  }
  return ExitCodeOf(program.name, program.serve(*config));
}

int ExitCodeOf(const std::string& program, const absl::Status& status) {
  if (status.ok()) return 0;
  const std::string message(status.message());
  Log(Severity::kError, "cannot run", {{"error", message}});
  std::fprintf(stderr, "%s: %s\n", program.c_str(), message.c_str());
  const auto detail = client::ErrorDetailOf(status);
  if (detail.has_value() && !detail->message_zh().empty()) {
    std::fprintf(stderr, "%s: %s\n", program.c_str(),
                 detail->message_zh().c_str());
  }
  return absl::IsInvalidArgument(status) || absl::IsNotFound(status)
             ? kExitUsage
             : kExitFailed;
}

}  // namespace dataip::services
