#include "client/filing/filing.h"

#include <optional>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "client/export/regular_file.h"
#include "client/filing/row_reader.h"
#include "client/filing/sample.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "core/base/text.h"
#include "core/crypto/command_signature.h"
#include "core/crypto/random.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

constexpr absl::string_view kCommitmentText =
    "本申请人承诺：所提交的申请材料真实、准确、完整；数据来源合法，处理过程合规"
    "；"
    "登记内容不侵犯他人个人信息权益、隐私权和知识产权；如有不实，自愿承担相应法"
    "律"
    "责任。";

std::string PathUnder(const std::string& dir, absl::string_view relative) {
  return absl::StrCat(dir, "/", relative);
}

// Relative, and never out of the directory.
bool IsInside(absl::string_view relative) {
  if (relative.empty() || absl::StartsWith(relative, "/")) return false;
  for (absl::string_view part : absl::StrSplit(relative, '/')) {
    if (part == "..") return false;
  }
  return true;
}

struct NewFile {
  absl::string_view kind;
  absl::string_view media_type;
  std::string bytes;
};

v1::FileCommitment CommitFile(NewFile file, Filing& filing) {
  const hash::Hash digest = hash::Sha256(hash::AsBytes(file.bytes));
  v1::FileCommitment out;
  out.set_kind(std::string(file.kind));
  out.set_media_type(std::string(file.media_type));
  out.set_byte_size(file.bytes.size());
  const std::string_view text = digest.text();
  *out.mutable_sha256() =
      Commit(absl::string_view(text.data(), text.size()), filing.openings);
  filing.uploads.push_back({digest, std::move(file.bytes)});
  return out;
}

void ReadScene(RowReader& row, v1::ApplicationForm& form) {
  form.set_client_reference(row.Text("client_reference"));
  form.set_name(row.Text("name"));
  form.set_object_kind(v1::DATA_SET);
  form.set_industry_code(row.Text("industry_code"));
  form.set_scenario_industry_code(row.Text("scenario_industry_code"));
  form.set_region_code(row.Text("region_code"));
  v1::Scenario& scenario = *form.mutable_scenario();
  scenario.set_conditions(row.Text("scenario_conditions"));
  scenario.set_scope(row.Text("scenario_scope"));
  scenario.set_object(row.Text("scenario_object"));
  scenario.set_problem_solved(row.Text("problem_solved"));
  form.set_series(row.Text("series"));
  form.set_prepared_from(row.Date("prepared_from"));
}

void ReadSources(RowReader& row, const FilingContext& context, Filing& filing) {
  const std::string contract = row.Text("contract_file");
  std::optional<v1::FileCommitment> contract_file;
  if (!contract.empty()) {
    auto bytes = IsInside(contract)
                     ? ReadNamedFile(PathUnder(context.data_dir, contract),
                                     limits::kFileBytes)
                     : absl::InvalidArgumentError("path leaves the directory");
    if (!bytes.ok()) {
      row.Bad("contract_file",
              absl::StrCat("无法读取合同文件 ", contract, "，请检查路径"),
              bytes.status().message());
    } else if (bytes->empty()) {
      row.Bad("contract_file",
              absl::StrCat("合同文件 ", contract, " 是空的，请更换文件"),
              "the contract file is empty; use another file");
    } else {
      contract_file = CommitFile(
          {"contract", "application/octet-stream", *std::move(bytes)}, filing);
    }
  }
  const auto acquisition = row.Word<v1::Acquisition>(
      "acquisition", row.Text("acquisition"), "ACQUISITION_");
  for (const std::string& category : row.List("source_categories")) {
    v1::Source& source = *filing.form.add_sources();
    source.set_category(
        row.Word<v1::SourceCategory>("source_categories", category));
    source.set_acquisition(acquisition);
    source.set_method(row.Text("acquisition_method"));
    if (contract_file.has_value()) *source.mutable_contract() = *contract_file;
    source.set_contract_end(row.Date("contract_end"));
  }
}

