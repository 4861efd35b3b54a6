#include "core/registry/decide.h"

#include <optional>
#include <string>
#include <variant>

#include "absl/strings/str_cat.h"
#include "core/registry/admission.h"
#include "core/registry/application/rules.h"
#include "core/registry/certificate/rules.h"
#include "core/registry/erasure/rules.h"
#include "core/registry/licence/rules.h"
#include "core/registry/objection/rules.h"
#include "core/registry/party/attorneys.h"
#include "core/registry/party/rules.h"
#include "core/registry/request/rules.h"
#include "core/registry/rules.h"
#include "core/registry/state/case.h"
#include "core/registry/state/due.h"
#include "core/registry/state/profiles.h"
#include "core/registry/values/civil_date.h"

namespace dataip::registry {
namespace {

struct Rule {
  v1::Command::BodyCase body;
  Signers signers;
  Decision (*decide)(const Case&);
};

constexpr Rule kRules[] = {
    {v1::Command::kOpenRegistry, Signers::kNamedRoot, DecideOpenRegistry},
    {v1::Command::kLoadTable, Signers::kRoot, DecideLoadTable},
    {v1::Command::kAdoptProfile, Signers::kRoot, DecideAdoptProfile},
    {v1::Command::kRegisterOfficer, Signers::kRootAndNewKey,
     DecideRegisterOfficer},
    {v1::Command::kRegisterParty, Signers::kOfficerAndNewKey,
     DecideRegisterParty},
    {v1::Command::kEnrolKey, Signers::kActorAndNewKey, DecideEnrolKey},
    {v1::Command::kAdvanceClock, Signers::kRoot, DecideAdvanceClock},
    {v1::Command::kErasePayload, Signers::kRoot, DecideErasePayload},
    {v1::Command::kDiscloseField, Signers::kParty, DecideDiscloseField},
    {v1::Command::kEraseOpenings, Signers::kRoot, DecideEraseOpenings},
    {v1::Command::kSubmitApplication, Signers::kApplicants,
     DecideSubmitApplication},
    {v1::Command::kGrantAttorney, Signers::kParty, DecideGrantAttorney},
    {v1::Command::kRevokeAttorney, Signers::kParty, DecideRevokeAttorney},
    {v1::Command::kPrepareApplication, Signers::kParty,
     DecidePrepareApplication},
    {v1::Command::kCosignApplication, Signers::kParty, DecideCosignApplication},
    {v1::Command::kDiscardDraft, Signers::kParty, DecideDiscardDraft},
    {v1::Command::kRecordOpinion, Signers::kExaminer, DecideRecordOpinion},
    {v1::Command::kRequestCorrection, Signers::kExaminer,
     DecideRequestCorrection},
    {v1::Command::kCorrectApplication, Signers::kParty,
     DecideCorrectApplication},
    {v1::Command::kCloseOverdueCorrection, Signers::kClock,
     DecideCloseOverdueCorrection},
    {v1::Command::kWithdrawApplication, Signers::kParty,
     DecideWithdrawApplication},
    {v1::Command::kRefuseApplication, Signers::kTwoOfficers,
     DecideRefuseApplication},
    {v1::Command::kOpenNotice, Signers::kTwoOfficers, DecideOpenNotice},
    {v1::Command::kRegisterApplication, Signers::kTwoOfficers,
     DecideRegisterApplication},
    {v1::Command::kRequestCorrections, Signers::kExaminer,
     DecideRequestCorrections},
    {v1::Command::kOpenNotices, Signers::kTwoOfficers, DecideOpenNotices},
    {v1::Command::kRegisterApplications, Signers::kTwoOfficers,
     DecideRegisterApplications},
    {v1::Command::kClaimApplication, Signers::kOfficer, DecideClaimApplication},
    {v1::Command::kReleaseApplication, Signers::kOfficer,
     DecideReleaseApplication},
    {v1::Command::kFileObjection, Signers::kParty, DecideFileObjection},
    {v1::Command::kAcceptObjection, Signers::kExaminer, DecideAcceptObjection},
    {v1::Command::kRejectObjection, Signers::kTwoOfficers,
     DecideRejectObjection},
    {v1::Command::kForwardObjection, Signers::kExaminer,
     DecideForwardObjection},
    {v1::Command::kAnswerObjection, Signers::kParty, DecideAnswerObjection},
    {v1::Command::kUpholdObjection, Signers::kTwoOfficers,
     DecideUpholdObjection},
    {v1::Command::kCloseUnansweredObjection, Signers::kClock,
     DecideCloseUnansweredObjection},
    {v1::Command::kDismissObjection, Signers::kTwoOfficers,
     DecideDismissObjection},
    {v1::Command::kWithdrawObjection, Signers::kParty, DecideWithdrawObjection},
    {v1::Command::kSuspendApplication, Signers::kTwoOfficers,
     DecideSuspendApplication},
    {v1::Command::kResumeApplication, Signers::kTwoOfficers,
     DecideResumeApplication},
    {v1::Command::kFileLicence, Signers::kParty, DecideFileLicence},
    {v1::Command::kRecordUsage, Signers::kParty, DecideRecordUsage},
    {v1::Command::kConfirmLicence, Signers::kParty, DecideConfirmLicence},
    {v1::Command::kChangeLicence, Signers::kParty, DecideChangeLicence},
    {v1::Command::kEndLicence, Signers::kPartyOrClock, DecideEndLicence},
    {v1::Command::kFileRequest, Signers::kParty, DecideFileRequest},
    {v1::Command::kCosignRequest, Signers::kParty, DecideCosignRequest},
    {v1::Command::kWithdrawRequest, Signers::kParty, DecideWithdrawRequest},
    {v1::Command::kRefuseRequest, Signers::kTwoOfficers, DecideRefuseRequest},
    {v1::Command::kGrantRequest, Signers::kTwoOfficers, DecideGrantRequest},
    {v1::Command::kExpireCertificate, Signers::kClock, DecideExpireCertificate},
    {v1::Command::kOpenRevocation, Signers::kExaminer, DecideOpenRevocation},
    {v1::Command::kStateInRevocation, Signers::kParty, DecideStateInRevocation},
    {v1::Command::kRevokeCertificate, Signers::kTwoOfficers,
     DecideRevokeCertificate},
    {v1::Command::kDropRevocation, Signers::kTwoOfficers, DecideDropRevocation},
    {v1::Command::kFreezeCertificate, Signers::kTwoOfficers,
     DecideFreezeCertificate},
    {v1::Command::kReleaseFreeze, Signers::kTwoOfficers, DecideReleaseFreeze},
    {v1::Command::kEndFreeze, Signers::kClock, DecideEndFreeze},
    {v1::Command::kCorrectCertificate, Signers::kTwoOfficers,
     DecideCorrectCertificate},
    {v1::Command::kImportCertificate, Signers::kTwoOfficers,
     DecideImportCertificate},
};

const Rule* RuleFor(const v1::Command& command) {
  for (const Rule& rule : kRules) {
    if (rule.body == command.body_case()) return &rule;
  }
  return nullptr;
}

// What the clock owes goes before any other command, in the order in which it
// fell due, so that nobody can act on a case whose time is over.
MaybeRefusal CheckNothingOverdue(const State& state, const v1::Command& command,
                                 int64_t now_ms) {
  const std::optional<Due> overdue = NextDue(state, now_ms);
  if (!overdue.has_value() || IsFor(command, *overdue)) {
    return std::nullopt;
  }
  return Refuse(
      rpc::v1::RULE_REFUSES,
      {"actor", "CLOCK",
       absl::StrCat(overdue->key, " 的", NameZh(overdue->kind),
                    "已届满，须先由时钟办理，请稍后重试"),
       absl::StrCat("the ", NameEn(overdue->kind), " of ", overdue->key,
                    " is overdue; the clock acts first, try again"),
       "ARCHITECTURE"});
}

}  // namespace

Decision Decide(const State& state, const Proposal& proposal,
                const v1::Context& context) {
  const Rule* rule = RuleFor(proposal.command);
  if (rule == nullptr) {
    return Refuse(rpc::v1::MALFORMED,
                  {"body", "COMMAND", "命令没有内容，请重新生成",
                   "the command has no body; make it again", "formats 7"});
  }
  const int64_t decided_at_ms = ToUnixMs(context.decided_at()).value_or(0);
  Case a_case{state, proposal.command, decided_at_ms,
              ProfileFor(state, proposal.command, decided_at_ms)};
  a_case.values = ValuesOf(state, a_case.profile);
  RETURN_IF_REFUSED(Admit(a_case, proposal, context, rule->signers));
  Decision decision = rule->decide(a_case);
  if (std::holds_alternative<Refusal>(decision)) return decision;
  RETURN_IF_REFUSED(
      CheckNothingOverdue(state, proposal.command, decided_at_ms));
  return decision;
}

namespace {

// Who is no applicant signs for them all.
size_t ApplicantsWhoSign(const v1::Command& command) {
  const v1::ApplicationForm& form = command.submit_application().form();
  return IsApplicant(form, command.actor())
             ? static_cast<size_t>(form.applicants_size())
             : 1;
}

}  // namespace

bool NeedsTwoOfficers(const v1::Command& command) {
  const Rule* rule = RuleFor(command);
  return rule != nullptr && rule->signers == Signers::kTwoOfficers;
}

bool TakesConsents(const v1::Command& command) {
  return command.has_file_licence() || command.has_change_licence();
}

size_t RequiredSigners(const v1::Command& command,
                       const std::set<std::string>& others) {
  const Rule* rule = RuleFor(command);
  if (rule == nullptr) return 1;
  if (TakesConsents(command)) {
    return 1 + others.size() - others.count(command.actor());
  }
  switch (rule->signers) {
    case Signers::kRootAndNewKey:
    case Signers::kOfficerAndNewKey:
    case Signers::kActorAndNewKey:
    case Signers::kTwoOfficers:
      return 2;
    case Signers::kApplicants:
      return ApplicantsWhoSign(command);
    default:
      return 1;
  }
}

}  // namespace dataip::registry
