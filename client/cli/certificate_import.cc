// `dataip certificate import`: certificates of older systems, a row each.
//
// Numbers of the older system are aliases here, so a second run knows every
// row that was taken over by its first number and leaves it out; a row that is
// sent twice all the same is refused by the registry.
#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "client/cli/certificate_words.h"
#include "client/cli/commands.h"
#include "client/cli/decision.h"
#include "client/cli/evidence_files.h"
#include "client/cli/input_files.h"
#include "client/filing/csv_file.h"
#include "client/filing/row_reader.h"
#include "client/in_flight.h"
#include "client/registry_client.h"
#include "core/base/status_macros.h"
#include "core/base/text.h"
#include "dataip/registry/v1/registry_service.pb.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

constexpr char kRecordFile[] = "record_file";

// Columns that must be there, and others that may.
constexpr const char* kNeeded[] = {
    "legacy_numbers", "name",     "holders",      "industry_code",
    "region_code",    "sources",  "record_count", "update_frequency",
    "valid_from",     "valid_to", "status"};
constexpr const char* kOptional[] = {"row",       "byte_size",    "system",
                                     "issued_by", "extracted_on", kRecordFile};

// A row that is ready to be taken over.
struct ImportRow {
  uint64_t line = 0;
  v1::ImportCertificate body;
  std::string record_file;
  std::vector<v1::Opening> openings;
};

absl::Status CheckColumns(Invocation& invocation, const CsvTable& table) {
  std::vector<std::string> missing;
  std::set<std::string> known(std::begin(kOptional), std::end(kOptional));
  for (const char* name : kNeeded) {
    known.insert(name);
    if (!table.HasColumn(name)) missing.push_back(name);
  }
  std::set<std::string> seen;
  for (const std::string& column : table.columns) {
    if (!seen.insert(column).second) missing.push_back(column);
    if (known.count(column) != 0) continue;
    invocation.Say(
        absl::StrCat("不认识的列，不读取 (unknown column, ignored): ", column));
  }
  if (missing.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "表头缺少这些列，或列名重复，请更正 (columns that are missing "
      "or stand twice): ",
      absl::StrJoin(missing, ", ")));
}

// The cell, or what a flag says of the whole table.
std::string CellOr(const RowReader& row, absl::string_view column,
                   const std::string& otherwise) {
  const std::string cell = row.Text(column);
  return cell.empty() ? otherwise : cell;
}

v1::Provenance ProvenanceOf(const Invocation& invocation, RowReader& row) {
  v1::Provenance from;
  from.set_system(CellOr(row, "system", invocation.Text("--system")));
  from.set_issued_by(CellOr(row, "issued_by", invocation.Text("--issued-by")));
  const std::string day = row.Date("extracted_on");
  from.set_extracted_on(day.empty() ? invocation.Text("--extracted-on") : day);
  for (const std::string& number : row.List("legacy_numbers")) {
    from.add_legacy_numbers(number);
  }
  if (from.legacy_numbers().empty()) {
    row.Bad("legacy_numbers", "请填写原证书编号，多个以分号分隔，证书编号在先",
            "give the numbers there, separated by ';', the certificate's "
            "first");
  }
  return from;
}

std::string RecordFileOf(const Invocation& invocation, RowReader& row) {
  if (invocation.Has("--record")) return invocation.Text("--record");
  const std::string name = row.Text(kRecordFile);
  const std::vector<absl::string_view> parts = absl::StrSplit(name, '/');
  const bool leaves =
      std::find(parts.begin(), parts.end(), "..") != parts.end();
  if (name.empty() || absl::StartsWith(name, "/") || leaves) {
    row.Bad(kRecordFile, "请填写原记录文件，相对于 --records 目录的路径",
            "give the record's file, a path relative to --records");
  }
  return absl::StrCat(invocation.Text("--records"), "/", name);
}

void ReadHolders(RegistryClient& registry, RowReader& row,
                 v1::ImportCertificate& body) {
  for (const std::string& text : row.List("holders")) {
    const auto holder = ParseHolder(registry, text);
    if (holder.ok()) {
      *body.add_holders() = *holder;
    } else {
      row.Bad("holders",
              absl::StrCat("“", text, "”不是已登记的主体，请先登记或核对编号"),
              absl::StrCat("'", text, "' is no registered party: ",
                           holder.status().message()));
    }
  }
}

