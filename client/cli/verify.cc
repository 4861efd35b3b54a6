// `dataip verify`: a certificate checked without any server.
#include <chrono>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/cli/commands.h"
#include "client/cli/input_files.h"
#include "client/cli/labels.h"
#include "core/base/status_macros.h"
#include "core/verify/check.h"

namespace dataip::client {
namespace {

absl::StatusOr<verify::CheckOptions> OptionsOf(const Invocation& invocation) {
  verify::CheckOptions options;
  options.now_ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                       std::chrono::system_clock::now().time_since_epoch())
                       .count();
  if (invocation.Has("--at")) {
    ASSIGN_OR_RETURN(options.at_ms, ParseInstant(invocation.Text("--at")));
  }
  if (invocation.Has("--max-age")) {
    ASSIGN_OR_RETURN(options.max_age_ms,
                     ParseAge(invocation.Text("--max-age")));
  }
  const std::string required = invocation.Text("--require");
  for (const auto word : absl::StrSplit(required, ',', absl::SkipEmpty())) {
    if (word == "unpledged") {
      options.require_unpledged = true;
    } else if (word == "undisputed") {
      options.require_undisputed = true;
    } else {
      return absl::InvalidArgumentError(absl::StrCat(
          "--require 只能是 unpledged、undisputed (unpledged and undisputed): ",
          word));
    }
  }
  return options;
}

// What makes a check impossible is said and ends with 22, whatever it is.
int CannotDecide(Invocation& invocation, const absl::Status& status) {
  invocation.Report(invocation.words().front(), status, kExitCannotDecide);
  return kExitCannotDecide;
}

// How to come to the same verdict without this program.
std::string ByHand(const Invocation& invocation) {
  return absl::StrCat(
      "手工复核 / to repeat by hand (N = one step):\n  $ dataip bundle unpack ",
      invocation.words().front(), " DIR --trust ",
      invocation.settings().Text("--trust"), "\n  $ sh DIR/check.sh [N]\n");
}

absl::StatusOr<int> RunVerify(Invocation& invocation) {
  ASSIGN_OR_RETURN(const verify::CheckOptions options, OptionsOf(invocation));
  if (!invocation.HasTrust()) return invocation.Trust().status();
  const auto trust = invocation.Trust();
  if (!trust.ok()) return CannotDecide(invocation, trust.status());
  const auto bundle = ReadBundleFile(invocation.words().front());
  if (!bundle.ok()) return CannotDecide(invocation, bundle.status());
  const auto report = verify::Check(hash::AsBytes(*bundle), **trust, options);
  if (!report.ok()) return CannotDecide(invocation, report.status());
  invocation.Print(invocation.json()
                       ? verify::FormatReportJson(*report)
                       : verify::FormatReport(*report) + ByHand(invocation));
  return verify::ExitCode(report->conclusion);
}

}  // namespace

std::vector<CommandSpec> VerifyCommands() {
  return {
      {.group = "verify",
       .words = "FILE.bundle",
       .word_count = {1, 1},
       .summary = "核验证书 Checks a certificate offline, step by step",
       .flags = {{.name = "--at",
                  .value = "TIME",
                  .help = "the instant asked for, else now"},
                 {.name = "--max-age",
                  .value = "AGE",
                  .help = "how old the status may be, e.g. 7d or 36h"},
                 {.name = "--require",
                  .value = "LIST",
                  .help = "unpledged, undisputed, or both with a comma"}},
       .examples = {"dataip verify 20240733000000001.bundle --trust trust.json",
                    "dataip verify a.bundle --trust trust.json --at "
                    "2024-08-01 --max-age 30d --require unpledged,undisputed "
                    "-o json"},
       .run = RunVerify}};
}

}  // namespace dataip::client
