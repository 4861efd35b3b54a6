// Corrections: asked for, filed, overdue.
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/registry/application/filing.h"
#include "core/registry/application/rules.h"
#include "core/registry/form/form_path.h"
#include "core/registry/form/form_rules.h"
#include "core/registry/party/attorneys.h"
#include "core/registry/state/case.h"
#include "core/registry/state/deadlines.h"
#include "core/registry/tables/calendar.h"

namespace dataip::registry {
namespace {

using Violations = std::vector<rpc::v1::FieldViolation>;

// Neither can change in a correction: the reference names the application for
// the client, and only the primary applicant signs here.
bool IsFixedField(absl::string_view field) {
  return field == "client_reference" || field == "applicants";
}

void CheckDefect(const v1::ApplicationForm& form, const v1::Defect& defect,
                 int index, Violations& out) {
  const std::string field = TopLevelField(defect.field());
  if (!IsFormPath(form, defect.field()) || IsFixedField(field)) {
    out.push_back(ViolationOf(
        {absl::StrCat("defects[", index, "].field"), "T3",
         absl::StrCat("申请表中没有可补正的字段“", defect.field(),
                      "”，请填写字段路径，如 fields[3].name"),
         absl::StrCat("`", defect.field(),
                      "` is not a field of the form that can be corrected; "
                      "give a path, e.g. fields[3].name"),
         ""}));
  }
  if (auto refusal = CheckReason(
          absl::StrCat("defects[", index, "].reason"), defect.reason(),
          limits::kReasonLeastCharacters, limits::kReasonCharacters)) {
    out.push_back(refusal->violations.front());
  }
}

// Changed fields that neither a defect nor a reason covers, reasons that cover
// nothing, and fields that cannot change at all.
void CheckChanges(const v1::Application& application,
                  const v1::CorrectApplication& body, Violations& out) {
  const std::set<std::string> changed =
      ChangedFields(application.form(), body.form());
  std::set<std::string> covered;
  for (const v1::Defect& defect : application.defects()) {
    covered.insert(TopLevelField(defect.field()));
  }
  for (int i = 0; i < body.reasons_size(); ++i) {
    const v1::ChangeReason& reason = body.reasons(i);
    if (changed.count(reason.field()) == 0 ||
        !covered.insert(reason.field()).second) {
      out.push_back(ViolationOf(
          {absl::StrCat("reasons[", i, "].field"), "T4",
           absl::StrCat("“", reason.field(),
                        "”没有改动，或补正通知与理由已列出，请删去该理由"),
           absl::StrCat("`", reason.field(),
                        "` did not change or is named already; remove the "
                        "reason"),
           ""}));
    }
    if (auto refusal = CheckReason(
            absl::StrCat("reasons[", i, "].reason"), reason.reason(),
            limits::kReasonLeastCharacters, limits::kReasonCharacters)) {
      out.push_back(refusal->violations.front());
    }
  }
  for (const std::string& field : changed) {
    if (IsFixedField(field)) {
      out.push_back(
          ViolationOf({field, "T4", "补正时不得改动自编号与申请人，请恢复原值",
                       "reference and applicants cannot change in a "
                       "correction; put them back",
                       ""}));
    } else if (covered.count(field) == 0) {
      out.push_back(ViolationOf(
          {field, "T4", "补正通知未列出该字段，改动须写明理由或恢复原值",
           "no defect names this field; give a reason for the change or put "
           "it back",
           ""}));
    }
  }
  if (changed.empty()) {
    out.push_back(
        ViolationOf({"form", "T4", "补正没有改动任何内容，请修改",
                     "the correction changes nothing; change it", ""}));
  }
}

}  // namespace

Decision DecideRequestCorrection(const Case& a_case) {
  const v1::RequestCorrection& body = a_case.command.request_correction();
  RETURN_IF_REFUSED(CheckApplication(a_case, body.application_no(), "T3",
                                     {v1::UNDER_REVIEW}));
  if (body.defects().empty() ||
      body.defects_size() > limits::kDefectsPerCorrection) {
    return Refuse(rpc::v1::INVALID_FIELD,
                  {"defects", "T3", "补正意见应一次提出 1 至 100 条",
                   "a correction names 1 to 100 defects, all at once", ""});
  }
  const v1::Application* application =
      FindApplication(a_case.state, body.application_no());
  Violations violations;
  for (int i = 0; i < body.defects_size(); ++i) {
    CheckDefect(application->form(), body.defects(i), i, violations);
  }
  if (!violations.empty()) return RefuseForm(std::move(violations));
  Events events(1);
  v1::CorrectionRequested* event = events[0].mutable_correction_requested();
  event->set_application_no(body.application_no());
  *event->mutable_defects() = body.defects();
  *event->mutable_deadline() =
      DeadlineBy(*a_case.values, kCorrectionWindow, a_case.today(),
                 *a_case.state.calendar);
  return events;
}

Decision DecideCorrectApplication(const Case& a_case) {
  const State& state = a_case.state;
  const v1::CorrectApplication& body = a_case.command.correct_application();
  RETURN_IF_REFUSED(CheckApplication(a_case, body.application_no(), "T4",
                                     {v1::CORRECTION_REQUIRED}));
  const v1::Application* application =
      FindApplication(state, body.application_no());
  RETURN_IF_REFUSED(
      CheckActingForApplicant(a_case, *application, v1::ACT_CORRECT, "T4"));
  const v1::Deadline& deadline = application->correction_deadline();
  if (a_case.decided_at_ms > DueInstantMs(deadline)) {
    return Refuse(
        rpc::v1::RULE_REFUSES,
        {"application_no", "T4",
         absl::StrCat("补正期限已于 ", deadline.due_date(),
                      " 届满，可另行提交新申请"),
         absl::StrCat("the correction was due on ", deadline.due_date(),
                      "; file a new application"),
         std::string(a_case.values->ClauseOf(kCorrectionWindow))});
  }
  Violations violations;
  CheckChanges(*application, body, violations);
  FormContext context{
      a_case.values,        state.industries.get(),
      state.regions.get(),  a_case.command.issued_at(),
      a_case.decided_at_ms, KeptDepositTime(application->form(), body.form())};
  for (auto& violation : ValidateForm(body.form(), context)) {
    violations.push_back(std::move(violation));
  }
  if (auto refusal = CheckPredecessor(state, body.form())) {
    violations.push_back(refusal->violations.front());
  }
  if (!violations.empty()) return RefuseForm(std::move(violations));
  if (application->form().deposit().file_sha256() !=
      body.form().deposit().file_sha256()) {
    RETURN_IF_REFUSED(CheckCooloff(a_case, body.form()));
  }
  Events events(1);
  v1::CorrectionFiled* event = events[0].mutable_correction_filed();
  event->set_application_no(body.application_no());
  *event->mutable_form() = body.form();
  return events;
}

Decision DecideCloseOverdueCorrection(const Case& a_case) {
  const std::string& application_no =
      a_case.command.close_overdue_correction().application_no();
  RETURN_IF_REFUSED(CheckApplication(a_case, application_no, "T5",
                                     {v1::CORRECTION_REQUIRED}));
  const v1::Deadline& deadline =
      FindApplication(a_case.state, application_no)->correction_deadline();
  const int64_t due_ms = DueInstantMs(deadline);
  if (a_case.decided_at_ms <= due_ms) {
    return Refuse(
        rpc::v1::RULE_REFUSES,
        {"application_no", "T5",
         absl::StrCat("补正期限至 ", deadline.due_date(),
                      " 才届满，不得提前关闭"),
         absl::StrCat("the correction is due on ", deadline.due_date(),
                      "; it cannot be closed "
                      "before"),
         ""});
  }
  Events events(1);
  v1::DeemedWithdrawn* event = events[0].mutable_deemed_withdrawn();
  event->set_application_no(application_no);
  *event->mutable_effective_at() = FromUnixMs(due_ms);
  return events;
}

}  // namespace dataip::registry
