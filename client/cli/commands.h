// The command groups of `dataip`, one file each. A file gives the commands of
// its group: names, words, flags, examples and what runs (arguments.h); the
// frame (main.cc, invocation.h) does the rest.
//
// How a group is made:
//   std::vector<CommandSpec> DataCommands() {
//     return {{.group = "data",
//              .name = "hash",
//              .words = "FILE",
//              .word_count = {1, 1},
//              .summary = "...",
//              .flags = {{.name = "--out", .value = "FILE", .help = "..."}},
//              .examples = {"dataip data hash a.csv"},
//              .run = RunDataHash}};
//   }
// with `absl::StatusOr<int> RunDataHash(Invocation& invocation)` in the same
// file. It returns an ExitCode, or a status that the frame reports.
//
// ApplicationImportCommands (client/cli/application_import.cc, the command
// `application import`) and DataCommands (client/cli/data.cc: `data hash`,
// `data prove`, `data check`) stand in files of their own.
#pragma once

#include <vector>

#include "client/cli/arguments.h"
#include "client/cli/exit_codes.h"
#include "client/cli/invocation.h"

namespace dataip::client {

std::vector<CommandSpec> KeysCommands();
std::vector<CommandSpec> RegistryCommands();
std::vector<CommandSpec> ErasureCommands();
std::vector<CommandSpec> ClockCommands();
std::vector<CommandSpec> ProfileCommands();
std::vector<CommandSpec> CalendarCommands();
std::vector<CommandSpec> PartyCommands();
std::vector<CommandSpec> OfficerCommands();
std::vector<CommandSpec> TrustCommands();
std::vector<CommandSpec> ApplicationImportCommands();
std::vector<CommandSpec> ApplicationPrecheckCommands();
std::vector<CommandSpec> ApplicationFileCommands();
std::vector<CommandSpec> ApplicationDraftCommands();
std::vector<CommandSpec> ApplicationCommands();
std::vector<CommandSpec> ApplicationCorrectCommands();
std::vector<CommandSpec> ApplicationExpectedCommands();
std::vector<CommandSpec> ReviewCommands();
std::vector<CommandSpec> ReviewQueueCommands();
std::vector<CommandSpec> SuspensionCommands();
std::vector<CommandSpec> ObjectionCommands();
std::vector<CommandSpec> ObjectionReviewCommands();
std::vector<CommandSpec> AttorneyCommands();
std::vector<CommandSpec> CommandCommands();
std::vector<CommandSpec> CertificateCommands();
std::vector<CommandSpec> CertificateLifeCommands();
std::vector<CommandSpec> CertificateRequestCommands();
std::vector<CommandSpec> CertificatePledgeCommands();
std::vector<CommandSpec> CertificateDecisionCommands();
std::vector<CommandSpec> CertificateOrderCommands();
std::vector<CommandSpec> CertificateImportCommands();
std::vector<CommandSpec> DataCommands();
std::vector<CommandSpec> LicenceCommands();
std::vector<CommandSpec> UsageCommands();
std::vector<CommandSpec> ValueCommands();
std::vector<CommandSpec> VerifyCommands();
std::vector<CommandSpec> BundleCommands();
std::vector<CommandSpec> LedgerCommands();
std::vector<CommandSpec> FeedCommands();

// All of them, in the order of the help.
std::vector<CommandSpec> AllCommands();

}  // namespace dataip::client