// How it stands there. An encumbrance is no state of the protocol, so what to
// do with any other word is said here.
v1::CertificateState StateOf(RowReader& row) {
  const std::string status = base::UpperAscii(row.Text("status"));
  if (status == "VALID" || status == "有效") return v1::VALID;
  if (status == "EXPIRED" || status == "已到期" || status == "到期失效") {
    return v1::EXPIRED;
  }
  row.Bad("status",
          "只导入原系统中有效(VALID)或到期失效(EXPIRED)的证书；已注销、已撤销、"
          "质押或冻结中的，请先在原系统办结，或从表中删去此行",
          "only certificates that are VALID or EXPIRED there are taken over; "
          "settle one that was cancelled, revoked, pledged or frozen in the "
          "older system first, or take the row out");
  return v1::CERTIFICATE_STATE_UNSPECIFIED;
}

// The registry would refuse it; here it is said with the row.
void CheckTerm(RowReader& row, const v1::ImportCertificate& body) {
  const v1::Provenance& from = body.provenance();
  if (body.valid_to().empty() || from.extracted_on().empty()) return;
  const bool over = body.valid_to() < from.extracted_on();
  if (from.state() == v1::EXPIRED && !over) {
    row.Bad("status", "取自原系统之日有效期未满，而状态为 EXPIRED，请核对两者",
            "it is EXPIRED, and its term was not over when it was taken from "
            "there; check both");
  } else if (from.state() == v1::VALID && over) {
    row.Bad("status", "取自原系统之日有效期已满，而状态为 VALID，请核对两者",
            "it is VALID, and its term was over when it was taken from there; "
            "check both");
  }
}

ImportRow RowOf(const Invocation& invocation, RegistryClient& registry,
                RowReader& row) {
  ImportRow made;
  v1::ImportCertificate& body = made.body;
  *body.mutable_provenance() = ProvenanceOf(invocation, row);
  body.set_name(row.Text("name"));
  ReadHolders(registry, row, body);
  body.set_industry_code(row.Text("industry_code"));
  body.set_region_code(row.Text("region_code"));
  std::set<int> sources;
  for (const std::string& word : row.List("sources")) {
    sources.insert(row.Word<v1::SourceCategory>("sources", word));
  }
  for (const int source : sources) {
    body.add_sources(static_cast<v1::SourceCategory>(source));
  }
  body.set_record_count(row.Number("record_count"));
  body.set_byte_size(row.Number("byte_size"));
  body.set_update_frequency(row.Word<v1::UpdateFrequency>(
      "update_frequency", row.Text("update_frequency")));
  body.set_valid_from(row.Date("valid_from"));
  body.set_valid_to(row.Date("valid_to"));
  body.mutable_provenance()->set_state(StateOf(row));
  CheckTerm(row, body);
  made.record_file = RecordFileOf(invocation, row);
  return made;
}

absl::Status StatusOf(const Violations& violations) {
  std::vector<std::string> zh;
  std::vector<std::string> en;
  for (const rpc::v1::FieldViolation& one : violations) {
    zh.push_back(absl::StrCat(one.field(), "：", one.message_zh()));
    en.push_back(absl::StrCat(one.field(), ": ", one.message_en()));
  }
  return absl::InvalidArgumentError(absl::StrCat(absl::StrJoin(zh, "；"), " (",
                                                 absl::StrJoin(en, "; "), ")"));
}

// The rows that can be sent, and how many cannot.
struct ImportTable {
  std::vector<ImportRow> rows;
  size_t rejected = 0;
};

ImportTable ReadRows(Invocation& invocation, RegistryClient& registry,
                     const CsvTable& table) {
  ImportTable read;
  std::set<std::string> numbers;
  for (const CsvRow& row : table.rows) {
    Violations violations;
    RowReader reader(table, row, violations);
    ImportRow made;
    if (row.flaw.empty()) {
      made = RowOf(invocation, registry, reader);
    } else {
      reader.Bad("", row.flaw, row.flaw);
    }
    made.line = row.line;
    const auto& legacy = made.body.provenance().legacy_numbers();
    if (!legacy.empty() && !numbers.insert(legacy[0]).second) {
      reader.Bad("legacy_numbers", "与前面一行的原编号相同，请核对",
                 "a row before has the same number; check them");
    }
    if (violations.empty()) {
      read.rows.push_back(std::move(made));
    } else {
      const std::string line = absl::StrCat(row.line);
      invocation.Report(invocation.json()
                            ? line
                            : absl::StrCat("第 ", line, " 行/line ", line),
                        StatusOf(violations));
      ++read.rejected;
    }
  }
  return read;
}

// That an import brought the number along: a number of this registry's own is
// left to Decide, which refuses it.
absl::Status IsImported(RegistryClient& registry, const std::string& number) {
  ASSIGN_OR_RETURN(const v1::GetCertificateResponse found,
                   registry.GetCertificate(number));
  const auto& legacy = found.certificate().content().legacy_numbers();
  return std::find(legacy.begin(), legacy.end(), number) != legacy.end()
             ? absl::OkStatus()
             : absl::NotFoundError("not imported");
}

