// `dataip application import`: a filing table with its data files.
#include "absl/strings/str_cat.h"
#include "client/cli/commands.h"
#include "client/cli/filing_inputs.h"
#include "client/cli/filing_tables.h"
#include "client/cli/input_files.h"
#include "client/cli/master_key.h"
#include "client/cli/rejected_rows.h"
#include "client/import.h"
#include "client/registry_client.h"
#include "core/base/status_macros.h"
#include "dataip/registry/v1/registry_service.pb.h"

namespace dataip::client {
namespace {

absl::string_view ResultZh(RowResult result) {
  switch (result) {
    case RowResult::kFiled:
      return "已受理";
    case RowResult::kAlreadyFiled:
      return "此前已受理";
    case RowResult::kValid:
      return "校验通过";
    case RowResult::kRejected:
      return "退回";
    case RowResult::kNotReached:
      return "未处理";
  }
  return "";
}

absl::string_view ResultName(RowResult result) {
  switch (result) {
    case RowResult::kFiled:
      return "FILED";
    case RowResult::kAlreadyFiled:
      return "ALREADY_FILED";
    case RowResult::kValid:
      return "VALID";
    case RowResult::kRejected:
      return "REJECTED";
    case RowResult::kNotReached:
      return "NOT_REACHED";
  }
  return "";
}

std::string RowJson(const RowOutcome& row) {
  return absl::StrCat(
      "{\"line\": ", row.line,
      ", \"client_reference\": ", JsonString(row.client_reference),
      ", \"result\": ", JsonString(ResultName(row.result)),
      ", \"application_no\": ", JsonString(row.application_no),
      ", \"field_violations\": ", ViolationsJson(row.violations), "}");
}

// A line for each defect; the row's own cells stand in its first.
void AppendRow(const RowOutcome& row, Table& table) {
  const std::vector<std::string> reasons = ReasonsOf(row.violations);
  table.rows.push_back({absl::StrCat(row.line), row.client_reference,
                        std::string(ResultZh(row.result)), row.application_no,
                        reasons.empty() ? "" : reasons[0]});
  for (size_t i = 1; i < reasons.size(); ++i) {
    table.rows.push_back({"", "", "", "", reasons[i]});
  }
}

void SayCounts(Invocation& invocation, const ImportReport& report) {
  std::string zh;
  std::string en;
  for (const RowResult result :
       {RowResult::kFiled, RowResult::kAlreadyFiled, RowResult::kRejected,
        RowResult::kValid, RowResult::kNotReached}) {
    const size_t count = report.Count(result);
    if (count == 0 && result == RowResult::kNotReached) continue;
    absl::StrAppend(&zh, zh.empty() ? "" : "，", ResultZh(result), " ", count);
    absl::StrAppend(&en, en.empty() ? "" : ", ", count, " ",
                    ResultName(result));
  }
  invocation.Say(absl::StrCat(zh, " / ", en));
}

void PrintReport(Invocation& invocation, const ImportReport& report) {
  if (invocation.json()) {
    std::vector<std::string> rows;
    for (const RowOutcome& row : report.rows) rows.push_back(RowJson(row));
    invocation.Print(absl::StrCat(
        "{\"rows\": ", report.rows.size(),
        ", \"filed\": ", report.Count(RowResult::kFiled),
        ", \"already_filed\": ", report.Count(RowResult::kAlreadyFiled),
        ", \"valid\": ", report.Count(RowResult::kValid),
        ", \"rejected\": ", report.Count(RowResult::kRejected),
        ", \"not_reached\": ", report.Count(RowResult::kNotReached),
        ", \"outcomes\": ", JsonArray(rows), "}\n"));
    return;
  }
  Table table{{"行", "编号", "结果", "申请号", "原因与处理"}, {}};
  for (const RowOutcome& row : report.rows) AppendRow(row, table);
  invocation.Print(FormatTable(table));
}

// Everything the rows need, read from flags, files and the registry.
struct Prepared {
  CsvTable table;
  FieldTables fields;
  ImportRequest request;
  std::unique_ptr<ImportJournal> journal;
};

absl::StatusOr<std::unique_ptr<Prepared>> Prepare(Invocation& invocation) {
  const std::string& csv = invocation.words()[0];
  const std::string data_dir = invocation.Text("--data");
  const bool dry_run = invocation.Switch("--dry-run");
  ASSIGN_OR_RETURN(CsvTable table, ReadFilingTable(invocation, csv));
  ASSIGN_OR_RETURN(FieldTables fields,
                   ReadFieldTables(absl::StrCat(data_dir, "/fields.csv")));
  ASSIGN_OR_RETURN(const std::vector<crypto::PrivateKey> keys,
                   invocation.Keys(1, 1));
  ASSIGN_OR_RETURN(const auto* info, invocation.RegistryInfo());
  ASSIGN_OR_RETURN(const std::string actor,
                   invocation.ActorOf(keys[0].public_key()));
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  ASSIGN_OR_RETURN(const std::string principal,
                   PrincipalOf(invocation, *registry, actor));
  ASSIGN_OR_RETURN(const MasterKey master_key,
                   ReadMasterKeyOf(invocation, dry_run ? MissingKey::kPretend
                                                       : MissingKey::kMake));
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
                           .agent = actor == principal ? "" : actor,
                           .journal = nullptr,
                           .submit =
                               [&invocation](const auto& submit) {
                                 return invocation.Send(submit);
                               },
                           .receipts_dir = csv + ".receipts"},
               .journal = nullptr});
  prepared->request.table = &prepared->table;
  prepared->request.context.fields = &prepared->fields;
  if (invocation.Switch("--in-order")) prepared->request.in_flight = 1;
  if (!dry_run) {
    RETURN_IF_ERROR(MakeOutputFolder(prepared->request.receipts_dir));
    ASSIGN_OR_RETURN(
        prepared->journal,
        ImportJournal::Open(csv + ".journal", {info->origin(), principal}));
    prepared->request.journal = prepared->journal.get();
  }
  return prepared;
}

