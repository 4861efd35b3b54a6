#include "core/registry/queue/part.h"

#include <algorithm>

#include "core/registry/certificate/certificate_orders.h"
#include "core/registry/party/attorneys.h"

namespace dataip::registry {
namespace {

constexpr v1::AttorneyAct kActsInDrafts[] = {v1::ACT_FILE};
constexpr v1::AttorneyAct kActsInApplications[] = {
    v1::ACT_FILE, v1::ACT_CORRECT, v1::ACT_WITHDRAW, v1::ACT_ANSWER};
constexpr v1::AttorneyAct kActsInRequests[] = {v1::ACT_CERTIFICATE};
constexpr v1::AttorneyAct kActsInHearings[] = {v1::ACT_ANSWER};
constexpr v1::AttorneyAct kActsInObjections[] = {v1::ACT_OBJECT};
constexpr v1::AttorneyAct kActsInLicences[] = {v1::ACT_LICENCE};

}  // namespace

Part::Part(const State& state, absl::string_view party, const CivilDate& today)
    : state_(state), party_(party), today_(today) {
  for (const auto& [sides, powers] : state.attorneys_between) {
    if (sides.second == party) principals_.insert(sides.first);
  }
}

bool Part::In(const v1::Draft& draft) const {
  return InForm(draft.form(), {kActsInDrafts, ""});
}

bool Part::In(const v1::Application& application) const {
  return application.agent() == party_ ||
         InForm(application.form(),
                {kActsInApplications, application.application_no()});
}

bool Part::In(const v1::CertificateRequest& request) const {
  const Matter matter{kActsInRequests, request.certificate_number()};
  return StandsFor(request.requester(), matter) ||
         std::any_of(request.cosigners().begin(), request.cosigners().end(),
                     [&](const std::string& cosigner) {
                       return StandsFor(cosigner, matter);
                     });
}

bool Part::In(const v1::Revocation& revocation) const {
  const v1::Certificate* certificate =
      NewestSheet(state_, revocation.certificate_number());
  if (certificate == nullptr) return false;
  const Matter matter{kActsInHearings, certificate->number()};
  const auto& holders = certificate->content().holders();
  return std::any_of(holders.begin(), holders.end(),
                     [&](const v1::Holder& holder) {
                       return StandsFor(holder.party_number(), matter);
                     });
}

bool Part::In(const v1::Objection& objection) const {
  return StandsFor(objection.objector(),
                   {kActsInObjections, objection.application_no()});
}

bool Part::In(const v1::Licence& licence) const {
  return StandsFor(licence.licensee(),
                   {kActsInLicences, licence.certificate_number()});
}

bool Part::InForm(const v1::ApplicationForm& form, const Matter& matter) const {
  return std::any_of(form.applicants().begin(), form.applicants().end(),
                     [&](const v1::Applicant& one) {
                       return StandsFor(one.party_number(), matter);
                     });
}

bool Part::StandsFor(absl::string_view other, const Matter& matter) const {
  if (other == party_) return true;
  if (principals_.count(other) == 0) return false;
  return std::any_of(
      matter.acts.begin(), matter.acts.end(), [&](v1::AttorneyAct act) {
        return MayActFor(state_, {party_, other, act, matter.object}, today_);
      });
}

}  // namespace dataip::registry
