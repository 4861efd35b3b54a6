// `dataip verify`: a certificate checked without any server.
#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/batch_proof.h"
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

// The one that counts of several: a failed check before one that could not be
// made, a final state before a stale one.
int WorseOf(int a, int b) {
  for (const auto conclusion :
       {verify::Conclusion::kNotGenuine, verify::Conclusion::kCannotDecide,
        verify::Conclusion::kNotInForce, verify::Conclusion::kStale}) {
    const int code = verify::ExitCode(conclusion);
    if (a == code || b == code) return code;
  }
  return verify::ExitCode(verify::Conclusion::kInForce);
}

// Which check failed or could not be made; in a demonstration the instant that
// was judged, which is not this machine's.
void AppendRemarks(const verify::Report& report, std::string& remarks) {
  for (const verify::Step& step : report.steps) {
    if (step.verdict == verify::Verdict::kOk) continue;
    const bool failed = step.verdict == verify::Verdict::kFailed;
    if (!failed && step.explanation_zh.empty()) continue;
    absl::StrAppend(&remarks, report.certificate_number, "  ",
                    failed ? "未通过 / failed" : "未进行 / not made", "  ",
                    step.number, ". ", step.claim_zh, " / ", step.claim_en);
    if (!step.explanation_zh.empty()) {
      absl::StrAppend(&remarks, "：", step.explanation_zh, " / ",
                      step.explanation_en);
    }
    remarks += "\n";
  }
  if (report.demonstration && report.checked_at_ms > 0) {
    absl::StrAppend(&remarks, report.certificate_number,
                    "  判断时刻 / judged as of  ",
                    verify::FormatInstant(report.checked_at_ms),
                    "（演示时钟 / the demonstration's clock）\n");
  }
}

// Every certificate of the proof as its own bundle, a line each, and a total.
absl::StatusOr<int> VerifyBatch(Invocation& invocation,
                                const std::string& proof,
                                const verify::Trust& trust,
                                const verify::CheckOptions& options) {
  const auto bundles = SplitBatchProof(hash::AsBytes(proof));
  if (absl::IsUnimplemented(bundles.status())) {
    return CannotDecide(invocation, bundles.status());
  }
  if (!bundles.ok()) {
    invocation.Report(invocation.words().front(), bundles.status(),
                      kExitNotGenuine);
    return kExitNotGenuine;
  }
  Table table{{"证书编号", "名称", "结论"}, {}};
  std::vector<std::string> reports;
  std::string remarks;
  std::map<std::string, size_t> totals;
  int code = verify::ExitCode(verify::Conclusion::kInForce);
  for (const std::string& bundle : *bundles) {
    const auto report = verify::Check(hash::AsBytes(bundle), trust, options);
    if (!report.ok()) return CannotDecide(invocation, report.status());
    code = WorseOf(code, verify::ExitCode(report->conclusion));
    ++totals[absl::StrCat(verify::ConclusionName(report->conclusion))];
    table.rows.push_back(
        {report->certificate_number, report->name,
         absl::StrCat(report->conclusion_zh, " ",
                      verify::ConclusionName(report->conclusion))});
    AppendRemarks(*report, remarks);
    std::string json = verify::FormatReportJson(*report);
    reports.emplace_back(absl::StripTrailingAsciiWhitespace(json));
  }
  if (invocation.json()) {
    invocation.Print(JsonArray(reports) + "\n");
    return code;
  }
  std::string total = absl::StrCat("合计 ", bundles->size(), " 件 (total)");
  for (const auto& [name, count] : totals) {
    absl::StrAppend(&total, "，", name, " ", count);
  }
  invocation.Print(absl::StrCat(FormatTable(table), remarks, total, "\n"));
  return code;
}

// By its name, or because it is no bundle but a proof.
bool NamesBatch(const std::string& path) {
  return absl::EndsWith(path, ".proof");
}

absl::StatusOr<int> RunVerify(Invocation& invocation) {
  ASSIGN_OR_RETURN(const verify::CheckOptions options, OptionsOf(invocation));
  if (!invocation.HasTrust()) return invocation.Trust().status();
  const auto trust = invocation.Trust();
  if (!trust.ok()) return CannotDecide(invocation, trust.status());
  const std::string& path = invocation.words().front();
  const auto bundle = NamesBatch(path) ? ReadInputFile(path, kBatchProofBytes)
                                       : ReadBundleFile(path);
  if (!bundle.ok()) return CannotDecide(invocation, bundle.status());
  if (NamesBatch(path) || IsBatchProof(hash::AsBytes(*bundle))) {
    return VerifyBatch(invocation, *bundle, **trust, options);
  }
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
       .words = "FILE.bundle|batch.proof",
       .word_count = {1, 1},
       .summary = "核验证书 Checks a certificate offline, step by step, or "
                  "those of a batch, a line each",
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
                    "-o json",
                    "dataip verify batch/batch.proof --trust trust.json"},
       .run = RunVerify}};
}

}  // namespace dataip::client
