#include "core/registry/precheck/findings.h"

#include <optional>
#include <set>
#include <utility>

#include "core/registry/application/filing.h"
#include "core/registry/state/profiles.h"

namespace dataip::registry {
namespace {

v1::FindingSeverity SeverityOf(Severity severity) {
  switch (severity) {
    case Severity::kBlocks:
      return v1::FINDING_BLOCKS;
    case Severity::kWarns:
      return v1::FINDING_WARNS;
    case Severity::kTells:
      return v1::FINDING_TELLS;
  }
  return v1::FINDING_SEVERITY_UNSPECIFIED;
}

FormContext FormContextOf(const State& state, const v1::ProfileRef& profile) {
  FormContext context;
  context.profile = ValuesOf(state, profile);
  context.industries = state.industries.get();
  context.regions = state.regions.get();
  return context;
}

// The form that a command brings, and what goes with it.
struct Brought {
  const v1::ApplicationForm* form = nullptr;
  std::optional<google::protobuf::Timestamp> earlier_deposit_at;
  std::string application_no;
  // Not where co-applicants are to sign later.
  bool signatures_asked = true;
  std::set<std::string> signed_before;
};

Brought OfSubmission(const State& state, const v1::SubmitApplication& body) {
  Brought brought;
  if (body.draft_no().empty()) {
    brought.form = &body.form();
    return brought;
  }
  const v1::Draft* draft = FindDraft(state, body.draft_no());
  if (draft == nullptr) return brought;
  brought.form = &draft->form();
  brought.earlier_deposit_at = DepositTimeOf(draft->form());
  brought.signed_before.insert(draft->cosigned().begin(),
                               draft->cosigned().end());
  return brought;
}

Brought OfPreparation(const State& state, const v1::PrepareApplication& body) {
  Brought brought;
  brought.form = &body.form();
  brought.signatures_asked = false;
  if (const v1::Draft* before = FindDraft(state, body.draft_no())) {
    brought.earlier_deposit_at = KeptDepositTime(before->form(), body.form());
  }
  return brought;
}

// All have signed the filing; a correction is the primary applicant's alone.
Brought OfCorrection(const State& state, const v1::CorrectApplication& body) {
  Brought brought;
  brought.form = &body.form();
  brought.application_no = body.application_no();
  for (const v1::Applicant& applicant : body.form().applicants()) {
    brought.signed_before.insert(applicant.party_number());
  }
  if (const auto* before = FindApplication(state, body.application_no())) {
    brought.earlier_deposit_at = KeptDepositTime(before->form(), body.form());
  }
  return brought;
}

Brought BroughtBy(const State& state, const v1::Command& command) {
  switch (command.body_case()) {
    case v1::Command::kSubmitApplication:
      return OfSubmission(state, command.submit_application());
    case v1::Command::kPrepareApplication:
      return OfPreparation(state, command.prepare_application());
    case v1::Command::kCorrectApplication:
      return OfCorrection(state, command.correct_application());
    default:
      return {};
  }
}

}  // namespace

v1::Finding MessageOf(const Finding& finding) {
  v1::Finding message;
  message.set_field(finding.field);
  message.set_rule(finding.rule);
  message.set_clause(finding.clause);
  message.set_reason_zh(finding.reason_zh);
  message.set_reason_en(finding.reason_en);
  message.set_remedy_zh(finding.remedy_zh);
  message.set_remedy_en(finding.remedy_en);
  message.set_severity(SeverityOf(finding.severity));
  return message;
}

std::vector<Finding> PrecheckOf(const State& state, const Filed& filed) {
  Brought brought = BroughtBy(state, filed.command);
  if (brought.form == nullptr) return {};
  std::set<std::string> signed_by = std::move(brought.signed_before);
  for (const std::string& key_id : filed.signer_key_ids) {
    const auto key = state.keys.find(key_id);
    if (key != state.keys.end()) signed_by.insert(key->second.actor);
  }
  PrecheckContext context;
  context.form = FormContextOf(
      state, ProfileFor(state, filed.command, filed.decided_at_ms));
  context.form.issued_at = filed.command.issued_at();
  context.form.filed_at_ms = filed.decided_at_ms;
  context.form.earlier_deposit_at = brought.earlier_deposit_at;
  context.parties.state = &state;
  context.parties.actor = filed.command.actor();
  if (brought.signatures_asked) context.parties.signed_by = &signed_by;
  context.parties.application_no = filed.application_no.empty()
                                       ? brought.application_no
                                       : filed.application_no;
  return Precheck(*brought.form, context);
}

std::vector<v1::Finding> FindingsOf(const State& state, const Filed& filed) {
  std::vector<v1::Finding> findings;
  for (const Finding& finding : PrecheckOf(state, filed)) {
    if (finding.severity == Severity::kBlocks) continue;
    findings.push_back(MessageOf(finding));
  }
  return findings;
}

std::vector<v1::Finding> ChecklistOf(const State& state,
                                     const v1::Application& application) {
  const v1::ApplicationForm& form = application.form();
  // Everybody who had to sign has: Decide saw it.
  std::set<std::string> signed_by;
  for (const v1::Applicant& applicant : form.applicants()) {
    signed_by.insert(applicant.party_number());
  }
  PrecheckContext context;
  context.form = FormContextOf(state, application.profile());
  context.form.filed_at_ms = application.submitted_at_ms();
  // That the deposit was made with the command was decided when it came.
  context.form.earlier_deposit_at = DepositTimeOf(form);
  context.parties.state = &state;
  context.parties.signed_by = &signed_by;
  context.parties.application_no = application.application_no();
  context.parties.for_officers = true;
  std::vector<v1::Finding> findings;
  for (const Finding& finding : Precheck(form, context)) {
    findings.push_back(MessageOf(finding));
  }
  return findings;
}

}  // namespace dataip::registry
