// `dataip application precheck`: what can be said of a filing table before
// anything is signed or sent. Asks no server.
#include "client/cli/application_precheck.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/cli/commands.h"
#include "client/cli/filing_tables.h"
#include "client/cli/input_files.h"
#include "client/cli/labels.h"
#include "client/filing/columns.h"
#include "client/filing/filing.h"
#include "client/filing/unread_cells.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "core/registry/values/civil_date.h"

namespace dataip::client {
namespace {

using registry::Finding;
using registry::Severity;

absl::string_view SeverityZh(registry::v1::FindingSeverity severity) {
  switch (severity) {
    case registry::v1::FINDING_BLOCKS:
      return registry::SeverityZh(Severity::kBlocks);
    case registry::v1::FINDING_WARNS:
      return registry::SeverityZh(Severity::kWarns);
    default:
      return registry::SeverityZh(Severity::kTells);
  }
}

// Stands for the party that `import` finds by its key.
constexpr char kSomeParty[] = "P0000001";

int64_t NowMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// When the rows are to be filed: --on, or now.
absl::StatusOr<int64_t> FilingTimeMs(const Invocation& invocation) {
  if (!invocation.Has("--on")) return NowMs();
  return ParseInstant(invocation.Text("--on"));
}

// The registry's tables, where the command line says where they are.
struct Tables {
  std::unique_ptr<registry::Profile> profile;
  std::unique_ptr<registry::CodeTable> industries;
  std::unique_ptr<registry::CodeTable> regions;
};

template <typename T>
absl::StatusOr<std::unique_ptr<T>> ReadTable(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text,
                   ReadInputFile(path, limits::kImportFileBytes));
  auto table = T::Parse(text);
  if (table.ok()) return std::make_unique<T>(*std::move(table));
  return absl::InvalidArgumentError(
      absl::StrCat(path, ": ", table.status().message()));
}

absl::StatusOr<Tables> ReadTables(Invocation& invocation) {
  Tables tables;
  if (!invocation.Has("--tables")) {
    invocation.Say(
        "未给出 --tables，行业、行政区划代码与规则版本不在检查之列 / without "
        "--tables, codes and the profile are not checked");
    return tables;
  }
  const std::string folder = invocation.Text("--tables");
  ASSIGN_OR_RETURN(tables.profile, ReadTable<registry::Profile>(absl::StrCat(
                                       folder, "/profile_",
                                       invocation.Text("--rules"), ".csv")));
  ASSIGN_OR_RETURN(
      tables.industries,
      ReadTable<registry::CodeTable>(absl::StrCat(folder, "/industries.csv")));
  ASSIGN_OR_RETURN(tables.regions, ReadTable<registry::CodeTable>(
                                       absl::StrCat(folder, "/regions.csv")));
  return tables;
}

std::string ShownPath(const std::string& path) {
  const absl::string_view column = ColumnOf(path);
  return column.empty() ? path : std::string(column);
}

std::string FindingJson(const Finding& finding) {
  return absl::StrCat(
      "{\"column\": ", JsonString(ColumnOf(finding.field)),
      ", \"field\": ", JsonString(finding.field),
      ", \"rule\": ", JsonString(finding.rule),
      ", \"clause\": ", JsonString(finding.clause),
      ", \"severity\": ", JsonString(registry::SeverityName(finding.severity)),
      ", \"reason_zh\": ", JsonString(finding.reason_zh),
      ", \"reason_en\": ", JsonString(finding.reason_en),
      ", \"remedy_zh\": ", JsonString(finding.remedy_zh),
      ", \"remedy_en\": ", JsonString(finding.remedy_en), "}");
}

absl::string_view ResultName(const CheckedRow& row) {
  if (row.findings.empty()) return "PASSES";
  const Severity gravest = registry::Gravest(row.findings);
  return gravest == Severity::kTells ? "PASSES"
                                     : registry::SeverityName(gravest);
}

absl::string_view ResultZh(const CheckedRow& row) {
  if (row.findings.empty()) return "通过";
  const Severity gravest = registry::Gravest(row.findings);
  return gravest == Severity::kTells ? "通过" : registry::SeverityZh(gravest);
}

std::string RowJson(const CheckedRow& row) {
  std::vector<std::string> findings;
  for (const Finding& finding : row.findings) {
    findings.push_back(FindingJson(finding));
  }
  return absl::StrCat("{\"line\": ", row.line, ", \"client_reference\": ",
                      JsonString(row.client_reference),
                      ", \"result\": ", JsonString(ResultName(row)),
                      ", \"findings\": ", JsonArray(findings), "}");
}

// "B07 浙江省…办法(试行) 2023".
std::string RuleText(const Finding& finding) {
  return finding.clause.empty()
             ? finding.rule
             : absl::StrCat(finding.rule, " ", finding.clause);
}

// Each finding in Chinese, and in English on a line of its own.
void AppendRow(const CheckedRow& row, Table& table) {
  std::vector<std::string> first = {absl::StrCat(row.line),
                                    row.client_reference,
                                    std::string(ResultZh(row)), ""};
  for (const Finding& finding : row.findings) {
    const std::string shown = ShownPath(finding.field);
    first[3] =
        absl::StrCat(registry::SeverityZh(finding.severity), " [",
                     RuleText(finding), "] ", shown, shown.empty() ? "" : ": ",
                     finding.reason_zh, "；", finding.remedy_zh);
    table.rows.push_back(first);
    table.rows.push_back(
        {"", "", "",
         absl::StrCat(registry::SeverityName(finding.severity), ": ",
                      finding.reason_en, "; ", finding.remedy_en)});
    first = {"", "", "", ""};
  }
  if (row.findings.empty()) table.rows.push_back(first);
}

void PrintReport(Invocation& invocation, const CheckedTable& checked) {
  const size_t blocked = checked.Count(Severity::kBlocks);
  const size_t warned = checked.Count(Severity::kWarns);
  const size_t passed = checked.rows.size() - blocked - warned;
  if (invocation.json()) {
    std::vector<std::string> rows;
    for (const CheckedRow& row : checked.rows) rows.push_back(RowJson(row));
    std::vector<std::string> series;
    for (const auto& [name, count] : checked.series) {
      series.push_back(absl::StrCat("{\"series\": ", JsonString(name),
                                    ", \"rows\": ", count, "}"));
    }
    invocation.Print(absl::StrCat(
        "{\"rows\": ", checked.rows.size(), ", \"passed\": ", passed,
        ", \"warned\": ", warned, ", \"blocked\": ", blocked, ", \"series\": ",
        JsonArray(series), ", \"outcomes\": ", JsonArray(rows), "}\n"));
  } else {
    Table table{{"行", "编号", "结果", "原因与处理"}, {}};
    for (const CheckedRow& row : checked.rows) AppendRow(row, table);
    invocation.Print(FormatTable(table));
  }
  for (const auto& [name, count] : checked.series) {
    invocation.Say(absl::StrCat("提示 [B18] 同一系列“", name, "”共 ", count,
                                " 行 / same series: ", count, " rows"));
  }
  invocation.Say(absl::StrCat("通过 ", passed, "，警告 ", warned, "，不予受理 ",
                              blocked, " / ", passed, " PASSES, ", warned,
                              " WARNS, ", blocked, " BLOCKS"));
}

// B18 within the table: the same data file twice.
void MarkSameFile(const CheckedRow& earlier, CheckedRow& row) {
  Finding finding;
  finding.field = "file";
  finding.rule = "B18";
  finding.clause = "R09";
  finding.reason_zh = absl::StrCat("数据文件与第 ", earlier.line, " 行的相同");
  finding.reason_en =
      absl::StrCat("the data file is that of line ", earlier.line);
  finding.remedy_zh = "请更换数据文件，或删除重复的一行";
  finding.remedy_en = "use another file, or remove one of the two rows";
  finding.severity = Severity::kWarns;
  row.findings.push_back(std::move(finding));
}

absl::StatusOr<int> RunPrecheck(Invocation& invocation) {
  const std::string data_dir = invocation.Text("--data");
  ASSIGN_OR_RETURN(const CsvTable table,
                   ReadFilingTable(invocation, invocation.words()[0]));
  ASSIGN_OR_RETURN(const FieldTables fields,
                   ReadFieldTables(absl::StrCat(data_dir, "/fields.csv")));
  ASSIGN_OR_RETURN(const Tables tables, ReadTables(invocation));
  ASSIGN_OR_RETURN(const int64_t filed_at_ms, FilingTimeMs(invocation));
  registry::PrecheckContext context;
  context.form.profile = tables.profile.get();
  context.form.industries = tables.industries.get();
  context.form.regions = tables.regions.get();
  context.form.issued_at = registry::FromUnixMs(filed_at_ms);
  context.form.filed_at_ms = filed_at_ms;
  const FilingContext filing{.party_number = kSomeParty,
                             .data_dir = data_dir,
                             .master_key = {},
                             .fields = &fields};
  CheckedTable checked;
  {
    Progress progress("预检 precheck", table.rows.size());
    checked =
        PrecheckTable(table, filing, context, [&progress] { progress.Step(); });
  }
  PrintReport(invocation, checked);
  return checked.Count(Severity::kBlocks) == 0 ? kExitOk : kExitSomeRejected;
}

}  // namespace