// Leaves out what an earlier run took over.
absl::Status LeaveOutKnown(Invocation& invocation, RegistryClient& registry,
                           std::vector<ImportRow>& rows) {
  std::vector<absl::Status> asked(rows.size());
  ForEachInFlight(rows.size(), kCommandsInFlight, [&](size_t i) {
    asked[i] =
        IsImported(registry, rows[i].body.provenance().legacy_numbers(0));
    return asked[i].ok() || absl::IsNotFound(asked[i]);
  });
  std::vector<ImportRow> left;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (asked[i].ok()) {
      invocation.Say(
          absl::StrCat("此前已导入，略过 (imported before, left out): ",
                       rows[i].body.provenance().legacy_numbers(0)));
    } else if (absl::IsNotFound(asked[i])) {
      left.push_back(std::move(rows[i]));
    } else {
      return asked[i];
    }
  }
  rows = std::move(left);
  return absl::OkStatus();
}

// A file that several rows name goes once.
absl::Status AttachRecords(RegistryClient& registry,
                           std::vector<ImportRow>& rows) {
  std::map<std::string, AttachedFiles> attached;
  for (ImportRow& row : rows) {
    auto found = attached.find(row.record_file);
    if (found == attached.end()) {
      ASSIGN_OR_RETURN(AttachedFiles files,
                       AttachFiles(registry, "record", {row.record_file}));
      found = attached.emplace(row.record_file, std::move(files)).first;
    }
    *row.body.mutable_provenance()->mutable_record() =
        found->second.files.front();
    row.openings = found->second.openings;
  }
  return absl::OkStatus();
}

absl::StatusOr<int> Send(Invocation& invocation,
                         const std::vector<ImportRow>& rows) {
  std::map<std::string, const ImportRow*> by_number;
  std::vector<std::string> numbers;
  for (const ImportRow& row : rows) {
    numbers.push_back(row.body.provenance().legacy_numbers(0));
    by_number[numbers.back()] = &row;
  }
  Act act{NoVersion(), [&](const std::string& number, v1::Command& command) {
            *command.mutable_import_certificate() = by_number.at(number)->body;
          }};
  act.openings_of = [&](const std::string& number) {
    return by_number.at(number)->openings;
  };
  return ActByTwoOfficers(invocation, act, numbers);
}

absl::StatusOr<int> RunImport(Invocation& invocation) {
  if (invocation.Has("--record") == invocation.Has("--records")) {
    return absl::InvalidArgumentError(
        "--record 与 --records 须给出其一 (name --record FILE for all rows, or "
        "--records DIR with the column record_file)");
  }
  ASSIGN_OR_RETURN(const CsvTable table,
                   AsUsage(ReadCsvFile(invocation.words().front())));
  RETURN_IF_ERROR(CheckColumns(invocation, table));
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  ImportTable read = ReadRows(invocation, *registry, table);
  const size_t readable = read.rows.size();
  RETURN_IF_ERROR(LeaveOutKnown(invocation, *registry, read.rows));
  int code = kExitOk;
  if (read.rows.empty()) {
    if (invocation.json()) invocation.PrintList({}, {});
  } else {
    RETURN_IF_ERROR(AttachRecords(*registry, read.rows));
    ASSIGN_OR_RETURN(code, Send(invocation, read.rows));
  }
  // Those of an earlier run are good, too.
  const bool some_good = code == kExitOk || readable > read.rows.size();
  const bool some_bad = code != kExitOk || read.rejected > 0;
  if (code == kExitNoServer || !some_good || !some_bad) return code;
  return kExitSomeRejected;
}

}  // namespace

std::vector<CommandSpec> CertificateImportCommands() {
  return {{.group = "certificate",
           .name = "import",
           .words = "FILE.csv",
           .word_count = {1, 1},
           .summary =
               "导入旧证 Takes over certificates of an older system; two "
               "officers sign; what is there already is left out",
           .flags = {{.name = "--record",
                      .value = "FILE",
                      .help = "the record of all rows as found there, e.g. its "
                              "export; uploaded"},
                     {.name = "--records",
                      .value = "DIR",
                      .help = "or a folder, with the column record_file"},
                     {.name = "--system",
                      .value = "TEXT",
                      .help = "the older system, where no column says"},
                     {.name = "--issued-by",
                      .value = "TEXT",
                      .help = "the authority that issued them, the same way"},
                     {.name = "--extracted-on",
                      .value = "DAY",
                      .help = "when they were taken from there, the same way"},
                     HalfSignedFlag()},
           .examples = {"dataip certificate import old.csv --record export.xml "
                        "--system 浙江省数据知识产权登记平台 --issued-by "
                        "浙江省市场监督管理局 --extracted-on 2026-10-01 --key "
                        "examiner.pem --key approver.pem"},
           .run = RunImport}};
}

}  // namespace dataip::client