void ReadSize(RowReader& row, v1::ApplicationForm& form) {
  form.set_record_count(row.Number("record_count"));
  form.set_byte_size(row.Number("byte_size"));
  form.set_storage_format(row.Word<v1::StorageFormat>(
      "storage_format", row.Text("storage_format"), "STORAGE_FORMAT_"));
  form.set_storage_format_text(row.Text("storage_format_text"));
  form.set_update_frequency(row.Word<v1::UpdateFrequency>(
      "update_frequency", row.Text("update_frequency")));
  form.set_coverage_from(row.Date("coverage_from"));
  form.set_coverage_to(row.Date("coverage_to"));
  form.set_public_state(
      row.Word<v1::PublicState>("public_state", row.Text("public_state")));
  form.set_ai_processing_share(row.Word<v1::AiProcessingShare>(
      "ai_processing_share", row.Text("ai_processing_share")));
  form.set_algorithm_summary(row.Text("algorithm_summary"));
}

void ReadStatements(RowReader& row, Filing& filing) {
  v1::ApplicationForm& form = filing.form;
  if (!row.Text("deid_method").empty() || !row.Text("irreversible").empty()) {
    v1::Deidentification& deid = *form.mutable_deidentification();
    deid.set_method(row.Text("deid_method"));
    deid.set_standard(row.Text("deid_standard"));
    deid.set_reidentification_test(row.Text("reidentification_test"));
    deid.set_irreversible(row.Boolean("irreversible"));
  }
  form.set_commitment_text(std::string(kCommitmentText));
  form.set_predecessor_no(row.Text("predecessor_no"));
  form.set_duplicate_explanation(row.Text("duplicate_explanation"));
  std::set<v1::UseIntent> intents;
  for (const std::string& word : row.List("intents")) {
    intents.insert(row.Word<v1::UseIntent>("intents", word, "INTENT_"));
  }
  for (v1::UseIntent intent : intents) form.add_intents(intent);
  for (const std::string& prior : row.List("prior_registrations")) {
    const std::vector<std::string> parts = absl::StrSplit(prior, '|');
    if (parts.size() != 3) {
      row.Bad("prior_registrations",
              absl::StrCat("“", prior,
                           "”格式应为“登记机构|登记号|日期”，多项以分号分隔"),
              absl::StrCat("'", prior,
                           "' must be registry|number|date, several separated "
                           "by ';'"));
      continue;
    }
    v1::PriorRegistration& out = *form.add_prior_registrations();
    out.set_registry(parts[0]);
    out.set_number(parts[1]);
    out.set_date(RowReader::NormaliseDate(parts[2]));
  }
  v1::Contact& contact = *form.mutable_contact();
  contact.set_role(row.Text("contact_role"));
  if (const std::string name = row.Text("contact_name"); !name.empty()) {
    *contact.mutable_name() = Commit(name, filing.openings);
  }
  if (const std::string phone = row.Text("contact_phone"); !phone.empty()) {
    *contact.mutable_phone() = Commit(phone, filing.openings);
  }
}

bool CutsIntoLines(v1::StorageFormat format) {
  return format == v1::CSV || format == v1::JSON;
}

void SetDeposit(const FileDeposit& deposit, v1::ApplicationForm& form) {
  v1::Deposit& out = *form.mutable_deposit();
  out.set_file_sha256(std::string(deposit.digest.sha256.text()));
  out.set_file_sm3(std::string(deposit.digest.sm3.text()));
  out.set_byte_size(deposit.digest.byte_size);
  out.set_leaf_count(deposit.digest.leaf_count);
  out.set_root(std::string(deposit.root.text()));
  out.set_cut(deposit.cut == Cut::kLines ? v1::LINES : v1::BLOCKS);
  form.add_evidence()->set_kind(v1::DEPOSIT);
}