size_t CheckedTable::Count(Severity severity) const {
  return static_cast<size_t>(
      std::count_if(rows.begin(), rows.end(), [severity](const auto& row) {
        return !row.findings.empty() &&
               registry::Gravest(row.findings) == severity;
      }));
}

CheckedRow PrecheckRow(const CsvTable& table, const CsvRow& row,
                       const FilingContext& filing,
                       const registry::PrecheckContext& context) {
  CheckedRow checked;
  checked.line = row.line;
  FilingResult made = MakeFiling(table, row, filing);
  for (auto& violation : made.violations) {
    QuoteCell(table, row, violation);
    checked.findings.push_back(registry::FindingOf(violation));
  }
  if (!row.flaw.empty()) return checked;
  checked.client_reference = std::string(table.Cell(row, "client_reference"));
  checked.series = made.filing.form.series();
  SetIssuedAt(context.form.issued_at, made.filing.form);
  const UnreadCells unread(made.violations);
  for (Finding& finding : registry::Precheck(made.filing.form, context)) {
    if (unread.Hide(finding.field)) continue;
    checked.findings.push_back(std::move(finding));
  }
  if (made.violations.empty()) {
    checked.file_sha256 = made.filing.form.deposit().file_sha256();
  }
  return checked;
}

CheckedTable PrecheckTable(const CsvTable& table, const FilingContext& filing,
                           const registry::PrecheckContext& context,
                           const std::function<void()>& on_row) {
  CheckedTable checked;
  std::map<std::string, size_t> files;
  std::map<std::string, size_t> series;
  for (const CsvRow& row : table.rows) {
    CheckedRow outcome = PrecheckRow(table, row, filing, context);
    if (!outcome.series.empty()) ++series[outcome.series];
    if (!outcome.file_sha256.empty()) {
      const auto [first, is_new] =
          files.emplace(outcome.file_sha256, checked.rows.size());
      if (!is_new) MarkSameFile(checked.rows[first->second], outcome);
    }
    checked.rows.push_back(std::move(outcome));
    on_row();
  }
  for (const auto& [name, count] : series) {
    if (count > 1) checked.series.emplace(name, count);
  }
  return checked;
}

