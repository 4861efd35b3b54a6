#include "core/registry/form/public_snapshot.h"

#include <set>
#include <string>
#include <string_view>

#include "core/base/limits.h"
#include "core/base/utf8.h"
#include "core/registry/form/tiers.h"
#include "core/registry/state/profiles.h"

namespace dataip::registry {
namespace {

std::string FirstCharacters(const std::string& text, size_t characters) {
  std::string_view rest = text;
  for (size_t i = 0; i < characters && !rest.empty(); ++i) {
    if (!base::TakeCodePoint(rest)) break;
  }
  return text.substr(0, text.size() - rest.size());
}

std::string ShownName(const State& state, const std::string& party_number) {
  const v1::Party* party = FindParty(state, party_number);
  if (party == nullptr) return party_number;
  return party->identity().kind() == v1::NATURAL_PERSON
             ? party->identity().masked_name()
             : party->identity().name();
}

size_t SummaryCharacters(const Profile* profile) {
  if (profile == nullptr) return limits::kPublicSummaryCharacters;
  const auto most = profile->Characters(kNoticeSummary);
  return most.ok() ? *most : limits::kPublicSummaryCharacters;
}

// Their categories, ascending.
void ShowSources(const v1::ApplicationForm& form,
                 v1::PublicSnapshot& snapshot) {
  std::set<v1::SourceCategory> categories;
  for (const v1::Source& source : form.sources()) {
    categories.insert(source.category());
  }
  for (v1::SourceCategory category : categories) {
    snapshot.add_sources(category);
  }
}

}  // namespace

v1::PublicSnapshot PublicSnapshotOf(const State& state,
                                    const v1::Application& application) {
  const v1::ApplicationForm& form = application.form();
  const Profile* profile = ValuesOf(state, application.profile());
  const auto shows = [&](absl::string_view field) {
    return NoticeShows(profile, field);
  };
  v1::PublicSnapshot snapshot;
  snapshot.set_application_no(application.application_no());
  snapshot.set_submitted_at_ms(application.submitted_at_ms());
  if (shows("name")) snapshot.set_name(form.name());
  if (shows("applicants")) {
    for (const v1::Applicant& applicant : form.applicants()) {
      snapshot.add_applicants(ShownName(state, applicant.party_number()));
    }
  }
  if (shows("industry_code")) snapshot.set_industry_code(form.industry_code());
  if (shows("region_code")) snapshot.set_region_code(form.region_code());
  if (shows("scenario")) *snapshot.mutable_scenario() = form.scenario();
  if (shows("sources")) ShowSources(form, snapshot);
  if (shows("record_count")) snapshot.set_record_count(form.record_count());
  if (shows("byte_size")) snapshot.set_byte_size(form.byte_size());
  if (shows("update_frequency")) {
    snapshot.set_update_frequency(form.update_frequency());
  }
  if (shows("algorithm_summary")) {
    snapshot.set_algorithm_summary(
        FirstCharacters(form.algorithm_summary(), SummaryCharacters(profile)));
  }
  if (shows("deposit")) *snapshot.mutable_deposit() = form.deposit();
  return snapshot;
}

}  // namespace dataip::registry
