// `dataip application correct`: one application by its number, or all that a
// mended filing table has rows of.
#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/application_corrections.h"
#include "client/cli/application_precheck.h"
#include "client/cli/commands.h"
#include "client/cli/correction_rows.h"
#include "client/cli/filing_inputs.h"
#include "client/cli/form_edit.h"
#include "client/cli/form_view.h"
#include "client/cli/labels.h"
#include "client/registry_client.h"
#include "core/base/status_macros.h"
#include "core/registry/form/form_path.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

constexpr std::array kEdits = {"--form",   "--csv",  "--set",
                               "--attach", "--tier", "--seal"};

// A number names one application; anything else is a table of many.
bool IsNumber(absl::string_view word) {
  return word.find_first_not_of("0123456789") == absl::string_view::npos;
}

absl::Status CheckCorrectFlags(const Invocation& invocation) {
  for (const char* flag : {"--dry-run", "--for"}) {
    if (!invocation.Has(flag)) continue;
    return absl::InvalidArgumentError(
        absl::StrCat(flag, " 用于整张申请表 FILE.csv 的补正 (", flag,
                     " goes with a table of many, FILE.csv)"));
  }
  const bool csv = invocation.Has("--csv");
  const bool form = invocation.Has("--form");
  const bool edits =
      std::any_of(kEdits.begin(), kEdits.end(),
                  [&](const char* flag) { return invocation.Has(flag); });
  if (csv == invocation.Has("--data") && !(csv && form) && edits) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      "请用 --set 等、--form 或 --csv 与 --data 给出补正内容 (give the "
      "correction by --set and the like, by --form, or by --csv with --data)");
}

absl::Status CheckTableFlags(const Invocation& invocation) {
  for (const char* flag : kEdits) {
    if (!invocation.Has(flag)) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        flag, " 只用于单件补正，请写申请号；整张表的补正写在表中 (", flag,
        " goes with the number of one application; of a table every row says "
        "its own)"));
  }
  if (invocation.Has("--data")) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "请用 --data 指明数据文件与 fields.csv 所在的目录 (name the folder of "
      "the "
      "data files and of fields.csv by --data)");
}

absl::StatusOr<ChangeReasons> ReasonsOf(const Invocation& invocation) {
  ChangeReasons reasons;
  for (const std::string& text : invocation.List("--reason")) {
    ASSIGN_OR_RETURN(const Assignment reason, ParseAssignment(text));
    if (reasons.emplace(reason.path, reason.value).second) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        "同一字段写了两个理由 (two reasons for one field): ", reason.path));
  }
  return reasons;
}

// Of what is not shown whole a part would be filed as the whole.
absl::Status CheckShownWhole(const v1::Application& application) {
  if (ReaderOf(application.form()) == FormReader::kWhole) {
    return absl::OkStatus();
  }
  return absl::PermissionDeniedError(
      "登记系统未向您出示完整的申请表，请用申请人或其代理人的 TLS 证书 (the "
      "registry did not show you the whole form: use the TLS certificate of "
      "the applicant or of its agent)");
}

// The defect is taken for mended by nobody, but a correction is filed once.
void SayUnchanged(Invocation& invocation, const v1::Application& application,
                  const v1::ApplicationForm& form) {
  const auto fields = UnchangedDefects(application, form);
  if (fields.empty()) return;
  const std::string list = absl::StrJoin(fields, ", ");
  invocation.Say(absl::StrCat(
      "警告：补正通知指出的字段没有改动：", list,
      "；提交后审查员仍会看到原内容，如系遗漏，请即告知审查员再次通知补正 "
      "(warning: fields that a defect names have not changed: ",
      list,
      "; the examiner will find them as they were; if this was an oversight, "
      "ask the examiner to request the correction once more)"));
}

// Neither sealed anew nor, by a reason for that very path, given to be read.
absl::Status CheckSeals(const Invocation& invocation,
                        const Correcting& correcting,
                        const v1::ApplicationForm& form) {
  v1::ApplicationForm set = form;
  for (const std::string& text : invocation.List("--set")) {
    ASSIGN_OR_RETURN(const Assignment assignment, ParseAssignment(text));
    RETURN_IF_ERROR(SetField(set, assignment.path, assignment.value));
  }
  std::set<std::string> paths = UnsealedTexts(correcting.application, set);
  for (const std::string& path : invocation.List("--seal")) paths.erase(path);
  Violations violations;
  for (const std::string& path : paths) {
    if (correcting.reasons.count(path) == 0) {
      violations.push_back(UnsealedText(path));
    }
  }
  return violations.empty() ? absl::OkStatus() : RowRefused(violations);
}

// The registry would name `sample`, which the applicant never touched.
absl::Status CheckSample(const Correcting& correcting,
                         const v1::ApplicationForm& form) {
  const v1::ApplicationForm& old = correcting.application.form();
  const auto& defects = correcting.application.defects();
  const bool named =
      correcting.reasons.count("sample") != 0 ||
      std::any_of(defects.begin(), defects.end(), [](const v1::Defect& defect) {
        return registry::TopLevelField(defect.field()) == "sample";
      });
  if (named || !SamplesAnew(old, form)) return absl::OkStatus();
  return RowRefused({SampleWithoutReason()});
}

// A reason for a sealed path says that its text may be read. The registry takes
// it for one of the field where that changed and no defect names it, else for
// one of what is sealed.
bool IsForTheRegistry(const v1::Application& application,
                      const v1::ApplicationForm& form, const std::string& field,
                      const std::string& reason) {
  const auto& sealed = application.form().sealed();
  const bool was_sealed = std::any_of(
      sealed.begin(), sealed.end(),
      [&](const v1::SealedField& one) { return one.field() == field; });
  return !was_sealed ||
         !ReasonsFor(application,
                     registry::ChangedFields(application.form(), form),
                     {{field, reason}})
              .empty();
}