std::string FindingLines(
    const google::protobuf::RepeatedPtrField<registry::v1::Finding>& findings) {
  std::string lines;
  for (const registry::v1::Finding& finding : findings) {
    absl::StrAppend(&lines, lines.empty() ? "" : "\n",
                    SeverityZh(finding.severity()), " [", finding.rule(), "] ",
                    finding.field(), ": ", finding.reason_zh(), "；",
                    finding.remedy_zh());
  }
  return lines;
}

void SayFindings(Invocation& invocation,
                 const registry::v1::SubmitCommandResponse& response) {
  if (invocation.json() || response.findings().empty()) return;
  invocation.Say(absl::StrCat("登记机构的预检 (what the registry found):\n",
                              FindingLines(response.findings())));
}

std::vector<CommandSpec> ApplicationPrecheckCommands() {
  return {{.group = "application",
           .name = "precheck",
           .words = "FILE.csv",
           .word_count = {1, 1},
           .summary = "预检 Checks every row of a table before it is filed; "
                      "asks no server",
           .flags = {{.name = "--data",
                      .value = "DIR",
                      .help = "folder of the data files and of fields.csv",
                      .required = true},
                     {.name = "--tables",
                      .value = "DIR",
                      .help = "folder of the registry's tables (profile, "
                              "industries, regions), e.g. deploy/tables"},
                     {.name = "--on",
                      .value = "DAY",
                      .help = "as if it were filed then, for contracts that "
                              "end; else now"},
                     {.name = "--rules",
                      .value = "ID",
                      .help = "which profile in --tables",
                      .default_value = "ZJ-2023"}},
           .examples = {"dataip application precheck applications.csv --data .",
                        "dataip application precheck applications.csv --data . "
                        "--tables deploy/tables -o json"},
           .run = RunPrecheck}};
}

}  // namespace dataip::client
