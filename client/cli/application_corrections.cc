#include "client/cli/application_corrections.h"

#include <memory>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/filing_inputs.h"
#include "client/cli/filing_tables.h"
#include "client/cli/input_files.h"
#include "client/cli/master_key.h"
#include "client/cli/rejected_rows.h"
#include "client/cli/row_corrections.h"
#include "client/registry_client.h"
#include "core/base/status_macros.h"

namespace dataip::client {
namespace {

constexpr size_t kNameColumns = 18;

struct ResultWords {
  CorrectionResult result;
  absl::string_view zh;
  absl::string_view name;
};
constexpr ResultWords kResults[] = {
    {CorrectionResult::kCorrected, "已补正", "CORRECTED"},
    {CorrectionResult::kAlreadyCorrected, "此前已补正", "ALREADY_CORRECTED"},
    {CorrectionResult::kValid, "校验通过", "VALID"},
    {CorrectionResult::kNotOpen, "无须补正", "NOT_OPEN"},
    {CorrectionResult::kRejected, "退回", "REJECTED"},
    {CorrectionResult::kNotReached, "未处理", "NOT_REACHED"}};

const ResultWords& WordsOf(CorrectionResult result) {
  for (const ResultWords& words : kResults) {
    if (words.result == result) return words;
  }
  return kResults[std::size(kResults) - 1];
}

std::string TextsJson(const std::set<std::string>& texts) {
  std::vector<std::string> items;
  for (const std::string& text : texts) items.push_back(JsonString(text));
  return JsonArray(items);
}

std::string RowJson(const CorrectionOutcome& row) {
  return absl::StrCat(
      "{\"line\": ", row.line,
      ", \"client_reference\": ", JsonString(row.client_reference),
      ", \"application_no\": ", JsonString(row.application_no),
      ", \"name\": ", JsonString(row.name),
      ", \"changed_fields\": ", TextsJson(row.changed),
      ", \"unchanged_defects\": ", TextsJson(row.unchanged_defects),
      ", \"result\": ", JsonString(WordsOf(row.result).name),
      ", \"field_violations\": ", ViolationsJson(row.violations), "}");
}

std::string ReportJson(const CorrectionsReport& report) {
  std::string counts;
  for (const ResultWords& words : kResults) {
    absl::StrAppend(&counts, ", ",
                    JsonString(absl::AsciiStrToLower(words.name)), ": ",
                    report.Count(words.result));
  }
  std::vector<std::string> rows;
  for (const CorrectionOutcome& row : report.rows) rows.push_back(RowJson(row));
  std::set<std::string> rest;
  for (const auto& one : report.without_row) rest.insert(one.application_no());
  return absl::StrCat("{\"rows\": ", report.rows.size(), counts,
                      ", \"without_row\": ", TextsJson(rest),
                      ", \"outcomes\": ", JsonArray(rows), "}\n");
}

// A line for each defect; the row's own cells stand in its first.
void AppendRow(const CorrectionOutcome& row, Table& table) {
  std::vector<std::string> reasons = ReasonsOf(row.violations);
  if (!row.unchanged_defects.empty()) {
    reasons.push_back(
        absl::StrCat("警告：补正通知指出而没有改动 (named by a defect, not "
                     "changed): ",
                     absl::StrJoin(row.unchanged_defects, ", ")));
  }
  table.rows.push_back(
      {absl::StrCat(row.line), row.client_reference, row.application_no,
       ShortText(row.name, kNameColumns), absl::StrJoin(row.changed, ", "),
       std::string(WordsOf(row.result).zh), reasons.empty() ? "" : reasons[0]});
  for (size_t i = 1; i < reasons.size(); ++i) {
    table.rows.push_back({"", "", "", "", "", "", reasons[i]});
  }
}

void SayCounts(Invocation& invocation, const CorrectionsReport& report) {
  std::vector<std::string> zh;
  std::vector<std::string> en;
  for (const ResultWords& words : kResults) {
    const size_t count = report.Count(words.result);
    if (count == 0) continue;
    zh.push_back(absl::StrCat(words.zh, " ", count));
    en.push_back(absl::StrCat(count, " ", words.name));
  }
  invocation.Say(
      absl::StrCat(absl::StrJoin(zh, "，"), " / ", absl::StrJoin(en, ", ")));
}

void SayWhatIsLeft(Invocation& invocation, const CorrectionsReport& report) {
  if (!report.without_row.empty()) {
    const std::string numbers = absl::StrJoin(
        report.without_row, ", ", [](std::string* out, const auto& one) {
          absl::StrAppend(out, one.application_no());
        });
    invocation.Say(absl::StrCat(
        "另有 ", report.without_row.size(),
        " 件待补正的申请不在表中 (waiting for a correction, but in no row): ",
        numbers));
  }
  if (report.unused_reasons.empty() || !report.ended.ok()) return;
  invocation.Say(
      absl::StrCat("没有一行用到的理由 (reasons that no row needed): ",
                   absl::StrJoin(report.unused_reasons, ", ")));
}

void PrintReport(Invocation& invocation, const CorrectionsReport& report) {
  if (invocation.json()) {
    invocation.Print(ReportJson(report));
    return;
  }
  Table table{
      {"行", "编号", "申请号", "名称", "改动的字段", "结果", "原因与处理"}, {}};
  for (const CorrectionOutcome& row : report.rows) AppendRow(row, table);
  invocation.Print(FormatTable(table));
}

// The rows that came back, with what was said of them; empty without any.
std::string RejectedText(const CsvTable& table,
                         const CorrectionsReport& report) {
  std::vector<RejectedRow> rejected;
  for (size_t i = 0; i < report.rows.size(); ++i) {
    if (report.rows[i].result != CorrectionResult::kRejected) continue;
    rejected.push_back({i, &report.rows[i].violations});
  }
  return rejected.empty() ? "" : RejectedCsv(table, rejected);
}

// Everything the rows need, read from flags, files and the registry.
struct Prepared {
  CsvTable table;
  FieldTables fields;
  CorrectionsRequest request;
  std::unique_ptr<ImportJournal> journal;
};

absl::StatusOr<std::unique_ptr<Prepared>> Prepare(
    Invocation& invocation, const ChangeReasons& reasons) {
  const std::string& csv = invocation.words().front();
  const std::string data_dir = invocation.Text("--data");
  ASSIGN_OR_RETURN(CsvTable table, ReadFilingTable(invocation, csv));
  ASSIGN_OR_RETURN(FieldTables fields,
                   ReadFieldTables(absl::StrCat(data_dir, "/fields.csv")));
  ASSIGN_OR_RETURN(const auto keys, invocation.Keys(1, 1));
  ASSIGN_OR_RETURN(const auto* info, invocation.RegistryInfo());
  ASSIGN_OR_RETURN(const std::string actor,
                   invocation.ActorOf(keys[0].public_key()));
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  ASSIGN_OR_RETURN(const std::string principal,
                   PrincipalOf(invocation, *registry, actor));
  ASSIGN_OR_RETURN(const MasterKey master_key,
                   ReadMasterKeyOf(invocation, MissingKey::kRefuse));
  auto prepared = std::make_unique<Prepared>(
      Prepared{.table = std::move(table),
               .fields = std::move(fields),
               .request = {.table = nullptr,
                           .context = {.party_number = principal,
                                       .data_dir = data_dir,
                                       .master_key = master_key,
                                       .fields = nullptr},
                           .origin = info->origin(),
                           .now = info->now(),
                           .key = keys[0],
                           .actor = actor,
                           .reasons = reasons,
                           .journal = nullptr,
                           .submit =
                               [&invocation](const auto& submit) {
                                 return invocation.Send(submit);
                               },
                           .receipts_dir = csv + ".receipts"},
               .journal = nullptr});
  prepared->request.table = &prepared->table;
  prepared->request.context.fields = &prepared->fields;
  if (invocation.Switch("--dry-run")) return prepared;
  RETURN_IF_ERROR(MakeOutputFolder(prepared->request.receipts_dir));
  ASSIGN_OR_RETURN(prepared->journal,
                   ImportJournal::Open(csv + ".corrections.journal",
                                       {info->origin(), principal}));
  prepared->request.journal = prepared->journal.get();
  return prepared;
}

}  // namespace

absl::StatusOr<int> CorrectMany(Invocation& invocation,
                                const ChangeReasons& reasons) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Prepared> prepared,
                   Prepare(invocation, reasons));
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  CorrectionsReport report;
  {
    Progress progress("补正 correct", prepared->table.rows.size());
    ASSIGN_OR_RETURN(report, CorrectTable(prepared->request, *registry,
                                          [&progress] { progress.Step(); }));
  }
  const std::string rejected =
      WithoutCsv(invocation.words().front()) + ".uncorrected.csv";
  const bool dry_run = invocation.Switch("--dry-run");
  if (!dry_run) {
    RETURN_IF_ERROR(
        WriteRejected(rejected, RejectedText(prepared->table, report)));
  }
  PrintReport(invocation, report);
  SayCounts(invocation, report);
  SayWhatIsLeft(invocation, report);
  RETURN_IF_ERROR(report.ended);
  const size_t count = report.Count(CorrectionResult::kRejected);
  if (count == 0) return kExitOk;
  if (!dry_run) {
    invocation.Say(absl::StrCat("退回 ", count,
                                " 行，详见 rejected rows are in ", rejected));
  }
  return kExitSomeRejected;
}

}  // namespace dataip::client
