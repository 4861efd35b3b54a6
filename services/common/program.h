// What a server's main() does around its work.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "services/common/config.h"

namespace dataip::services {

struct Program {
  std::string name;
  std::vector<SettingRule> rules;
  // Until the program is told to stop; only checks when config.check_only().
  std::function<absl::Status(const Config&)> serve;
  // Further lines of --help; may be "".
  std::string more_help = {};
};

// Others than user and group get nothing of what this process makes from now
// on, whatever umask it was started with. First thing in main.
void KeepFilesPrivate();

// Loads the settings and serves, or prints --help or --version. Gives the exit
// code: that of ExitCodeOf, 0 when it was told to stop. KeepFilesPrivate().
int RunProgram(const Program& program,
               const std::vector<std::string>& arguments);

// Says in the log and on stderr, in English and Chinese, why the program ends.
// 0 for OK; 2 for a fault of the configuration (INVALID_ARGUMENT, NOT_FOUND),
// after which systemd does not try again; 1 for everything else.
int ExitCodeOf(const std::string& program, const absl::Status& status);

}  // namespace dataip::services
