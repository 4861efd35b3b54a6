#include "services/registry/caller.h"

#include "core/registry/public_snapshot.h"

namespace dataip::registryd {
namespace {

v1::ApplicationForm PublicForm(const registry::State& state,
                               const v1::Application& application) {
  const v1::ApplicationForm& form = application.form();
  v1::ApplicationForm shown;
  shown.set_name(form.name());
  shown.set_object_kind(form.object_kind());
  *shown.mutable_applicants() = form.applicants();
  if (application.notice_opened_at_ms() == 0) return shown;
  v1::PublicSnapshot snapshot = registry::PublicSnapshotOf(state, application);
  shown.set_industry_code(snapshot.industry_code());
  shown.set_region_code(snapshot.region_code());
  if (form.has_scenario())
    shown.mutable_scenario()->Swap(snapshot.mutable_scenario());
  for (const int category : snapshot.sources()) {
    shown.add_sources()->set_category(
        static_cast<v1::SourceCategory>(category));
  }
  shown.set_record_count(snapshot.record_count());
  shown.set_byte_size(snapshot.byte_size());
  shown.set_update_frequency(snapshot.update_frequency());
  shown.set_algorithm_summary(snapshot.algorithm_summary());
  if (form.has_deposit())
    shown.mutable_deposit()->Swap(snapshot.mutable_deposit());
  return shown;
}

}  // namespace

bool SeesAll(const Caller& caller, const registry::State& state) {
  if (!caller.actor.has_value()) return false;
  return *caller.actor == registry::kRootActor ||
         registry::FindOfficer(state, *caller.actor) != nullptr;
}

bool IsParty(const Caller& caller, absl::string_view party_number) {
  return caller.actor.has_value() &&
         absl::string_view(*caller.actor) == party_number;
}

bool SeesApplication(const Caller& caller, const registry::State& state,
                     const v1::Application& application) {
  if (SeesAll(caller, state)) return true;
  for (const v1::Applicant& applicant : application.form().applicants()) {
    if (IsParty(caller, applicant.party_number())) return true;
  }
  return false;
}

v1::Application PublicPart(const registry::State& state,
                           const v1::Application& application) {
  v1::Application shown = application;
  *shown.mutable_form() = PublicForm(state, application);
  shown.clear_defects();
  shown.clear_refusal_reason();
  shown.clear_proceedings();
  return shown;
}

bool SeesLicence(const Caller& caller, const registry::State& state,
                 const v1::Licence& licence) {
  return SeesAll(caller, state) || IsParty(caller, licence.licensor()) ||
         IsParty(caller, licence.licensee());
}

v1::Licence PublicPart(const v1::Licence& licence) {
  v1::Licence shown = licence;
  shown.clear_price();
  shown.clear_contract_no();
  return shown;
}

}  // namespace dataip::registryd
