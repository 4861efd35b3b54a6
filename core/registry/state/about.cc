#include "core/registry/state/about.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/registry/state/state.h"

namespace dataip::registry {
namespace {

using Type = ObjectType;

// The first of these: a request, an objection and a licence name what they
// belong to as well.
template <typename Body>
Object Named(const Body& body) {
  if constexpr (requires { body.officer_id(); }) {
    return {Type::kOfficer, body.officer_id()};
  } else if constexpr (requires { body.attorney_no(); }) {
    return {Type::kAttorney, body.attorney_no()};
  } else if constexpr (requires { body.draft_no(); }) {
    return {Type::kDraft, body.draft_no()};
  } else if constexpr (requires { body.batch_no(); }) {
    return {Type::kBatch, body.batch_no()};
  } else if constexpr (requires { body.objection_no(); }) {
    return {Type::kObjection, body.objection_no()};
  } else if constexpr (requires { body.request_no(); }) {
    return {Type::kRequest, body.request_no()};
  } else if constexpr (requires { body.revocation_no(); }) {
    return {Type::kRevocation, body.revocation_no()};
  } else if constexpr (requires { body.freeze_no(); }) {
    return {Type::kFreeze, body.freeze_no()};
  } else if constexpr (requires { body.pledge_no(); }) {
    return {Type::kPledge, body.pledge_no()};
  } else if constexpr (requires { body.licence_no(); }) {
    return {Type::kLicence, body.licence_no()};
  } else if constexpr (requires { body.application_no(); }) {
    return {Type::kApplication, body.application_no()};
  } else if constexpr (requires { body.certificate_number(); }) {
    return {Type::kCertificate, body.certificate_number()};
  } else {
    return body.items().empty() ? Object() : Named(body.items(0));
  }
}

// By what the body holds whole, else by the number that it names.
template <typename Body>
Object Held(const Body& body) {
  if constexpr (requires { body.officer().officer_id(); }) {
    return {Type::kOfficer, body.officer().officer_id()};
  } else if constexpr (requires { body.party().party_number(); }) {
    return {Type::kParty, body.party().party_number()};
  } else if constexpr (requires { body.attorney().attorney_no(); }) {
    return {Type::kAttorney, body.attorney().attorney_no()};
  } else if constexpr (requires { body.draft().draft_no(); }) {
    return {Type::kDraft, body.draft().draft_no()};
  } else if constexpr (requires { body.application().application_no(); }) {
    return {Type::kApplication, body.application().application_no()};
  } else if constexpr (requires { body.objection().objection_no(); }) {
    return {Type::kObjection, body.objection().objection_no()};
  } else if constexpr (requires { body.request().request_no(); }) {
    return {Type::kRequest, body.request().request_no()};
  } else if constexpr (requires { body.revocation().revocation_no(); }) {
    return {Type::kRevocation, body.revocation().revocation_no()};
  } else if constexpr (requires { body.freeze().freeze_no(); }) {
    return {Type::kFreeze, body.freeze().freeze_no()};
  } else if constexpr (requires { body.pledge().pledge_no(); }) {
    return {Type::kPledge, body.pledge().pledge_no()};
  } else if constexpr (requires { body.licence().licence_no(); }) {
    return {Type::kLicence, body.licence().licence_no()};
  } else {
    return Named(body);
  }
}

template <auto kBody, typename Message>
Object In(const Message& message) {
  return Held((message.*kBody)());
}

template <auto kBody, typename Message>
Object TableIn(const Message& message) {
  return {Type::kTable, (message.*kBody)().name()};
}

template <typename Message>
Object Registry(const Message&) {
  return {Type::kRegistry, "registry"};
}

template <typename Message>
Object Clock(const Message&) {
  return {Type::kClock, "clock"};
}

// Its number stands in the bytes of its records.
Object InRecords(const v1::Event&) { return {Type::kCertificate, ""}; }

Object KeyOwner(const v1::Event& event) {
  absl::string_view actor = event.key_enrolled().actor();
  const bool officer = absl::ConsumePrefix(&actor, kOfficerPrefix);
  return {officer ? Type::kOfficer : Type::kParty, actor};
}

template <typename Message>
using Answer = Object (*)(const Message&);

template <typename Message>
struct Row {
  int which;
  Answer<Message> answer;
};

// Those that are not here are about nothing.
constexpr Row<v1::Event> kEvents[] = {
    {v1::Event::kRegistryOpened, Registry},
    {v1::Event::kTableLoaded, TableIn<&v1::Event::table_loaded>},
    {v1::Event::kOfficerRegistered, In<&v1::Event::officer_registered>},
    {v1::Event::kPartyRegistered, In<&v1::Event::party_registered>},
    {v1::Event::kKeyEnrolled, KeyOwner},
    {v1::Event::kClockAdvanced, Clock},
    {v1::Event::kPayloadErased, Registry},
    {v1::Event::kApplicationSubmitted, In<&v1::Event::application_submitted>},
    {v1::Event::kCorrectionRequested, In<&v1::Event::correction_requested>},
    {v1::Event::kCorrectionFiled, In<&v1::Event::correction_filed>},
    {v1::Event::kDeemedWithdrawn, In<&v1::Event::deemed_withdrawn>},
    {v1::Event::kApplicationWithdrawn, In<&v1::Event::application_withdrawn>},
    {v1::Event::kApplicationRefused, In<&v1::Event::application_refused>},
    {v1::Event::kNoticeOpened, In<&v1::Event::notice_opened>},
    {v1::Event::kApplicationRegistered, In<&v1::Event::application_registered>},
    {v1::Event::kCertificateIssued, InRecords},
    {v1::Event::kCertificateAnnounced, In<&v1::Event::certificate_announced>},
    {v1::Event::kStatusChanged, InRecords},
    {v1::Event::kLicenceFiled, In<&v1::Event::licence_filed>},
    {v1::Event::kUsageRecorded, In<&v1::Event::usage_recorded>},
    {v1::Event::kAttorneyGranted, In<&v1::Event::attorney_granted>},
    {v1::Event::kAttorneyRevoked, In<&v1::Event::attorney_revoked>},
    {v1::Event::kApplicationPrepared, In<&v1::Event::application_prepared>},
    {v1::Event::kApplicationCosigned, In<&v1::Event::application_cosigned>},
    {v1::Event::kDraftDiscarded, In<&v1::Event::draft_discarded>},
    {v1::Event::kOpinionRecorded, In<&v1::Event::opinion_recorded>},
    {v1::Event::kApplicationClaimed, In<&v1::Event::application_claimed>},
    {v1::Event::kApplicationReleased, In<&v1::Event::application_released>},
    {v1::Event::kBatchDecided, In<&v1::Event::batch_decided>},
    {v1::Event::kObjectionFiled, In<&v1::Event::objection_filed>},
    {v1::Event::kObjectionAccepted, In<&v1::Event::objection_accepted>},
    {v1::Event::kObjectionRejected, In<&v1::Event::objection_rejected>},
    {v1::Event::kObjectionForwarded, In<&v1::Event::objection_forwarded>},
    {v1::Event::kObjectionAnswered, In<&v1::Event::objection_answered>},
    {v1::Event::kObjectionUpheld, In<&v1::Event::objection_upheld>},
    {v1::Event::kReplyDefaulted, In<&v1::Event::reply_defaulted>},
    {v1::Event::kObjectionDismissed, In<&v1::Event::objection_dismissed>},
    {v1::Event::kObjectionWithdrawn, In<&v1::Event::objection_withdrawn>},
    {v1::Event::kNoticeResumed, In<&v1::Event::notice_resumed>},
    {v1::Event::kProceedingsSuspended, In<&v1::Event::proceedings_suspended>},
    {v1::Event::kProceedingsResumed, In<&v1::Event::proceedings_resumed>},
    {v1::Event::kRequestFiled, In<&v1::Event::request_filed>},
    {v1::Event::kRequestCosigned, In<&v1::Event::request_cosigned>},
    {v1::Event::kRequestWithdrawn, In<&v1::Event::request_withdrawn>},
    {v1::Event::kRequestRefused, In<&v1::Event::request_refused>},
    {v1::Event::kRequestGranted, In<&v1::Event::request_granted>},
    {v1::Event::kPledgeRegistered, In<&v1::Event::pledge_registered>},
    {v1::Event::kPledgeReleased, In<&v1::Event::pledge_released>},
    {v1::Event::kPledgeChanged, In<&v1::Event::pledge_changed>},
    {v1::Event::kCertificateExpired, In<&v1::Event::certificate_expired>},
    {v1::Event::kRevocationOpened, In<&v1::Event::revocation_opened>},
    {v1::Event::kRevocationHeard, In<&v1::Event::revocation_heard>},
    {v1::Event::kCertificateRevoked, In<&v1::Event::certificate_revoked>},
    {v1::Event::kRevocationDropped, In<&v1::Event::revocation_dropped>},
    {v1::Event::kCertificateFrozen, In<&v1::Event::certificate_frozen>},
    {v1::Event::kFreezeReleased, In<&v1::Event::freeze_released>},
    {v1::Event::kCertificateCorrected, In<&v1::Event::certificate_corrected>},
    {v1::Event::kCertificateImported, In<&v1::Event::certificate_imported>},
    {v1::Event::kLicenceConfirmed, In<&v1::Event::licence_confirmed>},
    {v1::Event::kLicenceEnded, In<&v1::Event::licence_ended>},
    {v1::Event::kLicenceChanged, In<&v1::Event::licence_changed>},
    {v1::Event::kProfileAdopted, Registry},
    {v1::Event::kFieldDisclosed, In<&v1::Event::field_disclosed>},
    {v1::Event::kOpeningsErased, Registry},
};

constexpr Row<v1::Command> kCommands[] = {
    {v1::Command::kOpenRegistry, Registry},
    {v1::Command::kLoadTable, TableIn<&v1::Command::load_table>},
    {v1::Command::kRegisterOfficer, In<&v1::Command::register_officer>},
    {v1::Command::kAdvanceClock, Clock},
    {v1::Command::kErasePayload, Registry},
    {v1::Command::kSubmitApplication, In<&v1::Command::submit_application>},
    {v1::Command::kRequestCorrection, In<&v1::Command::request_correction>},
    {v1::Command::kCorrectApplication, In<&v1::Command::correct_application>},
    {v1::Command::kCloseOverdueCorrection,
     In<&v1::Command::close_overdue_correction>},
    {v1::Command::kWithdrawApplication, In<&v1::Command::withdraw_application>},
    {v1::Command::kRefuseApplication, In<&v1::Command::refuse_application>},
    {v1::Command::kOpenNotice, In<&v1::Command::open_notice>},
    {v1::Command::kRegisterApplication, In<&v1::Command::register_application>},
    {v1::Command::kFileLicence, In<&v1::Command::file_licence>},
    {v1::Command::kRecordUsage, In<&v1::Command::record_usage>},
    {v1::Command::kRevokeAttorney, In<&v1::Command::revoke_attorney>},
    {v1::Command::kPrepareApplication, In<&v1::Command::prepare_application>},
    {v1::Command::kCosignApplication, In<&v1::Command::cosign_application>},
    {v1::Command::kDiscardDraft, In<&v1::Command::discard_draft>},
    {v1::Command::kRecordOpinion, In<&v1::Command::record_opinion>},
    {v1::Command::kClaimApplication, In<&v1::Command::claim_application>},
    {v1::Command::kReleaseApplication, In<&v1::Command::release_application>},
    {v1::Command::kRequestCorrections, In<&v1::Command::request_corrections>},
    {v1::Command::kOpenNotices, In<&v1::Command::open_notices>},
    {v1::Command::kRegisterApplications,
     In<&v1::Command::register_applications>},
    {v1::Command::kFileObjection, In<&v1::Command::file_objection>},
    {v1::Command::kAcceptObjection, In<&v1::Command::accept_objection>},
    {v1::Command::kRejectObjection, In<&v1::Command::reject_objection>},
    {v1::Command::kForwardObjection, In<&v1::Command::forward_objection>},
    {v1::Command::kAnswerObjection, In<&v1::Command::answer_objection>},
    {v1::Command::kUpholdObjection, In<&v1::Command::uphold_objection>},
    {v1::Command::kCloseUnansweredObjection,
     In<&v1::Command::close_unanswered_objection>},
    {v1::Command::kDismissObjection, In<&v1::Command::dismiss_objection>},
    {v1::Command::kWithdrawObjection, In<&v1::Command::withdraw_objection>},
    {v1::Command::kSuspendApplication, In<&v1::Command::suspend_application>},
    {v1::Command::kResumeApplication, In<&v1::Command::resume_application>},
    {v1::Command::kFileRequest, In<&v1::Command::file_request>},
    {v1::Command::kCosignRequest, In<&v1::Command::cosign_request>},
    {v1::Command::kWithdrawRequest, In<&v1::Command::withdraw_request>},
    {v1::Command::kRefuseRequest, In<&v1::Command::refuse_request>},
    {v1::Command::kGrantRequest, In<&v1::Command::grant_request>},
    {v1::Command::kExpireCertificate, In<&v1::Command::expire_certificate>},
    {v1::Command::kOpenRevocation, In<&v1::Command::open_revocation>},
    {v1::Command::kStateInRevocation, In<&v1::Command::state_in_revocation>},
    {v1::Command::kRevokeCertificate, In<&v1::Command::revoke_certificate>},
    {v1::Command::kDropRevocation, In<&v1::Command::drop_revocation>},
    {v1::Command::kFreezeCertificate, In<&v1::Command::freeze_certificate>},
    {v1::Command::kReleaseFreeze, In<&v1::Command::release_freeze>},
    {v1::Command::kEndFreeze, In<&v1::Command::end_freeze>},
    {v1::Command::kCorrectCertificate, In<&v1::Command::correct_certificate>},
    {v1::Command::kConfirmLicence, In<&v1::Command::confirm_licence>},
    {v1::Command::kEndLicence, In<&v1::Command::end_licence>},
    {v1::Command::kChangeLicence, In<&v1::Command::change_licence>},
    {v1::Command::kAdoptProfile, Registry},
    {v1::Command::kDiscloseField, In<&v1::Command::disclose_field>},
    {v1::Command::kEraseOpenings, Registry},
};

// At the field numbers of the bodies: every event is asked here, often.
template <const auto& kRows>
constexpr auto ByWhich() {
  using Ask = decltype(kRows[0].answer);
  constexpr int kLast = std::max_element(std::begin(kRows), std::end(kRows),
                                         [](const auto& a, const auto& b) {
                                           return a.which < b.which;
                                         })
                            ->which;
  std::array<Ask, kLast + 1> answers{};
  for (const auto& row : kRows) answers[row.which] = row.answer;
  return answers;
}

constexpr auto kEventAnswers = ByWhich<kEvents>();
constexpr auto kCommandAnswers = ByWhich<kCommands>();

template <typename Answers, typename Message>
Object AnswerOf(const Answers& answers, int which, const Message& message) {
  const size_t at = static_cast<size_t>(which);
  if (at >= answers.size() || answers[at] == nullptr) return {};
  return answers[at](message);
}

absl::string_view PrefixOf(ObjectType type) {
  switch (type) {
    case Type::kNothing:
    case Type::kRegistry:
    case Type::kClock:
      return "";
    case Type::kTable:
      return "tables/";
    case Type::kOfficer:
      return "officers/";
    case Type::kParty:
      return "parties/";
    case Type::kAttorney:
      return "attorneys/";
    case Type::kDraft:
      return "drafts/";
    case Type::kApplication:
      return "applications/";
    case Type::kBatch:
      return "batches/";
    case Type::kObjection:
      return "objections/";
    case Type::kCertificate:
      return "certificates/";
    case Type::kRequest:
      return "requests/";
    case Type::kRevocation:
      return "revocations/";
    case Type::kFreeze:
      return "freezes/";
    case Type::kPledge:
      return "pledges/";
    case Type::kLicence:
      return "licences/";
  }
  return "";
}

}  // namespace

Object ObjectOf(const v1::Event& event) {
  return AnswerOf(kEventAnswers, event.event_case(), event);
}

Object ObjectOf(const v1::Command& command) {
  return AnswerOf(kCommandAnswers, command.body_case(), command);
}

std::string StreamOf(const Object& object) {
  return absl::StrCat(PrefixOf(object.type), object.number);
}

}  // namespace dataip::registry
