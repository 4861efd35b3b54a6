#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/audit/audit.h"
#include "core/base/hex.h"
#include "core/base/text.h"
#include "core/registry/rule_names.h"
#include "core/verify/json.h"
#include "core/verify/report.h"

namespace dataip::client {
namespace {

using verify::QuoteJson;
using verify::ReplayReport;

absl::string_view ConclusionOf(const ReplayReport& report) {
  if (report.broken.has_value()) return "BROKEN";
  return report.undecided.has_value() ? "CANNOT_DECIDE" : "CLEAN";
}

absl::string_view ConclusionZh(const ReplayReport& report) {
  if (report.broken.has_value()) return "账本不成立，见上";
  return report.undecided.has_value() ? "无法判定，见上" : "所核各项全部成立";
}

constexpr size_t kNameColumns = 24;
constexpr size_t kLineColumns = 79;
constexpr size_t kIndent = 2;

// Names stand as wide as a terminal shows them.
std::string Padded(absl::string_view name, size_t columns) {
  const size_t width = base::DisplayWidth(name);
  return absl::StrCat(name,
                      std::string(columns > width ? columns - width : 1, ' '));
}

template <typename Value>
void AppendLine(absl::string_view name, const Value& value, std::string& out) {
  absl::StrAppend(&out, Padded(name, kNameColumns), value, "\n");
}

// Words on lines that a terminal shows whole.
template <typename Words>
void AppendWrapped(const Words& words, std::string& out) {
  const std::string indent(kIndent, ' ');
  std::string line = indent;
  for (const auto& word : words) {
    if (line.size() > kIndent && line.size() + word.size() > kLineColumns) {
      absl::StrAppend(&out, line, "\n");
      line = indent;
    }
    absl::StrAppend(&line, line.size() > kIndent ? " " : "", word);
  }
  absl::StrAppend(&out, line, line.size() > kIndent ? "" : "-", "\n");
}

void AppendChecks(const ReplayReport& report, std::string& out) {
  size_t columns = 0;
  for (const auto& [name, times] : report.checks) {
    columns = std::max(columns, name.size() + kIndent);
  }
  absl::StrAppend(&out, "检查次数 / checks by rule\n");
  for (const auto& [name, times] : report.checks) {
    if (times == 0) continue;
    absl::StrAppend(&out, std::string(kIndent, ' '), Padded(name, columns),
                    times, "\n");
  }
}

std::string Yuan(int64_t fen) {
  const int64_t whole = fen / 100;
  const int64_t rest = fen % 100 < 0 ? -(fen % 100) : fen % 100;
  const absl::string_view sign = fen < 0 && whole == 0 ? "-" : "";
  return absl::StrCat(sign, whole, ".", rest < 10 ? "0" : "", rest);
}

// A finding about a file, what was seen elsewhere, or the rehearsed order has
// no entry.
bool IsAboutAnEntry(const verify::Finding& finding) {
  if (finding.index == kRehearsedOrder) return false;
  for (const absl::string_view prefix :
       {"file.", "seen.", "since.", "checkpoint."}) {
    if (absl::StartsWith(finding.rule, prefix)) return false;
  }
  return true;
}

std::string JsonFinding(const std::optional<verify::Finding>& finding) {
  if (!finding.has_value()) return "null";
  const std::string index =
      IsAboutAnEntry(*finding) ? absl::StrCat(finding->index) : "null";
  return absl::StrCat("{\"index\":", index,
                      ",\"rule\":", QuoteJson(finding->rule),
                      ",\"message_zh\":", QuoteJson(finding->message_zh),
                      ",\"message_en\":", QuoteJson(finding->message_en), "}");
}

void AppendFinding(absl::string_view title, const verify::Finding& finding,
                   std::string& out) {
  absl::StrAppend(&out, title, ": ");
  if (IsAboutAnEntry(finding)) {
    absl::StrAppend(&out, "条目 / entry ", finding.index, ", ");
  } else if (finding.index == kRehearsedOrder) {
    absl::StrAppend(&out, "本命令 / this order, ");
  }
  absl::StrAppend(&out, "规则 / rule ", finding.rule, "\n  ",
                  finding.message_zh, "\n  ", finding.message_en, "\n");
}

// The index at which totals are true: the last entry's.
uint64_t TrueAt(const ReplayReport& report) {
  return report.size == 0 ? 0 : report.size - 1;
}

std::string JsonRealised(const ReplayReport& report) {
  std::vector<std::string> parts;
  for (const auto& [subject, total] : report.realised) {
    parts.push_back(absl::StrCat(
        "{\"subject\":", QuoteJson(subject), ",\"fen\":", total.fen,
        ",\"events\":", total.events, ",\"index\":", TrueAt(report), "}"));
  }
  return absl::StrCat("[", absl::StrJoin(parts, ","), "]");
}

std::string OrderJson(const verify::ErasedByOrder& erased) {
  return erased.order_index == kRehearsedOrder
             ? "null"
             : absl::StrCat(erased.order_index);
}

std::string JsonErased(const ReplayReport& report) {
  std::vector<std::string> parts;
  for (const verify::ErasedByOrder& one : report.erased) {
    parts.push_back(
        absl::StrCat("{\"index\":", one.index, ",\"order\":", OrderJson(one),
                     ",\"standing\":", one.standing ? "true" : "false", "}"));
  }
  return absl::StrCat("[", absl::StrJoin(parts, ","), "]");
}

void AppendErased(const ReplayReport& report, std::string& out) {
  size_t standing = 0;
  for (const verify::ErasedByOrder& one : report.erased) {
    const bool rehearsed = one.order_index == kRehearsedOrder;
    standing += one.standing && !rehearsed ? 1 : 0;
    absl::StrAppend(&out, "条目 / entry ", one.index, ": ");
    if (rehearsed) {
      out += "由本命令删除 / erased by this order\n";
    } else if (one.standing) {
      absl::StrAppend(&out, "第 ", one.order_index,
                      " 条已令删除，内容尚在 / ordered erased by order ",
                      one.order_index, ", still here and decided again\n");
    } else {
      absl::StrAppend(&out, "未重新判定，已由第 ", one.order_index,
                      " 条命令删除 / not decided again, erased by order ",
                      one.order_index, "\n");
    }
  }
  if (standing > 0) {
    absl::StrAppend(&out, "尚未执行的删除 / erasures not carried out  ",
                    standing, "\n");
  }
}

}  // namespace

std::string FormatAudit(const ReplayReport& report) {
  std::string out;
  if (report.demonstration) {
    out += "*** 演示账本 / DEMONSTRATION LEDGER ***\n";
  }
  AppendLine("条目 / entries", report.size, out);
  AppendLine("登记事项 / transitions", report.transitions, out);
  AppendLine("封印 / seals", report.seals, out);
  AppendLine("证书 / certificates", report.certificates, out);
  AppendLine("签名 / signatures", report.signatures, out);
  AppendLine("根 / root", base::HexEncode(report.root.span()), out);
  AppendLine("链头 / chain head", base::HexEncode(report.chain_head.span()),
             out);
  AppendChecks(report, out);
  absl::StrAppend(&out, "未触及的规则 / rules never exercised\n");
  AppendWrapped(report.never_exercised, out);
  absl::StrAppend(&out,
                  "decide.<命令> 各代表重新决定所用的全部规则 /\n  each "
                  "decide.<command> stands for all rules of that decision, "
                  "out of\n");
  AppendWrapped(registry::DecideRuleNames(), out);
  for (const auto& [subject, total] : report.realised) {
    absl::StrAppend(&out, "运用金额 / realised value  ", subject, "  ",
                    Yuan(total.fen), " CNY  (", total.events, " events, @",
                    TrueAt(report), ")\n");
  }
  AppendErased(report, out);
  if (report.broken.has_value()) {
    AppendFinding("不成立 / BROKEN", *report.broken, out);
  }
  if (report.undecided.has_value()) {
    AppendFinding("无法判定 / CANNOT DECIDE", *report.undecided, out);
  }
  absl::StrAppend(&out, "=> ", ConclusionOf(report), ": ", ConclusionZh(report),
                  "\n");
  return out;
}

std::string FormatAuditJson(const ReplayReport& report) {
  std::vector<std::string> checks;
  for (const auto& [name, times] : report.checks) {
    checks.push_back(absl::StrCat(QuoteJson(name), ":", times));
  }
  std::vector<std::string> never;
  for (const std::string& name : report.never_exercised) {
    never.push_back(QuoteJson(name));
  }
  std::vector<std::string> decide_rules;
  for (const absl::string_view name : registry::DecideRuleNames()) {
    decide_rules.push_back(QuoteJson(name));
  }
  std::string out = absl::StrCat(
      "{\"conclusion\":", QuoteJson(ConclusionOf(report)),
      ",\"exit_code\":", report.ExitCode(),
      ",\"broken\":", JsonFinding(report.broken),
      ",\"undecided\":", JsonFinding(report.undecided),
      ",\"demonstration\":", report.demonstration ? "true" : "false",
      ",\"size\":", report.size, ",\"transitions\":", report.transitions,
      ",\"seals\":", report.seals, ",\"certificates\":", report.certificates,
      ",\"signatures\":", report.signatures);
  absl::StrAppend(
      &out, ",\"root\":\"", base::HexEncode(report.root.span()),
      "\",\"chain_head\":\"", base::HexEncode(report.chain_head.span()),
      "\",\"map_root\":\"", base::HexEncode(report.map_root.span()),
      "\",\"last_time_ms\":", report.last_time_ms, ",\"checks\":{",
      absl::StrJoin(checks, ","), "},\"never_exercised\":[",
      absl::StrJoin(never, ","), "],\"decide_rules\":[",
      absl::StrJoin(decide_rules, ","), "],\"erased\":", JsonErased(report),
      ",\"realised\":", JsonRealised(report), "}\n");
  return out;
}

}  // namespace dataip::client
