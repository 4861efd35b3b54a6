#include "client/cli/correction_rows.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "client/cli/labels.h"
#include "client/row_answers.h"
#include "core/crypto/command_signature.h"
#include "core/registry/form/form_path.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

constexpr char kReferenceColumn[] = "client_reference";
constexpr char kRule[] = "T4";

// `text` goes on behind its number, so that no two lists look alike.
void AddPart(absl::string_view text, std::string& bytes) {
  absl::StrAppend(&bytes, text.size(), ":", text);
}

void ReplaceAll(const std::string& what, const std::string& by,
                std::string& text) {
  for (size_t at = 0; (at = text.find(what, at)) != std::string::npos;
       at += by.size()) {
    text.replace(at, what.size(), by);
  }
}

rpc::v1::FieldViolation NotOpen(absl::string_view zh, absl::string_view en) {
  return RowViolation(kReferenceColumn, "T3", zh, en);
}

// Fields that the application's defects name.
std::set<std::string> NamedByDefects(const v1::Application& application) {
  std::set<std::string> named;
  for (const v1::Defect& defect : application.defects()) {
    named.insert(registry::TopLevelField(defect.field()));
  }
  return named;
}

void RejectRow(absl::string_view zh, absl::string_view en,
               CorrectionOutcome& outcome) {
  outcome.result = CorrectionResult::kRejected;
  outcome.violations.push_back(RowViolation(kReferenceColumn, "CSV", zh, en));
}

// The row's reference; rejected where it is none, or not the first of its name.
void ReadReference(const CsvTable& table, const CsvRow& row,
                   std::map<std::string, uint64_t>& lines,
                   CorrectionOutcome& outcome) {
  outcome.line = row.line;
  if (!row.flaw.empty()) {
    RejectRow(absl::StrCat("此行无法解析：", row.flaw),
              "this row cannot be read", outcome);
    outcome.violations.front().clear_field();
    return;
  }
  outcome.client_reference = std::string(table.Cell(row, kReferenceColumn));
  if (outcome.client_reference.empty()) {
    RejectRow("缺少申请人自编号，请填写提交申请时的 client_reference",
              "the row has no reference; give it that of its application",
              outcome);
    return;
  }
  const auto [first, is_new] =
      lines.emplace(outcome.client_reference, outcome.line);
  if (is_new) return;
  RejectRow(absl::StrCat("编号“", outcome.client_reference, "”与第 ",
                         first->second, " 行重复，一件申请只留一行"),
            absl::StrCat("'", outcome.client_reference, "' stands in line ",
                         first->second, " too; keep one row of an application"),
            outcome);
}

}  // namespace

std::vector<CorrectionOutcome> MatchRows(
    const CsvTable& table, const std::string& party,
    const std::vector<v1::ApplicationSummary>& applications) {
  std::map<std::string, const v1::ApplicationSummary*> known;
  for (const v1::ApplicationSummary& one : applications) {
    if (one.party_number() == party) known[one.client_reference()] = &one;
  }
  std::map<std::string, uint64_t> lines;
  std::vector<CorrectionOutcome> outcomes(table.rows.size());
  for (size_t i = 0; i < outcomes.size(); ++i) {
    CorrectionOutcome& outcome = outcomes[i];
    ReadReference(table, table.rows[i], lines, outcome);
    if (outcome.result == CorrectionResult::kRejected) continue;
    const auto found = known.find(outcome.client_reference);
    if (found == known.end()) {
      outcome.result = CorrectionResult::kNotOpen;
      outcome.violations = {
          NotOpen("没有这一编号的申请，跳过；新的申请请用 application import",
                  "there is no application of this reference; passed over; "
                  "`application import` files new ones")};
      continue;
    }
    outcome.application_no = found->second->application_no();
    outcome.name = found->second->name();
    if (found->second->state() != v1::CORRECTION_REQUIRED) {
      TellNotOpen(found->second->state(), outcome);
    }
  }
  return outcomes;
}

Violations CheckCorrection(const v1::Application& application,
                           const CorrectedRow& corrected,
                           const ChangeReasons& reasons) {
  const std::set<std::string> named = NamedByDefects(application);
  std::set<std::string> wanting = corrected.kept;
  const auto changed =
      registry::ChangedFields(application.form(), corrected.filing.form);
  for (const std::string& field : changed) {
    if (named.count(field) == 0 && reasons.count(field) == 0) {
      wanting.insert(field);
    }
  }
  const auto unsealed = UnsealedTexts(application, corrected.filing.form);
  if (!unsealed.empty()) wanting.erase("sealed");
  Violations violations;
  for (const std::string& field : wanting) {
    if (field == "sample" &&
        SamplesAnew(application.form(), corrected.filing.form)) {
      violations.push_back(SampleWithoutReason());
      continue;
    }
    violations.push_back(RowViolation(
        field, kRule,
        absl::StrCat("补正通知未指出此处，请恢复原内容，或以 --reason ", field,
                     "=理由 说明改动的理由"),
        absl::StrCat("no defect names this: put it back, or say why by "
                     "--reason ",
                     field, "=TEXT")));
  }
  for (const std::string& path : unsealed) {
    violations.push_back(UnsealedText(path));
  }
  if (changed.empty() && violations.empty()) {
    violations.push_back(RowViolation(
        "", kRule, "此行与原申请相同，没有补正任何内容，请按通知修改",
        "the row says what was filed; mend what the defects name"));
  }
  return violations;
}

hash::Hash ContentOf(const CorrectedRow& corrected,
                     const ChangeReasons& reasons) {
  std::string form = corrected.filing.form.SerializeAsString();
  const std::string blank(hash::kHashBytes, '\0');
  std::string bytes;
  for (const v1::Opening& opening : corrected.filing.openings) {
    const hash::Hash commitment = crypto::OpeningCommitment(
        hash::AsBytes(opening.salt()), hash::AsBytes(opening.value()));
    ReplaceAll(std::string(commitment.text()), blank, form);
    AddPart(opening.value(), bytes);
  }
  AddPart(form, bytes);
  for (const auto& [field, reason] : reasons) {
    AddPart(field, bytes);
    AddPart(reason, bytes);
  }
  return hash::Sha256(hash::AsBytes(bytes));
}

std::vector<v1::ChangeReason> ReasonsFor(const v1::Application& application,
                                         const std::set<std::string>& changed,
                                         const ChangeReasons& reasons) {
  const std::set<std::string> named = NamedByDefects(application);
  std::vector<v1::ChangeReason> needed;
  for (const auto& [field, reason] : reasons) {
    if (changed.count(field) == 0 || named.count(field) != 0) continue;
    needed.emplace_back().set_field(field);
    needed.back().set_reason(reason);
  }
  return needed;
}

void TellNotOpen(v1::ApplicationState state, CorrectionOutcome& outcome) {
  outcome.result = CorrectionResult::kNotOpen;
  outcome.violations = {NotOpen(
      absl::StrCat("申请没有待办的补正通知，现为“", LabelOf(state), "”，跳过"),
      absl::StrCat("no correction of it is wanted; it is ",
                   v1::ApplicationState_Name(state), "; passed over"))};
}

}  // namespace dataip::client
