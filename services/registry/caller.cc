#include "services/registry/caller.h"

#include <algorithm>
#include <span>

#include "core/registry/form/public_snapshot.h"
#include "core/registry/party/attorneys.h"
#include "core/registry/state/context.h"

namespace dataip::registryd {
namespace {

using registry::State;

constexpr v1::AttorneyAct kOfApplications[] = {
    v1::ACT_FILE, v1::ACT_CORRECT, v1::ACT_WITHDRAW, v1::ACT_ANSWER};
constexpr v1::AttorneyAct kOfDrafts[] = {v1::ACT_FILE};
constexpr v1::AttorneyAct kOfObjectors[] = {v1::ACT_OBJECT};
constexpr v1::AttorneyAct kOfCertificates[] = {v1::ACT_CERTIFICATE};
constexpr v1::AttorneyAct kOfLicences[] = {v1::ACT_LICENCE};

// Number, state and times.
v1::Application BeforeNotice(const v1::Application& application) {
  v1::Application shown;
  shown.set_application_no(application.application_no());
  shown.set_version(application.version());
  shown.set_state(application.state());
  shown.set_submitted_at_ms(application.submitted_at_ms());
  shown.set_updated_at_ms(application.updated_at_ms());
  shown.set_correction_requested_at_ms(
      application.correction_requested_at_ms());
  shown.set_applicant_time_ms(application.applicant_time_ms());
  shown.set_waiting_time_ms(application.waiting_time_ms());
  if (application.has_correction_deadline()) {
    *shown.mutable_correction_deadline() = application.correction_deadline();
  }
  if (application.has_review_deadline()) {
    *shown.mutable_review_deadline() = application.review_deadline();
  }
  return shown;
}

v1::ApplicationForm PublicForm(const State& state,
                               const v1::Application& application) {
  const v1::ApplicationForm& form = application.form();
  v1::ApplicationForm shown;
  shown.set_name(form.name());
  shown.set_object_kind(form.object_kind());
  *shown.mutable_applicants() = form.applicants();
  v1::PublicSnapshot snapshot = registry::PublicSnapshotOf(state, application);
  shown.set_industry_code(snapshot.industry_code());
  shown.set_region_code(snapshot.region_code());
  if (form.has_scenario())
    shown.mutable_scenario()->Swap(snapshot.mutable_scenario());
  // As the form has them, so that a path means the same to every reader.
  if (!snapshot.sources().empty()) {
    for (const v1::Source& source : form.sources()) {
      shown.add_sources()->set_category(source.category());
    }
  }
  shown.set_record_count(snapshot.record_count());
  shown.set_byte_size(snapshot.byte_size());
  shown.set_update_frequency(snapshot.update_frequency());
  shown.set_algorithm_summary(snapshot.algorithm_summary());
  if (form.has_deposit())
    shown.mutable_deposit()->Swap(snapshot.mutable_deposit());
  return shown;
}

// The certificate that a request, revocation, freeze, pledge or licence lies
// on; empty when it is not there any more.
template <typename Map>
std::string CertificateOf(const Map& map, absl::string_view number) {
  const auto found = map.find(std::string(number));
  return found == map.end() ? "" : found->second.certificate_number();
}

Matter MatterOfObjection(const State& state, absl::string_view number,
                         absl::string_view party) {
  const auto found = state.objections.find(std::string(number));
  if (found == state.objections.end()) return {kOfObjectors, ""};
  const v1::Objection& objection = found->second;
  if (party == objection.objector()) {
    return {kOfObjectors, objection.application_no()};
  }
  return {kOfApplications, objection.application_no()};
}

// Whether a power of the principal for the agent was never revoked.
bool IsTrusted(const State& state, const std::string& principal,
               const std::string& agent) {
  const auto powers = state.attorneys_between.find({principal, agent});
  if (powers == state.attorneys_between.end()) return false;
  return std::any_of(powers->second.begin(), powers->second.end(),
                     [&](const std::string& number) {
                       const auto power = state.attorneys.find(number);
                       return power != state.attorneys.end() &&
                              power->second.revoked_on().empty();
                     });
}

bool FiledIt(const Caller& caller, const State& state,
             const v1::Application& application) {
  if (application.agent().empty() || !IsParty(caller, application.agent())) {
    return false;
  }
  const auto& applicants = application.form().applicants();
  return std::any_of(applicants.begin(), applicants.end(),
                     [&](const v1::Applicant& applicant) {
                       return applicant.primary() &&
                              IsTrusted(state, applicant.party_number(),
                                        application.agent());
                     });
}

bool StandsForApplicant(const Caller& caller, const State& state,
                        const v1::ApplicationForm& form, const Matter& matter) {
  return std::any_of(form.applicants().begin(), form.applicants().end(),
                     [&](const v1::Applicant& applicant) {
                       return StandsFor(caller, state, applicant.party_number(),
                                        matter);
                     });
}

bool StandsForHolder(const Caller& caller, const State& state,
                     const v1::Certificate& certificate) {
  const Matter matter{kOfCertificates, certificate.number()};
  const auto& holders = certificate.content().holders();
  return std::any_of(
      holders.begin(), holders.end(), [&](const v1::Holder& holder) {
        return StandsFor(caller, state, holder.party_number(), matter);
      });
}

}  // namespace

registry::CivilDate TodayOf(const State& state, int64_t now_ms) {
  return registry::ShanghaiDate(registry::DecisionTimeMs(state, {}, now_ms));
}

bool SeesAll(const Caller& caller, const State& state) {
  if (!caller.actor.has_value()) return false;
  return *caller.actor == registry::kRootActor ||
         registry::FindOfficer(state, *caller.actor) != nullptr;
}

// By the letter of its number (core/registry/values/number_scheme.h).
Matter MatterOf(const State& state, absl::string_view object_no,
                absl::string_view party) {
  switch (object_no.empty() ? '\0' : object_no.front()) {
    case 'A':
      return {};
    case 'D':
      return {kOfDrafts, ""};
    case 'O':
      return MatterOfObjection(state, object_no, party);
    case 'Q':
      return {kOfCertificates, CertificateOf(state.requests, object_no)};
    case 'V':
      return {kOfCertificates, CertificateOf(state.revocations, object_no)};
    case 'F':
      return {kOfCertificates, CertificateOf(state.freezes, object_no)};
    case 'G':
      return {kOfCertificates, CertificateOf(state.pledges, object_no)};
    case 'L': {
      const auto* found = registry::FindLicence(state, object_no);
      return {kOfLicences,
              found == nullptr ? "" : found->licence.certificate_number()};
    }
    default:
      break;
  }
  const bool certificate =
      registry::FindApplication(state, object_no) == nullptr &&
      registry::FindCertificate(state, object_no) != nullptr;
  if (certificate) return {kOfCertificates, std::string(object_no)};
  return {kOfApplications, std::string(object_no)};
}

bool StandsFor(const Caller& caller, const State& state,
               absl::string_view party, const Matter& matter) {
  if (!caller.actor.has_value()) return false;
  if (IsParty(caller, party)) return true;
  const registry::CivilDate today = TodayOf(state, caller.now_ms);
  return std::any_of(
      matter.acts.begin(), matter.acts.end(), [&](v1::AttorneyAct act) {
        return registry::MayActFor(
            state, {*caller.actor, party, act, matter.object}, today);
      });
}

bool IsParty(const Caller& caller, absl::string_view party_number) {
  return caller.actor.has_value() &&
         absl::string_view(*caller.actor) == party_number;
}

bool SeesApplication(const Caller& caller, const State& state,
                     const v1::Application& application) {
  return SeesAll(caller, state) || FiledIt(caller, state, application) ||
         StandsForApplicant(caller, state, application.form(),
                            MatterOf(state, application.application_no(), ""));
}

bool IsNoticed(const v1::Application& application) {
  return application.notice_opened_at_ms() != 0;
}

v1::Application PublicPart(const State& state,
                           const v1::Application& application) {
  if (!IsNoticed(application)) return BeforeNotice(application);
  v1::Application shown = application;
  *shown.mutable_form() = PublicForm(state, application);
  shown.clear_defects();
  shown.clear_refusal_reason();
  shown.clear_proceedings();
  shown.clear_agent();
  shown.clear_draft_no();
  shown.clear_claimed_by();
  shown.clear_duplicates();
  shown.clear_data_department();
  return shown;
}

bool SeesLicence(const Caller& caller, const State& state,
                 const v1::Licence& licence) {
  const auto stands_for = [&](const std::string& party) {
    return StandsFor(caller, state, party,
                     MatterOf(state, licence.licence_no(), party));
  };
  return SeesAll(caller, state) || stands_for(licence.licensor()) ||
         stands_for(licence.licensee());
}

v1::Licence PublicPart(const v1::Licence& licence) {
  v1::Licence shown = licence;
  shown.clear_price();
  shown.clear_contract_no();
  return shown;
}

bool SeesDraft(const Caller& caller, const State& state,
               const v1::Draft& draft) {
  return SeesAll(caller, state) ||
         StandsForApplicant(caller, state, draft.form(),
                            MatterOf(state, draft.draft_no(), ""));
}

bool SeesAttorney(const Caller& caller, const State& state,
                  const v1::PowerOfAttorney& power) {
  return SeesAll(caller, state) || IsParty(caller, power.principal()) ||
         IsParty(caller, power.agent());
}

ObjectionPart SeesObjection(const Caller& caller, const State& state,
                            const v1::Objection& objection) {
  const std::string& objector = objection.objector();
  const Matter matter = MatterOf(state, objection.objection_no(), objector);
  if (SeesAll(caller, state) || StandsFor(caller, state, objector, matter)) {
    return ObjectionPart::kWhole;
  }
  const v1::Application* application =
      registry::FindApplication(state, objection.application_no());
  if (application == nullptr || !SeesApplication(caller, state, *application)) {
    return ObjectionPart::kNone;
  }
  // It has a deadline for the answer exactly when it was forwarded.
  return objection.has_reply_deadline() ? ObjectionPart::kWhole
                                        : ObjectionPart::kThatThereIsOne;
}

v1::Objection PartOf(const v1::Objection& objection, ObjectionPart part) {
  if (part == ObjectionPart::kWhole) return objection;
  v1::Objection shown;
  if (part == ObjectionPart::kNone) return shown;
  shown.set_objection_no(objection.objection_no());
  shown.set_version(objection.version());
  shown.set_state(objection.state());
  shown.set_application_no(objection.application_no());
  shown.set_filed_at_ms(objection.filed_at_ms());
  shown.set_updated_at_ms(objection.updated_at_ms());
  if (objection.has_forward_deadline()) {
    *shown.mutable_forward_deadline() = objection.forward_deadline();
  }
  return shown;
}

bool SeesRequest(const Caller& caller, const State& state,
                 const v1::CertificateRequest& request) {
  const auto stands_for = [&](const std::string& party) {
    return StandsFor(caller, state, party,
                     MatterOf(state, request.request_no(), party));
  };
  if (SeesAll(caller, state) || stands_for(request.requester()) ||
      std::any_of(request.cosigners().begin(), request.cosigners().end(),
                  stands_for)) {
    return true;
  }
  const v1::Certificate* certificate =
      registry::FindCertificate(state, request.certificate_number());
  return certificate != nullptr && StandsForHolder(caller, state, *certificate);
}

bool IsSameRegistration(const State& state, absl::string_view one,
                        absl::string_view other) {
  if (one == other) return true;
  const v1::Certificate* a = registry::FindCertificate(state, one);
  const v1::Certificate* b = registry::FindCertificate(state, other);
  if (a == nullptr || b == nullptr) return false;
  const std::string& number = a->content().registration_number();
  return a == b ||
         (!number.empty() && number == b->content().registration_number());
}

bool SeesImport(const Caller& caller, const State& state,
                const v1::Certificate& certificate) {
  return SeesAll(caller, state) || StandsForHolder(caller, state, certificate);
}

bool SeesEncumbrances(const Caller& caller, const State& state,
                      const v1::Certificate& certificate) {
  if (SeesImport(caller, state, certificate)) return true;
  const Matter matter{kOfCertificates, certificate.number()};
  return std::any_of(
      state.pledges.begin(), state.pledges.end(), [&](const auto& entry) {
        const v1::Pledge& pledge = entry.second;
        return IsSameRegistration(state, pledge.certificate_number(),
                                  certificate.number()) &&
               StandsFor(caller, state, pledge.pledgee(), matter);
      });
}

}  // namespace dataip::registryd