absl::StatusOr<int> RunImport(Invocation& invocation) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Prepared> prepared,
                   Prepare(invocation));
  ASSIGN_OR_RETURN(RegistryClient * registry, invocation.Registry());
  ImportReport report;
  {
    Progress progress("导入 import", prepared->table.rows.size());
    ASSIGN_OR_RETURN(report, ImportTable(prepared->request, *registry,
                                         [&progress] { progress.Step(); }));
  }
  const std::string rejected_path =
      WithoutCsv(invocation.words()[0]) + ".rejected.csv";
  if (!invocation.Switch("--dry-run")) {
    RETURN_IF_ERROR(
        WriteRejected(rejected_path, RejectedCsv(prepared->table, report)));
  }
  PrintReport(invocation, report);
  SayCounts(invocation, report);
  RETURN_IF_ERROR(report.ended);
  if (report.Count(RowResult::kRejected) == 0) return kExitOk;
  if (!invocation.Switch("--dry-run")) {
    invocation.Say(absl::StrCat("退回 ", report.Count(RowResult::kRejected),
                                " 行，详见 rejected rows are in ",
                                rejected_path));
  }
  return kExitSomeRejected;
}

}  // namespace

std::vector<CommandSpec> ApplicationImportCommands() {
  return {
      {.group = "application",
       .name = "import",
       .words = "FILE.csv",
       .word_count = {1, 1},
       .summary = "批量申请 Files every row of a table as an application",
       .flags = {{.name = "--data",
                  .value = "DIR",
                  .help = "folder of the data files and of fields.csv; every "
                          "column of both tables: docs/FILING.md",
                  .required = true},
                 {.name = "--dry-run",
                  .value = "",
                  .help = "only say what each row's answer would be"},
                 {.name = "--in-order",
                  .help = "one row after the other, so that the application "
                          "numbers follow the rows; slower"},
                 PrincipalFlag(),
                 MasterKeyFlag()},
       .examples =
           {"dataip application import applications.csv --data . "
            "--key keys/enterprise.pem",
            "dataip application import applications.csv --data . --dry-run "
            "-o json"},
       .run = RunImport}};
}

}  // namespace dataip::client
