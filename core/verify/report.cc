#include "core/verify/report.h"

#include <algorithm>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/registry/values/civil_date.h"
#include "core/verify/json.h"

namespace dataip::verify {
namespace {

absl::string_view Mark(Verdict verdict) {
  switch (verdict) {
    case Verdict::kOk:
      return "[ OK ]";
    case Verdict::kFailed:
      return "[FAIL]";
    case Verdict::kNotMade:
      return "[ -- ]";
  }
  return "[ -- ]";
}

std::string JsonTexts(const std::vector<std::string>& texts) {
  return absl::StrCat("[",
                      absl::StrJoin(texts, ",",
                                    [](std::string* out, const auto& text) {
                                      out->append(QuoteJson(text));
                                    }),
                      "]");
}

std::string JsonStep(const Step& step) {
  return absl::StrCat("{\"number\":", step.number,
                      ",\"claim_zh\":", QuoteJson(step.claim_zh),
                      ",\"claim_en\":", QuoteJson(step.claim_en),
                      ",\"verdict\":", QuoteJson(VerdictName(step.verdict)),
                      ",\"anchor\":", QuoteJson(step.anchor),
                      ",\"explanation_zh\":", QuoteJson(step.explanation_zh),
                      ",\"explanation_en\":", QuoteJson(step.explanation_en),
                      ",\"command\":", QuoteJson(step.command), "}");
}

// What stands now, as of the seal; leaves out what is empty.
void AppendStanding(const Report& report, std::string& out) {
  const std::string overlays = absl::StrJoin(
      report.overlays, ", ", [](std::string* out, const std::string& one) {
        const size_t space = one.find(' ');
        if (space == std::string::npos) {
          out->append(one);
          return;
        }
        const std::string rank = one.substr(space + 1);
        absl::StrAppend(out, one.substr(0, space), "（第 ", rank,
                        " 顺位 / rank ", rank, "）");
      });
  if (!report.state.empty()) {
    absl::StrAppend(&out, "状态 / state  ", report.state,
                    overlays.empty() ? "" : "  + ", overlays, "\n");
  }
  if (std::count(report.overlays.begin(), report.overlays.end(), "LICENCE") >
      0) {
    absl::StrAppend(&out,
                    "许可 / licence  许可未终止，起止日见许可本身 / a licence "
                    "runs or will; its days stand in the licence\n");
  }
  if (!report.replaced_by.empty()) {
    absl::StrAppend(&out, "后继证书 / replaced by  ", report.replaced_by, "\n");
  }
  if (!report.replaces.empty()) {
    absl::StrAppend(&out, "接替证书 / replaces  ", report.replaces, "\n");
  }
  if (!report.legacy_numbers.empty()) {
    absl::StrAppend(&out, "原编号 / numbers in older systems  ",
                    absl::StrJoin(report.legacy_numbers, ", "), "\n");
  }
}

void AppendStep(const Step& step, std::string& out) {
  absl::StrAppend(&out, Mark(step.verdict), " ", step.number, ". ",
                  step.claim_zh, " / ", step.claim_en, "\n");
  if (!step.anchor.empty()) {
    absl::StrAppend(&out, "       ", step.anchor, "\n");
  }
  if (!step.explanation_zh.empty()) {
    absl::StrAppend(&out, "       ", step.explanation_zh, " / ",
                    step.explanation_en, "\n");
  }
}

}  // namespace

absl::string_view VerdictName(Verdict verdict) {
  switch (verdict) {
    case Verdict::kOk:
      return "OK";
    case Verdict::kFailed:
      return "FAILED";
    case Verdict::kNotMade:
      return "NOT_MADE";
  }
  return "NOT_MADE";
}

absl::string_view ConclusionName(Conclusion conclusion) {
  switch (conclusion) {
    case Conclusion::kInForce:
      return "IN_FORCE";
    case Conclusion::kNotGenuine:
      return "NOT_GENUINE";
    case Conclusion::kNotInForce:
      return "NOT_IN_FORCE";
    case Conclusion::kCannotDecide:
      return "CANNOT_DECIDE";
    case Conclusion::kStale:
      return "STALE";
  }
  return "CANNOT_DECIDE";
}

std::string FormatDay(int64_t unix_ms) {
  return registry::FormatDate(registry::ShanghaiDate(unix_ms));
}

std::string FormatInstant(int64_t unix_ms) {
  const int64_t midnight =
      registry::StartOfDayMs(registry::ShanghaiDate(unix_ms));
  const auto second = static_cast<int>((unix_ms - midnight) / 1000);
  char text[32];
  std::snprintf(text, sizeof text, "T%02d:%02d:%02d+08:00", second / 3600,
                second / 60 % 60, second % 60);
  return absl::StrCat(FormatDay(unix_ms), text);
}

std::string FormatReport(const Report& report) {
  std::string out;
  if (report.demonstration) {
    out +=
        "*** 演示 / DEMONSTRATION: 不具效力 / without any legal effect ***\n";
  }
  if (!report.certificate_number.empty()) {
    absl::StrAppend(&out, "登记证书 / certificate  ", report.certificate_number,
                    "  ", report.registration_number, "\n", report.name, "  (",
                    absl::StrJoin(report.holders, ", "), ")\n",
                    report.valid_from, " .. ", report.valid_to, "\n");
    AppendStanding(report, out);
  }
  for (const Step& step : report.steps) AppendStep(step, out);
  if (report.checked_at_ms > 0) {
    absl::StrAppend(
        &out, "判断时刻 / judged as of  ", FormatInstant(report.checked_at_ms),
        report.demonstration ? "（演示时钟 / the demonstration's clock）\n"
                             : "\n");
  }
  absl::StrAppend(&out, "=> ", ConclusionName(report.conclusion), ": ",
                  report.conclusion_zh, " / ", report.conclusion_en, "\n");
  return out;
}

std::string FormatReportJson(const Report& report) {
  std::string out = absl::StrCat(
      "{\"conclusion\":", QuoteJson(ConclusionName(report.conclusion)),
      ",\"exit_code\":", ExitCode(report.conclusion),
      ",\"conclusion_zh\":", QuoteJson(report.conclusion_zh),
      ",\"conclusion_en\":", QuoteJson(report.conclusion_en),
      ",\"demonstration\":", report.demonstration ? "true" : "false",
      ",\"witnessed\":", report.witnessed ? "true" : "false");
  absl::StrAppend(
      &out, ",\"origin\":", QuoteJson(report.origin),
      ",\"certificate_number\":", QuoteJson(report.certificate_number),
      ",\"registration_number\":", QuoteJson(report.registration_number),
      ",\"application_no\":", QuoteJson(report.application_no),
      ",\"name\":", QuoteJson(report.name),
      ",\"holders\":", JsonTexts(report.holders),
      ",\"valid_from\":", QuoteJson(report.valid_from),
      ",\"valid_to\":", QuoteJson(report.valid_to),
      ",\"state\":", QuoteJson(report.state),
      ",\"replaced_by\":", QuoteJson(report.replaced_by),
      ",\"replaces\":", QuoteJson(report.replaces),
      ",\"legacy_numbers\":", JsonTexts(report.legacy_numbers));
  absl::StrAppend(&out, ",\"overlays\":", JsonTexts(report.overlays),
                  ",\"issue_index\":", report.issue_index,
                  ",\"size\":", report.size,
                  ",\"issued_at_ms\":", report.issued_at_ms,
                  ",\"seal_time_ms\":", report.seal_time_ms,
                  ",\"checked_at_ms\":", report.checked_at_ms, ",\"steps\":[",
                  absl::StrJoin(report.steps, ",",
                                [](std::string* text, const Step& step) {
                                  text->append(JsonStep(step));
                                }),
                  "]}\n");
  return out;
}

}  // namespace dataip::verify
