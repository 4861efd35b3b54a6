// Kind "bundle": whole bundles with a trust file, and what to conclude.
#include <map>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/verify/check.h"
#include "core/verify/trust.h"
#include "tests/conformance/cases.h"

namespace dataip::conformance {
namespace {

absl::StatusOr<std::optional<int64_t>> OptionalMs(const Json& json,
                                                  const std::string& name) {
  if (json.IsNull(name)) return std::optional<int64_t>();
  ASSIGN_OR_RETURN(const uint64_t ms, json.Number(name));
  return std::optional<int64_t>(static_cast<int64_t>(ms));
}

absl::StatusOr<verify::CheckOptions> ReadOptions(const Json& json) {
  verify::CheckOptions options;
  ASSIGN_OR_RETURN(const uint64_t now_ms, json.Number("now_ms"));
  options.now_ms = static_cast<int64_t>(now_ms);
  ASSIGN_OR_RETURN(options.at_ms, OptionalMs(json, "at_ms"));
  ASSIGN_OR_RETURN(options.max_age_ms, OptionalMs(json, "max_age_ms"));
  ASSIGN_OR_RETURN(const std::vector<Json> require, json.List("require"));
  for (const Json& element : require) {
    ASSIGN_OR_RETURN(const std::string word, element.AsText());
    options.require_unpledged |= word == "unpledged";
    options.require_undisputed |= word == "undisputed";
  }
  return options;
}

struct Outcome {
  // The exit code of `dataip verify`; bytes that are none cannot be decided.
  int conclusion = verify::ExitCode(verify::Conclusion::kCannotDecide);
  // Of formats.md 8, below 9; 0 when none failed.
  int first_failed_step = 0;
  std::string report;
};

Outcome OutcomeOf(const absl::StatusOr<verify::Report>& report) {
  Outcome outcome;
  outcome.report = report.status().ToString();
  if (!report.ok()) return outcome;
  outcome.conclusion = verify::ExitCode(report->conclusion);
  outcome.report = verify::FormatReport(*report);
  for (const verify::Step& step : report->steps) {
    if (step.verdict != verify::Verdict::kFailed || step.number == 9) continue;
    outcome.first_failed_step = step.number;
    break;
  }
  return outcome;
}

absl::Status RunOneBundle(const Json& json, const verify::Trust& trust,
                          Tally& tally) {
  ASSIGN_OR_RETURN(const std::string bundle, json.Hex("bundle"));
  ASSIGN_OR_RETURN(const verify::CheckOptions options, ReadOptions(json));
  ASSIGN_OR_RETURN(const uint64_t conclusion, json.Number("conclusion"));
  ASSIGN_OR_RETURN(const uint64_t step, json.Number("first_failed_step"));
  const Outcome outcome =
      OutcomeOf(verify::Check(hash::AsBytes(bundle), trust, options));
  absl::Status same = tally.SameNumber(
      "conclusion", conclusion, static_cast<uint64_t>(outcome.conclusion));
  if (same.ok()) {
    same = tally.SameNumber("first step that fails", step,
                            static_cast<uint64_t>(outcome.first_failed_step));
  }
  if (same.ok()) return same;
  return absl::DataLossError(
      absl::StrCat(same.message(), "\n", outcome.report));
}

}  // namespace

absl::Status RunBundle(const Json& file, Tally& tally) {
  ASSIGN_OR_RETURN(const Json trusts, file.Member("trusts"));
  ASSIGN_OR_RETURN(const std::vector<Json> cases, file.List("cases"));
  for (size_t i = 0; i < cases.size(); ++i) {
    ASSIGN_OR_RETURN(const std::string why, cases[i].Text("why"));
    tally.Case(absl::StrCat("cases[", i, "] (", why, ")"));
    ASSIGN_OR_RETURN(const std::string trust_name, cases[i].Text("trust"));
    ASSIGN_OR_RETURN(const std::string trust_text, trusts.Text(trust_name));
    const auto trust = verify::ParseTrust(trust_text);
    RETURN_IF_ERROR(tally.Same("trust file", "OK", trust.status().ToString()));
    RETURN_IF_ERROR(RunOneBundle(cases[i], *trust, tally));
  }
  return absl::OkStatus();
}

}  // namespace dataip::conformance
