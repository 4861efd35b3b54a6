#include "client/cli/corrected_row.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/cli/form_edit.h"
#include "client/cli/input_files.h"
#include "client/filing/csv_file.h"
#include "client/row_answers.h"
#include "client/status.h"
#include "core/base/status_macros.h"
#include "core/crypto/command_signature.h"
#include "core/registry/form/form_path.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

constexpr char kReferenceColumn[] = "client_reference";

bool IsNamed(const Correcting& correcting, absl::string_view field) {
  for (const v1::Defect& defect : correcting.application.defects()) {
    if (absl::StartsWith(defect.field(), field)) return true;
  }
  return correcting.reasons.count(std::string(field)) != 0;
}

// The commitments of what is sealed at the field or inside it.
std::string SealedAt(const v1::ApplicationForm& form,
                     const std::string& field) {
  std::string digests;
  for (const v1::SealedField& sealed : form.sealed()) {
    if (absl::StartsWith(sealed.field(), field)) {
      digests += sealed.value().digest();
    }
  }
  return digests;
}

// Equal but for the salts of their files' commitments.
bool SameSources(v1::ApplicationForm a, v1::ApplicationForm b) {
  for (v1::ApplicationForm* form : {&a, &b}) {
    for (v1::Source& source : *form->mutable_sources()) {
      if (source.has_contract()) source.mutable_contract()->clear_sha256();
    }
  }
  if (a.sources_size() != b.sources_size()) return false;
  for (int i = 0; i < a.sources_size(); ++i) {
    if (a.sources(i).SerializeAsString() != b.sources(i).SerializeAsString()) {
      return false;
    }
  }
  return true;
}

// The sample is made of the data file by these.
bool SameSampling(const v1::ApplicationForm& a, const v1::ApplicationForm& b) {
  if (a.fields_size() != b.fields_size()) return false;
  for (int i = 0; i < a.fields_size(); ++i) {
    if (a.fields(i).name() != b.fields(i).name() ||
        a.fields(i).type() != b.fields(i).type() ||
        a.fields(i).classification() != b.fields(i).classification()) {
      return false;
    }
  }
  return true;
}

// What the filing table has no columns for, or left empty of what flags gave.
void KeepWhatNoTableSays(const v1::ApplicationForm& old,
                         v1::ApplicationForm& form) {
  *form.mutable_attachments() = old.attachments();
  *form.mutable_tiers() = old.tiers();
  if (form.predecessor_no().empty()) {
    form.set_predecessor_no(old.predecessor_no());
  }
  if (form.duplicate_explanation().empty()) {
    form.set_duplicate_explanation(old.duplicate_explanation());
  }
}

// The table has the text in clear, which must not be published by a
// correction of something else: it stays sealed unless a defect names it.
void KeepSealed(const Correcting& correcting, v1::ApplicationForm& form) {
  for (const v1::SealedField& sealed : correcting.application.form().sealed()) {
    if (IsNamed(correcting, sealed.field()) ||
        !registry::IsFormPath(form, sealed.field()) ||
        !SetField(form, sealed.field(), "").ok()) {
      continue;
    }
    *form.add_sealed() = sealed;
  }
}

void KeepOld(const Correcting& correcting, CorrectedRow& corrected) {
  const v1::ApplicationForm& old = correcting.application.form();
  v1::ApplicationForm& form = corrected.filing.form;
  KeepWhatNoTableSays(old, form);
  KeepSealed(correcting, form);
  if (!corrected.new_deposit) {
    *form.mutable_deposit() = old.deposit();
    *form.mutable_evidence() = old.evidence();
    if (!IsNamed(correcting, "sample") && SameSampling(old, form)) {
      *form.mutable_sample() = old.sample();
    }
  }
  if (!IsNamed(correcting, "contact")) {
    // Name and telephone are commitments, which nobody can compare.
    if (form.contact().role() != old.contact().role()) {
      corrected.kept.insert("contact");
    }
    *form.mutable_contact() = old.contact();
  }
  if (!IsNamed(correcting, "sources") && SameSources(old, form)) {
    *form.mutable_sources() = old.sources();
  }
  if (!IsNamed(correcting, "prepared_from") &&
      form.prepared_from() != old.prepared_from()) {
    corrected.kept.insert("prepared_from");
    form.set_prepared_from(old.prepared_from());
  }
}

// Without the openings, and the files, whose commitments are not in the form.
void DropUnused(Filing& filing) {
  const std::string form = filing.form.SerializeAsString();
  std::vector<v1::Opening> openings;
  std::vector<FileToUpload> uploads;
  for (v1::Opening& opening : filing.openings) {
    const hash::Hash commitment = crypto::OpeningCommitment(
        hash::AsBytes(opening.salt()), hash::AsBytes(opening.value()));
    if (form.find(std::string(commitment.text())) == std::string::npos) {
      continue;
    }
    for (FileToUpload& upload : filing.uploads) {
      if (upload.sha256.text() == opening.value()) {
        uploads.push_back(std::move(upload));
      }
    }
    openings.push_back(std::move(opening));
  }
  filing.openings = std::move(openings);
  filing.uploads = std::move(uploads);
}

}  // namespace

