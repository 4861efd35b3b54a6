#include "client/cli/filing_inputs.h"

#include <google/protobuf/util/json_util.h>
#include <unistd.h>

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "client/cli/case_labels.h"
#include "client/cli/evidence_files.h"
#include "client/cli/filing_tables.h"
#include "client/cli/form_edit.h"
#include "client/cli/input_files.h"
#include "client/cli/master_key.h"
#include "client/cli/sealing.h"
#include "client/registry_client.h"
#include "client/status.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "dataip/registry/v1/queries.pb.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

constexpr char kReferenceColumn[] = "client_reference";

absl::StatusOr<const CsvRow*> RowOf(const CsvTable& table,
                                    const std::string& reference) {
  if (reference.empty()) {
    if (table.rows.size() == 1) return &table.rows.front();
    return absl::InvalidArgumentError(absl::StrCat(
        "表中有 ", table.rows.size(),
        " 行，请用 --row 指明参考号，或用 `application import` 全部提交 (the "
        "table has several rows or none: name one by --row, or file all by "
        "`application import`)"));
  }
  for (const CsvRow& row : table.rows) {
    if (table.Cell(row, kReferenceColumn) == reference) return &row;
  }
  return absl::NotFoundError(absl::StrCat(
      "表中没有此参考号 (no row has this client_reference): ", reference));
}

absl::StatusOr<uint32_t> BasisPoints(absl::string_view text) {
  constexpr uint32_t kWhole = 10'000;
  uint32_t share = 0;
  if (absl::SimpleAtoi(text, &share) && share > 0 && share <= kWhole) {
    return share;
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "份额应为 1 至 10000 的整数，以万分之一计 (a share is 1 to 10000 basis "
      "points): ",
      text));
}

// KIND=FILE, kinds as FileCommitment has them.
absl::Status Attach(const Invocation& invocation, RegistryClient& registry,
                    Filing& filing) {
  std::vector<NamedFile> files;
  for (const std::string& text : invocation.List("--attach")) {
    ASSIGN_OR_RETURN(const Assignment file, ParseAssignment(text));
    files.push_back({file.path, file.value});
  }
  ASSIGN_OR_RETURN(const AttachedFiles attached, AttachFiles(registry, files));
  for (const v1::FileCommitment& file : attached.files) {
    *filing.form.add_attachments() = file;
  }
  filing.openings.insert(filing.openings.end(), attached.openings.begin(),
                         attached.openings.end());
  return absl::OkStatus();
}

absl::Status Seal(const Invocation& invocation, Filing& filing) {
  const auto paths = invocation.List("--seal");
  const std::string file = invocation.Text("--sealed-file");
  if (paths.empty() != file.empty()) {
    return absl::InvalidArgumentError(
        "--seal 须与 --sealed-file 一起给出：没有该文件就不能再公开和证明所封存"
        "的内容 (--seal goes with --sealed-file: without that file what is "
        "sealed can never be disclosed and proved)");
  }
  std::vector<v1::DiscloseField> sealed;
  for (const std::string& path : paths) {
    ASSIGN_OR_RETURN(v1::DiscloseField one, SealField(path, filing));
    sealed.push_back(std::move(one));
  }
  return sealed.empty()
             ? absl::OkStatus()
             : WriteSealed(file, filing.form.client_reference(), sealed);
}

}  // namespace

std::vector<FlagRule> EditFlags() {
  return {{.name = "--set",
           .value = "PATH=VALUE",
           .help = "changes one field of the form",
           .repeatable = true},
          {.name = "--attach",
           .value = "KIND=FILE",
           .help = "a further file, e.g. agreement=joint.pdf, up to 20 MiB",
           .repeatable = true},
          {.name = "--tier",
           .value = "FIELD=TIER",
           .help = "who may read a field: public, examiner or sealed; only "
                   "narrower than the profile",
           .repeatable = true},
          {.name = "--seal",
           .value = "PATH",
           .help = "files only a commitment of this text, e.g. "
                   "sources[0].method",
           .repeatable = true},
          {.name = "--sealed-file",
           .value = "FILE",
           .help = "new file of what opens the sealed values; keep it for "
                   "`application disclose`"}};
}

std::vector<FlagRule> RowFlags() {
  return {{.name = "--data",
           .value = "DIR",
           .help = "folder of the data files and of fields.csv"},
          {.name = "--row",
           .value = "REFERENCE",
           .help = "which row of the table, when it has several"},
          {.name = "--co-applicant",
           .value = "NUMBER|USCC[=BP]",
           .help = "a further applicant, with its share in basis points",
           .repeatable = true},
          {.name = "--share",
           .value = "BP",
           .help = "the primary applicant's share; all shares together are "
                   "10000, or nobody has one"},
          MasterKeyFlag()};
}

FlagRule PrincipalFlag() {
  return {.name = "--for",
          .value = "NUMBER|USCC",
          .help =
              "the applicant for whom an agent files; it holds a power "
              "with the act file"};
}