void DepositData(RowReader& row, const FilingContext& context, Filing& filing) {
  const std::string file = row.Text("file");
  if (!IsInside(file)) {
    row.Bad("file",
            absl::StrCat("“", file, "”不可用，请填写相对于数据目录的文件路径"),
            absl::StrCat("'", file,
                         "' is none: give a path relative to the data "
                         "directory"));
    return;
  }
  v1::ApplicationForm& form = filing.form;
  const Cut cut =
      CutsIntoLines(form.storage_format()) ? Cut::kLines : Cut::kBlocks;
  const DepositRequest request{PathUnder(context.data_dir, file), cut,
                               context.master_key};
  const auto digest = DigestFile(request.path, cut);
  if (!digest.ok()) {
    const bool empty =
        absl::StrContains(digest.status().message(), "file is empty");
    row.Bad("file",
            empty ? absl::StrCat("数据文件 ", file, " 是空的，请更换文件")
                  : absl::StrCat("无法读取数据文件 ", file, "，请检查路径"),
            empty ? "the data file is empty; use another file"
                  : digest.status().message());
    return;
  }
  const auto deposit =
      DepositFile(request, *digest, SampleIndices(*digest, form));
  if (!deposit.ok()) {
    row.Bad("file", "数据文件在读取期间发生变化，请重试",
            deposit.status().message());
    return;
  }
  SetDeposit(*deposit, form);
  // Without its field table nothing is known to be personal.
  if (form.fields().empty()) return;
  MaskedSample sample = MakeSample(*deposit, form);
  for (rpc::v1::FieldViolation& violation : sample.violations) {
    row.Add(std::move(violation));
  }
  v1::Sample& out = *form.mutable_sample();
  out.set_row_count(sample.row_count);
  for (std::string& column : sample.columns) {
    out.add_columns(std::move(column));
  }
  out.set_scan_findings(sample.scan_findings);
  *out.mutable_file() = CommitFile(
      {"sample", "application/x-ndjson", std::move(sample.ndjson)}, filing);
}

void BadSeries(RowReader& row, const std::string& series,
               const FieldTables& fields) {
  const std::string known = absl::StrJoin(fields.Series(), "、");
  row.Bad(
      "series",
      absl::StrCat("“", series, "”在 fields.csv 中没有字段表；已有的系列：",
                   known),
      absl::StrCat("'", series,
                   "' has no field table in fields.csv, which has: ", known));
}

}  // namespace

v1::Commitment Commit(absl::string_view value,
                      std::vector<v1::Opening>& openings) {
  v1::Opening opening;
  opening.set_salt(crypto::RandomBytes(hash::kHashBytes));
  opening.set_value(std::string(value));
  const hash::Hash digest =
      crypto::OpeningCommitment(hash::AsBytes(opening.salt()),
                                hash::AsBytes({value.data(), value.size()}));
  openings.push_back(std::move(opening));
  v1::Commitment commitment;
  commitment.set_digest(std::string(digest.text()));
  return commitment;
}

FilingResult MakeFiling(const CsvTable& table, const CsvRow& row,
                        const FilingContext& context) {
  FilingResult result;
  RowReader reader(table, row, result.violations);
  if (!row.flaw.empty()) {
    reader.Bad("", absl::StrCat("此行无法解析：", row.flaw),
               "this row cannot be read");
    return result;
  }
  v1::ApplicationForm& form = result.filing.form;
  v1::Applicant& applicant = *form.add_applicants();
  applicant.set_party_number(context.party_number);
  applicant.set_primary(true);
  ReadScene(reader, form);
  if (!context.fields->Knows(form.series())) {
    BadSeries(reader, form.series(), *context.fields);
  }
  for (const v1::DataField& field : context.fields->Of(form.series())) {
    *form.add_fields() = field;
  }
  ReadSources(reader, context, result.filing);
  ReadSize(reader, form);
  ReadStatements(reader, result.filing);
  DepositData(reader, context, result.filing);
  return result;
}

void SetIssuedAt(const google::protobuf::Timestamp& issued_at,
                 v1::ApplicationForm& form) {
  for (v1::Evidence& evidence : *form.mutable_evidence()) {
    if (evidence.kind() == v1::DEPOSIT) *evidence.mutable_time() = issued_at;
  }
}

absl::StatusOr<hash::Hash> RowFileSha256(const CsvTable& table,
                                         const CsvRow& row,
                                         const std::string& data_dir) {
  const absl::string_view file = table.Cell(row, "file");
  if (!IsInside(file)) {
    return absl::InvalidArgumentError("file leaves the data directory");
  }
  ASSIGN_OR_RETURN(const FileDigest digest,
                   DigestFile(PathUnder(data_dir, file), Cut::kBlocks));
  return digest.sha256;
}

}  // namespace dataip::client
