#include "core/registry/state/profiles.h"

#include <string>

namespace dataip::registry {
namespace {

const v1::ProfileRef* OfApplication(const State& state,
                                    const std::string& number) {
  const v1::Application* found = FindApplication(state, number);
  return found == nullptr ? nullptr : &found->profile();
}

const v1::ProfileRef* OfObjection(const State& state,
                                  const std::string& number) {
  const v1::Objection* found = FindObjection(state, number);
  return found == nullptr ? nullptr
                          : OfApplication(state, found->application_no());
}

const v1::ProfileRef* OfRequest(const State& state, const std::string& number) {
  const v1::CertificateRequest* found = FindRequest(state, number);
  return found == nullptr ? nullptr : &found->profile();
}

// One that was issued before certificates kept their profile has none.
const v1::ProfileRef* OfCertificate(const State& state,
                                    const std::string& number) {
  const v1::Certificate* found = FindCertificate(state, number);
  return found == nullptr || found->profile().sha256().empty()
             ? nullptr
             : &found->profile();
}

const v1::ProfileRef* OfRevocation(const State& state,
                                   const std::string& number) {
  const v1::Revocation* found = FindRevocation(state, number);
  return found == nullptr ? nullptr
                          : OfCertificate(state, found->certificate_number());
}

const v1::ProfileRef* OfFreeze(const State& state, const std::string& number) {
  const auto found = state.freezes.find(number);
  return found == state.freezes.end()
             ? nullptr
             : OfCertificate(state, found->second.certificate_number());
}

// A batch is of one profile (batch_items.h), that of its first item.
template <typename Body>
const v1::ProfileRef* OfBatch(const State& state, const Body& body) {
  return body.items().empty()
             ? nullptr
             : OfApplication(state, body.items(0).application_no());
}

const v1::ProfileRef* OfCase(const State& state, const v1::Command& command) {
  switch (command.body_case()) {
    case v1::Command::kRequestCorrection:
      return OfApplication(state,
                           command.request_correction().application_no());
    case v1::Command::kCorrectApplication:
      return OfApplication(state,
                           command.correct_application().application_no());
    case v1::Command::kCloseOverdueCorrection:
      return OfApplication(state,
                           command.close_overdue_correction().application_no());
    case v1::Command::kWithdrawApplication:
      return OfApplication(state,
                           command.withdraw_application().application_no());
    case v1::Command::kRefuseApplication:
      return OfApplication(state,
                           command.refuse_application().application_no());
    case v1::Command::kOpenNotice:
      return OfApplication(state, command.open_notice().application_no());
    case v1::Command::kRegisterApplication:
      return OfApplication(state,
                           command.register_application().application_no());
    case v1::Command::kRecordOpinion:
      return OfApplication(state, command.record_opinion().application_no());
    case v1::Command::kClaimApplication:
      return OfApplication(state, command.claim_application().application_no());
    case v1::Command::kReleaseApplication:
      return OfApplication(state,
                           command.release_application().application_no());
    case v1::Command::kFileObjection:
      return OfApplication(state, command.file_objection().application_no());
    case v1::Command::kSuspendApplication:
      return OfApplication(state,
                           command.suspend_application().application_no());
    case v1::Command::kResumeApplication:
      return OfApplication(state,
                           command.resume_application().application_no());
    case v1::Command::kDiscloseField:
      return OfApplication(state, command.disclose_field().application_no());
    case v1::Command::kAcceptObjection:
      return OfObjection(state, command.accept_objection().objection_no());
    case v1::Command::kRejectObjection:
      return OfObjection(state, command.reject_objection().objection_no());
    case v1::Command::kForwardObjection:
      return OfObjection(state, command.forward_objection().objection_no());
    case v1::Command::kAnswerObjection:
      return OfObjection(state, command.answer_objection().objection_no());
    case v1::Command::kUpholdObjection:
      return OfObjection(state, command.uphold_objection().objection_no());
    case v1::Command::kCloseUnansweredObjection:
      return OfObjection(state,
                         command.close_unanswered_objection().objection_no());
    case v1::Command::kDismissObjection:
      return OfObjection(state, command.dismiss_objection().objection_no());
    case v1::Command::kWithdrawObjection:
      return OfObjection(state, command.withdraw_objection().objection_no());
    case v1::Command::kCosignRequest:
      return OfRequest(state, command.cosign_request().request_no());
    case v1::Command::kWithdrawRequest:
      return OfRequest(state, command.withdraw_request().request_no());
    case v1::Command::kRefuseRequest:
      return OfRequest(state, command.refuse_request().request_no());
    case v1::Command::kGrantRequest:
      return OfRequest(state, command.grant_request().request_no());
    case v1::Command::kExpireCertificate:
      return OfCertificate(state,
                           command.expire_certificate().certificate_number());
    case v1::Command::kOpenRevocation:
      return OfCertificate(state,
                           command.open_revocation().certificate_number());
    case v1::Command::kStateInRevocation:
      return OfRevocation(state, command.state_in_revocation().revocation_no());
    case v1::Command::kRevokeCertificate:
      return OfRevocation(state, command.revoke_certificate().revocation_no());
    case v1::Command::kDropRevocation:
      return OfRevocation(state, command.drop_revocation().revocation_no());
    case v1::Command::kFreezeCertificate:
      return OfCertificate(state,
                           command.freeze_certificate().certificate_number());
    case v1::Command::kReleaseFreeze:
      return OfFreeze(state, command.release_freeze().freeze_no());
    case v1::Command::kEndFreeze:
      return OfFreeze(state, command.end_freeze().freeze_no());
    case v1::Command::kCorrectCertificate:
      return OfCertificate(state,
                           command.correct_certificate().certificate_number());
    case v1::Command::kRequestCorrections:
      return OfBatch(state, command.request_corrections());
    case v1::Command::kOpenNotices:
      return OfBatch(state, command.open_notices());
    case v1::Command::kRegisterApplications:
      return OfBatch(state, command.register_applications());
    default:
      return nullptr;
  }
}

}  // namespace

v1::ProfileRef ProfileOn(const State& state, const CivilDate& day) {
  v1::ProfileRef in_force;
  for (const Adoption& adoption : state.adoptions) {
    if (in_force.sha256().empty() || !(day < adoption.effective_from)) {
      in_force = adoption.profile;
    }
  }
  if (in_force.sha256().empty()) {
    in_force.set_profile_id(state.registry.profile_id());
  }
  return in_force;
}

v1::ProfileRef ProfileFor(const State& state, const v1::Command& command,
                          int64_t decided_at_ms) {
  const v1::ProfileRef* of_case = OfCase(state, command);
  return of_case != nullptr ? *of_case
                            : ProfileOn(state, ShanghaiDate(decided_at_ms));
}

const Profile* ValuesOf(const State& state, const v1::ProfileRef& ref) {
  const auto found = state.profiles.find(ref.sha256());
  return found == state.profiles.end() ? nullptr : found->second.get();
}

}  // namespace dataip::registry