std::set<std::string> UnchangedDefects(const v1::Application& application,
                                       const v1::ApplicationForm& form) {
  const v1::ApplicationForm& old = application.form();
  std::set<std::string> unchanged;
  for (const v1::Defect& defect : application.defects()) {
    const std::string& field = defect.field();
    // What is sealed stands elsewhere.
    if (ValueAt(old, field) == ValueAt(form, field) &&
        SealedAt(old, field) == SealedAt(form, field)) {
      unchanged.insert(field);
    }
  }
  return unchanged;
}

std::set<std::string> UnsealedTexts(const v1::Application& application,
                                    const v1::ApplicationForm& form) {
  std::set<std::string> paths;
  for (const v1::SealedField& sealed : application.form().sealed()) {
    v1::ApplicationForm emptied = form;
    if (registry::IsFormPath(form, sealed.field()) &&
        SetField(emptied, sealed.field(), "").ok() &&
        ValueAt(emptied, sealed.field()) != ValueAt(form, sealed.field())) {
      paths.insert(sealed.field());
    }
  }
  return paths;
}

rpc::v1::FieldViolation UnsealedText(const std::string& path) {
  return RowViolation(
      path, "T4",
      absl::StrCat(
          "此处已封存，不得随补正公开原文；请单件补正 (application "
          "correct 申请号)：以 --seal ",
          path,
          " 与 --sealed-file 重新封存并写 --reason sealed=理由，或以 --reason ",
          path, "=理由 表明愿意公开"),
      absl::StrCat(
          "this is sealed, and a correction would publish the text; "
          "correct the application alone, by its number: seal the "
          "new text by --seal ",
          path,
          " and --sealed-file with --reason sealed=TEXT, or say by --reason ",
          path, "=TEXT that it may be published"));
}

bool SamplesAnew(const v1::ApplicationForm& old,
                 const v1::ApplicationForm& form) {
  return old.sample().SerializeAsString() !=
             form.sample().SerializeAsString() &&
         !SameSampling(old, form);
}

rpc::v1::FieldViolation SampleWithoutReason() {
  return RowViolation(
      "sample", "T4",
      "字段的名称、顺序、类型或分级有改动，样例须随之重做；请恢复这些内容，或以"
      " "
      "--reason sample=理由 说明",
      "the names, order, types or classes of the fields changed, so the sample "
      "is made anew: put them back, or say why by --reason sample=TEXT");
}

absl::Status RowRefused(const Violations& violations) {
  absl::Status status =
      absl::InvalidArgumentError("该行不能提交 (the row cannot be filed)");
  rpc::v1::ErrorDetail detail;
  detail.set_reason(rpc::v1::INVALID_FIELD);
  detail.set_domain("dataip");
  for (const auto& violation : violations) {
    *detail.add_field_violations() = violation;
  }
  SetErrorDetail(detail, status);
  return status;
}

absl::StatusOr<CorrectedRow> CorrectRow(const CsvTable& table,
                                        const CsvRow& row,
                                        FilingContext context,
                                        const Correcting& correcting) {
  const v1::ApplicationForm& old = correcting.application.form();
  for (const v1::Applicant& applicant : old.applicants()) {
    if (applicant.primary()) context.party_number = applicant.party_number();
  }
  FilingResult made = MakeFiling(table, row, context);
  if (!made.violations.empty()) return RowRefused(made.violations);
  CorrectedRow corrected;
  corrected.filing = std::move(made.filing);
  corrected.new_deposit = corrected.filing.form.deposit().file_sha256() !=
                          old.deposit().file_sha256();
  *corrected.filing.form.mutable_applicants() = old.applicants();
  KeepOld(correcting, corrected);
  DropUnused(corrected.filing);
  return corrected;
}

absl::StatusOr<CorrectedRow> CorrectFromRow(const RowPlace& place,
                                            const Correcting& correcting) {
  const std::string& reference =
      correcting.application.form().client_reference();
  ASSIGN_OR_RETURN(const CsvTable table, AsUsage(ReadCsvFile(place.csv_path)));
  ASSIGN_OR_RETURN(
      const CsvTable field_table,
      AsUsage(ReadCsvFile(absl::StrCat(place.data_dir, "/fields.csv"))));
  ASSIGN_OR_RETURN(const FieldTables fields, FieldTables::Parse(field_table));
  const auto row = std::find_if(
      table.rows.begin(), table.rows.end(), [&](const CsvRow& candidate) {
        return table.Cell(candidate, kReferenceColumn) == reference;
      });
  if (row == table.rows.end()) {
    return absl::NotFoundError(absl::StrCat(
        "表中没有此参考号 (no row has this client_reference): ", reference));
  }
  FilingContext context{.party_number = "",
                        .data_dir = place.data_dir,
                        .master_key = {},
                        .fields = &fields};
  ASSIGN_OR_RETURN(context.master_key,
                   ReadMasterKey(place.master_key_path, /*create=*/false));
  return CorrectRow(table, *row, std::move(context), correcting);
}

}  // namespace dataip::client