// What the row would change and nobody asked for.
void SayKept(Invocation& invocation, const CorrectedRow& corrected) {
  if (corrected.kept.empty()) return;
  const std::string list = absl::StrJoin(corrected.kept, ", ");
  invocation.Say(absl::StrCat(
      "警告：表中与原申请不同、而补正通知与 --reason 均未指出的字段不予改动：",
      list,
      " (warning: the table differs in fields that neither a defect nor "
      "--reason names; they stay as they were: ",
      list, ")"));
}

absl::StatusOr<int> CorrectOne(Invocation& invocation) {
  RETURN_IF_ERROR(CheckCorrectFlags(invocation));
  ASSIGN_OR_RETURN(const ChangeReasons reasons, ReasonsOf(invocation));
  ASSIGN_OR_RETURN(const auto keys, invocation.Keys());
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  ASSIGN_OR_RETURN(const auto current,
                   registry->GetApplication(invocation.words().front()));
  const v1::Application& application = current.application();
  RETURN_IF_ERROR(CheckShownWhole(application));
  Correcting correcting{.application = application};
  for (const auto& [field, reason] : reasons) correcting.reasons.insert(field);
  ASSIGN_OR_RETURN(
      CorrectedRow corrected,
      FilingFrom(invocation, correcting, invocation.Text("--csv")));
  RETURN_IF_ERROR(CheckSeals(invocation, correcting, corrected.filing.form));
  RETURN_IF_ERROR(CheckSample(correcting, corrected.filing.form));
  SayKept(invocation, corrected);
  ASSIGN_OR_RETURN(const std::string actor,
                   invocation.ActorOf(keys.front().public_key()));
  ASSIGN_OR_RETURN(v1::Command command, invocation.NewCommand(actor));
  Filing& filing = corrected.filing;
  if (corrected.new_deposit) SetIssuedAt(command.issued_at(), filing.form);
  RETURN_IF_ERROR(ApplyEdits(invocation, *registry, filing));
  command.set_version(application.version());
  v1::CorrectApplication& body = *command.mutable_correct_application();
  body.set_application_no(application.application_no());
  *body.mutable_form() = filing.form;
  ChangeReasons told;
  for (const auto& [field, reason] : reasons) {
    const bool of_field =
        IsForTheRegistry(application, filing.form, field, reason);
    if (of_field) told[field] = reason;
    if (!of_field) told.emplace("sealed", reason);
  }
  for (const auto& [field, reason] : told) {
    v1::ChangeReason& change = *body.add_reasons();
    change.set_field(field);
    change.set_reason(reason);
  }
  SayUnchanged(invocation, application, filing.form);
  RETURN_IF_ERROR(UploadAll(*registry, filing));
  const auto response = invocation.Submit(command, keys, filing.openings);
  if (!response.ok()) {
    ForgetSealed(invocation, response.status());
    return response.status();
  }
  SayFindings(invocation, *response);
  invocation.PrintMessage(
      *response, {{"申请号", application.application_no()},
                  {"状态", LabelOf(v1::UNDER_REVIEW)},
                  {"账本序号", absl::StrCat(response->receipt().index())}});
  return kExitOk;
}

absl::StatusOr<int> RunCorrect(Invocation& invocation) {
  if (IsNumber(invocation.words().front())) return CorrectOne(invocation);
  RETURN_IF_ERROR(CheckTableFlags(invocation));
  ASSIGN_OR_RETURN(const ChangeReasons reasons, ReasonsOf(invocation));
  return CorrectMany(invocation, reasons);
}

CommandSpec CorrectSpec() {
  std::vector<FlagRule> flags = {
      {.name = "--form", .value = "FILE", .help = "the whole form as JSON"},
      {.name = "--csv",
       .value = "FILE",
       .help = "the mended filing table; the row with its reference counts"},
      {.name = "--data",
       .value = "DIR",
       .help = "the table's data files and fields.csv"},
      {.name = "--master-key",
       .value = "FILE",
       .help = "as in `application import`"},
      {.name = "--reason",
       .value = "FIELD=TEXT",
       .help = "why a field changed that no defect names; with a table, in "
               "every row that needs it. For a sealed path of one "
               "application: that its text may be published",
       .repeatable = true},
      {.name = "--dry-run",
       .help = "with a table: only say what would change, and what each row's "
               "answer would be"},
      {.name = "--for",
       .value = "NUMBER|USCC",
       .help = "with a table: the applicant for whom an agent corrects; it "
               "holds a power with the act correct"}};
  for (FlagRule& rule : EditFlags()) flags.push_back(std::move(rule));
  return {.group = "application",
          .name = "correct",
          .words = "NO|FILE.csv",
          .word_count = {1, 1},
          .summary =
              "提交补正 Files the corrected form, or those of all rows of a "
              "mended table; the applicant signs, or its agent for correct",
          .flags = std::move(flags),
          .examples = {"dataip application correct 20240000001 --set "
                       "fields[3].meaning=累计热量 --key enterprise.pem",
                       "dataip application correct applications.csv --data . "
                       "--dry-run --key enterprise.pem"},
          .run = RunCorrect};
}

}  // namespace

std::vector<CommandSpec> ApplicationCorrectCommands() {
  return {CorrectSpec()};
}

}  // namespace dataip::client
