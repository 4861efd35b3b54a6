#include <algorithm>
#include <utility>

#include "core/registry/application/duplicates.h"
#include "core/registry/application/rules.h"
#include "core/registry/objection/rules.h"
#include "core/registry/state/case.h"
#include "core/registry/state/duplicate_index.h"
#include "core/registry/state/profiles.h"
#include "core/registry/tables/calendar.h"
#include "core/registry/values/civil_date.h"
#include "core/registry/values/number_scheme.h"

namespace dataip::registry {
namespace {

// The application to change, its version raised; null when there is none.
v1::Application* Touch(State& state, const std::string& application_no) {
  const auto found = state.applications.find(application_no);
  if (found == state.applications.end()) return nullptr;
  v1::Application& application = found->second;
  application.set_version(application.version() + 1);
  application.set_updated_at_ms(state.last_decided_at_ms);
  return &application;
}

// The open correction ends: its time was the applicant's.
void CloseCorrection(State& state, v1::Application& application,
                     int64_t until_ms) {
  if (application.state() != v1::CORRECTION_REQUIRED) return;
  state.due.erase({DueInstantMs(application.correction_deadline()),
                   DueKind::kCorrection, application.application_no()});
  application.set_applicant_time_ms(application.applicant_time_ms() + until_ms -
                                    application.correction_requested_at_ms());
}

// The data department's opinion is on these fields and no others.
bool SameFields(const v1::ApplicationForm& a, const v1::ApplicationForm& b) {
  return std::equal(a.fields().begin(), a.fields().end(), b.fields().begin(),
                    b.fields().end(),
                    [](const v1::DataField& one, const v1::DataField& two) {
                      return one.SerializeAsString() == two.SerializeAsString();
                    });
}

// The event has no report: what it would say follows from the state alone.
void SearchAnew(const State& state, v1::Application& application) {
  const Profile* values = ValuesOf(state, application.profile());
  if (values == nullptr) return;
  *application.mutable_duplicates() = FindDuplicates(
      state, application.form(),
      {application.application_no(), DuplicateThreshold(*values)});
}

}  // namespace

void EvolveApplicationSubmitted(State& state, const v1::Event& event) {
  const v1::Application& application =
      event.application_submitted().application();
  const std::string& number = application.application_no();
  state.applications[number] = application;
  state.references[PrimaryOf(application.form())]
                  [application.form().client_reference()] = number;
  ++state.counters.applications;
  AddToIndices(state, application);
  EvolveDraftSubmitted(state, application);
}

void EvolveCorrectionRequested(State& state, const v1::Event& event) {
  const v1::CorrectionRequested& requested = event.correction_requested();
  v1::Application* application = Touch(state, requested.application_no());
  if (application == nullptr) return;
  application->set_state(v1::CORRECTION_REQUIRED);
  *application->mutable_defects() = requested.defects();
  *application->mutable_correction_deadline() = requested.deadline();
  application->set_correction_requested_at_ms(state.last_decided_at_ms);
  state.due.insert({DueInstantMs(requested.deadline()), DueKind::kCorrection,
                    requested.application_no()});
}

void EvolveCorrectionFiled(State& state, const v1::Event& event) {
  const v1::CorrectionFiled& filed = event.correction_filed();
  v1::Application* application = Touch(state, filed.application_no());
  if (application == nullptr) return;
  CloseCorrection(state, *application, state.last_decided_at_ms);
  application->set_state(v1::UNDER_REVIEW);
  if (!SameFields(application->form(), filed.form())) {
    application->clear_data_department();
  }
  const bool search = !SearchedAlike(application->form(), filed.form());
  RemoveFromIndices(state, *application);
  *application->mutable_form() = filed.form();
  AddToIndices(state, *application);
  if (search) SearchAnew(state, *application);
  application->clear_defects();
  application->clear_correction_deadline();
  application->clear_correction_requested_at_ms();
}

void EvolveOpinionRecorded(State& state, const v1::Event& event) {
  const v1::OpinionRecorded& recorded = event.opinion_recorded();
  v1::Application* application = Touch(state, recorded.application_no());
  if (application == nullptr) return;
  *application->mutable_data_department() = recorded.opinion();
}

void EvolveDeemedWithdrawn(State& state, const v1::Event& event) {
  const v1::DeemedWithdrawn& deemed = event.deemed_withdrawn();
  v1::Application* application = Touch(state, deemed.application_no());
  if (application == nullptr) return;
  CloseCorrection(
      state, *application,
      ToUnixMs(deemed.effective_at()).value_or(state.last_decided_at_ms));
  application->set_state(v1::DEEMED_WITHDRAWN);
}

void EvolveApplicationWithdrawn(State& state, const v1::Event& event) {
  const v1::ApplicationWithdrawn& withdrawn = event.application_withdrawn();
  v1::Application* application = Touch(state, withdrawn.application_no());
  if (application == nullptr) return;
  CloseCorrection(state, *application, state.last_decided_at_ms);
  application->set_state(v1::WITHDRAWN);
  state.withdrawn_at_ms[withdrawn.application_no()] = state.last_decided_at_ms;
  EndWithObjections(state, *application);
}

void EvolveApplicationRefused(State& state, const v1::Event& event) {
  const v1::ApplicationRefused& refused = event.application_refused();
  v1::Application* application = Touch(state, refused.application_no());
  if (application == nullptr) return;
  application->set_state(v1::REFUSED);
  EndWithObjections(state, *application);
  *application->mutable_refusal_grounds() = refused.grounds();
  application->set_refusal_reason(refused.reason());
}

void EvolveNoticeOpened(State& state, const v1::Event& event) {
  const v1::NoticeOpened& opened = event.notice_opened();
  v1::Application* application = Touch(state, opened.application_no());
  if (application == nullptr) return;
  application->set_state(v1::PUBLICITY);
  *application->mutable_notice_deadline() = opened.deadline();
  application->set_notice_opened_at_ms(state.last_decided_at_ms);
  application->set_notice_snapshot_sha256(opened.snapshot_sha256());
}

void EvolveApplicationRegistered(State& state, const v1::Event& event) {
  const v1::ApplicationRegistered& registered = event.application_registered();
  v1::Application* application = Touch(state, registered.application_no());
  if (application == nullptr) return;
  application->set_state(v1::REGISTERED);
  application->set_registered_at_ms(state.last_decided_at_ms);
  application->set_certificate_number(registered.certificate_number());
  state.registration_numbers[registered.registration_number()] =
      registered.certificate_number();
  CountUp(state.counters.registrations,
          RegistrationSerial(registered.registration_number()));
}

}  // namespace dataip::registry