absl::StatusOr<std::string> PrincipalOf(const Invocation& invocation,
                                        RegistryClient& registry,
                                        const std::string& actor) {
  if (!invocation.Has("--for")) return actor;
  ASSIGN_OR_RETURN(const auto found,
                   registry.GetParty(invocation.Text("--for")));
  return found.party().party_number();
}

absl::StatusOr<Filing> FilingOfRow(Invocation& invocation,
                                   RegistryClient& registry,
                                   const std::string& principal) {
  const std::string data_dir = invocation.Text("--data");
  if (data_dir.empty()) {
    return absl::InvalidArgumentError(
        "请用 --data 指明数据文件与 fields.csv 所在的目录 (name the folder of "
        "the data files and of fields.csv by --data)");
  }
  ASSIGN_OR_RETURN(const CsvTable table,
                   ReadFilingTable(invocation, invocation.words().front()));
  ASSIGN_OR_RETURN(const CsvRow* const row,
                   RowOf(table, invocation.Text("--row")));
  ASSIGN_OR_RETURN(const FieldTables fields,
                   ReadFieldTables(absl::StrCat(data_dir, "/fields.csv")));
  ASSIGN_OR_RETURN(const MasterKey master_key,
                   ReadMasterKeyOf(invocation, MissingKey::kMake));
  FilingResult made = MakeFiling(table, *row,
                                 {.party_number = principal,
                                  .data_dir = data_dir,
                                  .master_key = master_key,
                                  .fields = &fields});
  if (!made.violations.empty()) return RowRefused(made.violations);
  RETURN_IF_ERROR(SetApplicants(invocation, registry, made.filing.form));
  return std::move(made.filing);
}

absl::Status SetApplicants(const Invocation& invocation,
                           RegistryClient& registry,
                           v1::ApplicationForm& form) {
  const auto others = invocation.List("--co-applicant");
  if (others.empty() && !invocation.Has("--share")) return absl::OkStatus();
  auto& applicants = *form.mutable_applicants();
  applicants.erase(
      std::remove_if(applicants.begin(), applicants.end(),
                     [](const auto& one) { return !one.primary(); }),
      applicants.end());
  if (invocation.Has("--share") && !applicants.empty()) {
    ASSIGN_OR_RETURN(const uint32_t share,
                     BasisPoints(invocation.Text("--share")));
    applicants.begin()->set_share_bp(share);
  }
  for (const std::string& text : others) {
    const size_t equals = text.find('=');
    ASSIGN_OR_RETURN(const auto party,
                     registry.GetParty(text.substr(0, equals)));
    v1::Applicant& added = *applicants.Add();
    added.set_party_number(party.party().party_number());
    if (equals == std::string::npos) continue;
    ASSIGN_OR_RETURN(const uint32_t share,
                     BasisPoints(text.substr(equals + 1)));
    added.set_share_bp(share);
  }
  return absl::OkStatus();
}

absl::StatusOr<CorrectedRow> FilingFrom(const Invocation& invocation,
                                        const Correcting& before,
                                        const std::string& csv) {
  CorrectedRow corrected;
  v1::ApplicationForm& form = corrected.filing.form;
  form = before.application.form();
  if (!csv.empty()) {
    return CorrectFromRow(
        {csv, invocation.Text("--data"), MasterKeyPath(invocation)}, before);
  }
  if (!invocation.Has("--form")) return corrected;
  const std::string path = invocation.Text("--form");
  ASSIGN_OR_RETURN(const std::string json,
                   ReadInputFile(path, limits::kCommandFileBytes));
  form.Clear();
  const auto parsed = google::protobuf::util::JsonStringToMessage(json, &form);
  if (parsed.ok()) return corrected;
  return absl::InvalidArgumentError(
      absl::StrCat(path, ": 不是登记表 (not an application form): ",
                   parsed.message().as_string()));
}

absl::Status ApplyEdits(const Invocation& invocation, RegistryClient& registry,
                        Filing& filing) {
  for (const std::string& text : invocation.List("--set")) {
    ASSIGN_OR_RETURN(const Assignment assignment, ParseAssignment(text));
    RETURN_IF_ERROR(SetField(filing.form, assignment.path, assignment.value));
  }
  for (const std::string& text : invocation.List("--tier")) {
    ASSIGN_OR_RETURN(const Assignment tier, ParseAssignment(text));
    ASSIGN_OR_RETURN(const v1::DisclosureTier named,
                     ParseDisclosureTier(tier.value));
    SetTier(tier.path, named, filing.form);
  }
  RETURN_IF_ERROR(Attach(invocation, registry, filing));
  return Seal(invocation, filing);
}

void ForgetSealed(const Invocation& invocation, const absl::Status& refused) {
  const std::string file = invocation.Text("--sealed-file");
  if (file.empty() || !ErrorDetailOf(refused).has_value() ||
      absl::IsUnavailable(refused)) {
    return;
  }
  ::unlink(file.c_str());
}

absl::Status UploadAll(RegistryClient& registry, const Filing& filing) {
  for (const FileToUpload& upload : filing.uploads) {
    RETURN_IF_ERROR(registry.Upload(hash::AsBytes(upload.bytes)).status());
  }
  return absl::OkStatus();
}

}  // namespace dataip::client
