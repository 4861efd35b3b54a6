#include "services/registry/record_likeness.h"

#include <algorithm>
#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/registry/application/duplicates.h"
#include "core/registry/state/case.h"
#include "core/registry/state/duplicate_index.h"
#include "core/registry/state/profiles.h"

namespace dataip::registryd {
namespace {

using registry::DuplicateScore;

uint32_t ThresholdOf(const registry::State& state,
                     const v1::Application& application) {
  const registry::Profile* values =
      registry::ValuesOf(state, application.profile());
  constexpr uint32_t kSameOnly = 1000;
  return values == nullptr ? kSameOnly : registry::DuplicateThreshold(*values);
}

bool IsSibling(const v1::ApplicationForm& a, const v1::ApplicationForm& b) {
  return !a.series().empty() && a.series() == b.series() &&
         registry::PrimaryOf(a) == registry::PrimaryOf(b);
}

// Of the cases that the answer is about, those that still have the sample.
std::map<std::string, uint32_t> Current(const registry::State& state,
                                        const SketchDesk::Answer& answer) {
  std::map<std::string, uint32_t> current;
  for (const SketchDesk::Alike& alike : answer.alike) {
    const std::string& number = alike.other.application_no;
    const v1::Application* other = registry::FindApplication(state, number);
    if (other == nullptr) continue;
    const auto now = SketchedCaseOf(*other);
    if (!now.has_value() || now->sample != alike.other.sample) continue;
    current[number] = alike.per_mille;
  }
  return current;
}

v1::SimilarApplication ByRecords(const v1::ApplicationForm& form,
                                 const v1::Application& other,
                                 uint32_t per_mille) {
  v1::SimilarApplication similar;
  similar.set_application_no(other.application_no());
  similar.set_same_file(form.deposit().file_sha256() ==
                        other.form().deposit().file_sha256());
  similar.set_same_schema(registry::SchemaHash(form) ==
                          registry::SchemaHash(other.form()));
  similar.set_records_per_mille(per_mille);
  similar.set_name_per_mille(
      registry::NameLikeness(form.name(), other.form().name()));
  return similar;
}

// The works of the series that there are now: the first of them was filed
// when there was no other.
void CountSeries(const registry::State& state, const v1::Application& of,
                 v1::DuplicateReport& report) {
  const v1::ApplicationForm& form = of.form();
  if (form.series().empty()) return;
  const auto series = state.applications_of_series.find(
      {registry::PrimaryOf(form), form.series()});
  if (series == state.applications_of_series.end()) return;
  const size_t own = series->second.count(of.application_no());
  report.set_same_series(static_cast<uint32_t>(series->second.size() - own));
}

void SayWhatIsToCome(size_t to_be_made, v1::DuplicateReport& report) {
  if (to_be_made == 0) return;
  report.mutable_reason_zh()->append(
      absl::StrCat("；另有 ", to_be_made, " 件的样例记录尚在比对，请稍后再看"));
  report.mutable_reason_en()->append(
      absl::StrCat("; the records of ", to_be_made,
                   " other samples are still being looked at, ask again"));
}

}  // namespace

std::vector<SketchedCase> ListedCases(const registry::State& state,
                                      const v1::Application& application) {
  std::vector<SketchedCase> listed;
  for (const auto& similar : application.duplicates().similar()) {
    const v1::Application* other =
        registry::FindApplication(state, similar.application_no());
    if (other == nullptr) continue;
    auto sketched = SketchedCaseOf(*other);
    if (sketched.has_value()) listed.push_back(*std::move(sketched));
  }
  return listed;
}

void AddRecordLikeness(const registry::State& state,
                       const SketchDesk::Answer& answer,
                       v1::Application& shown) {
  v1::DuplicateReport& report = *shown.mutable_duplicates();
  std::map<std::string, uint32_t> current = Current(state, answer);
  std::vector<v1::SimilarApplication> similar(report.similar().begin(),
                                              report.similar().end());
  for (v1::SimilarApplication& line : similar) {
    const auto records = current.extract(line.application_no());
    if (!records.empty()) line.set_records_per_mille(records.mapped());
  }
  const uint32_t threshold = ThresholdOf(state, shown);
  for (const auto& [number, per_mille] : current) {
    const v1::Application& other = *registry::FindApplication(state, number);
    // Names of those that ended without a registration are forgotten.
    if (state.names.Find(number) == 0) continue;
    if (IsSibling(shown.form(), other.form())) continue;
    v1::SimilarApplication line = ByRecords(shown.form(), other, per_mille);
    if (DuplicateScore(line) * 2 >= threshold) {
      similar.push_back(std::move(line));
    }
  }
  std::stable_sort(similar.begin(), similar.end(),
                   [](const auto& a, const auto& b) {
                     return DuplicateScore(a) != DuplicateScore(b)
                                ? DuplicateScore(a) > DuplicateScore(b)
                                : a.application_no() < b.application_no();
                   });
  similar.resize(std::min<size_t>(similar.size(), limits::kSimilarListed));
  report.mutable_similar()->Assign(similar.begin(), similar.end());
  if (!similar.empty()) report.set_score(DuplicateScore(similar.front()));
  CountSeries(state, shown, report);
  registry::ExplainDuplicates(report);
  SayWhatIsToCome(answer.to_be_made, report);
}

}  // namespace dataip::registryd
