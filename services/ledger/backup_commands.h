// `dataip-ledger backup ...`: what an operator types.
//
//   backup create              by the server that runs, else in this process
//   backup list
//   backup verify [ID]         all of them without ID
//   backup restore ID DIR [--rehearse]
//
// with the settings of the server (`--config FILE` and flags) and those of
// BackupSettings.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/common/config.h"
#include "services/ledger/ledger.h"

namespace dataip::ledger {

// Settings of the server about backups.
std::vector<services::SettingRule> BackupSettings();
// From those settings.
BackupOptions BackupOptionsFrom(const services::Config& config);

// What a start makes of the server's settings.
struct ServerRules {
  std::function<absl::StatusOr<LedgerOptions>(const services::Config&)>
      options_from;
  // That it may write where they say.
  std::function<absl::Status(const services::Config&, const LedgerOptions&)>
      check_places;
};

// `arguments` behind the word `backup`; `rules` are those of the server.
// Prints what it found on stdout. INVALID_ARGUMENT for a command line that is
// none; DATA_LOSS when a backup is not what was signed; FAILED_PRECONDITION
// when what was restored is older than what was published.
absl::Status RunBackupCommand(const std::vector<std::string>& arguments,
                              std::vector<services::SettingRule> rules,
                              const ServerRules& server);

}  // namespace dataip::ledger
