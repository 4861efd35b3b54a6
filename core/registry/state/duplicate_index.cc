#include "core/registry/state/duplicate_index.h"

#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "core/hash/hash.h"
#include "core/registry/state/case.h"

namespace dataip::registry {
namespace {

// First 8 bytes of a digest.
uint64_t ShortOf(std::string_view digest) {
  uint64_t value = 0;
  for (size_t i = 0; i < sizeof(value); ++i) {
    value = value << 8 | static_cast<uint8_t>(digest[i]);
  }
  return value;
}

// 0 without a series.
uint64_t ShortSeriesOf(const v1::ApplicationForm& form) {
  if (form.series().empty()) return 0;
  const std::string& primary = PrimaryOf(form);
  return ShortOf(hash::Sha256(hash::AsBytes(absl::StrCat(
                                  primary.size(), ":", primary, form.series())))
                     .text());
}

std::optional<hash::Hash> FileOf(const v1::ApplicationForm& form) {
  return hash::Hash::From(hash::AsBytes(form.deposit().file_sha256()));
}

template <typename Index, typename Key>
void Take(Index& index, const Key& key, const std::string& number) {
  const auto found = index.find(key);
  if (found == index.end()) return;
  found->second.erase(number);
  if (found->second.empty()) index.erase(found);
}

}  // namespace

std::string SchemaHash(const v1::ApplicationForm& form) {
  std::string text;
  for (const v1::DataField& field : form.fields()) {
    for (const std::string* part :
         {&field.name(), &field.type(), &field.unit()}) {
      // Length first: no two tables run together into the same text.
      absl::StrAppend(&text, part->size(), ":", *part);
    }
  }
  return std::string(hash::Sha256(hash::AsBytes(text)).text());
}

std::pair<std::string, std::string> SeriesOf(const v1::ApplicationForm& form) {
  return {PrimaryOf(form), form.series()};
}

NameBrief BriefOf(const v1::ApplicationForm& form, const std::string& schema,
                  const NamePairs& pairs) {
  return NameBrief::Of(pairs, ShortOf(schema), ShortSeriesOf(form));
}

void AddToIndices(State& state, const v1::Application& application) {
  const v1::ApplicationForm& form = application.form();
  const std::string& number = application.application_no();
  if (const auto file = FileOf(form)) {
    state.applications_of_file[*file].insert(number);
  }
  const std::string schema = SchemaHash(form);
  InsertSerial(state.applications_of_schema[schema], SerialOf(number));
  NamePairs pairs = PairsOf(form.name());
  const NameBrief brief = BriefOf(form, schema, pairs);
  state.names.Add({number, std::move(pairs), brief.schema, brief.series});
  if (!form.series().empty()) {
    state.applications_of_series[SeriesOf(form)].insert(number);
  }
}

void RemoveFromIndices(State& state, const v1::Application& application) {
  const v1::ApplicationForm& form = application.form();
  const std::string& number = application.application_no();
  if (const auto file = FileOf(form)) {
    Take(state.applications_of_file, *file, number);
  }
  EraseSerial(state.applications_of_schema, SchemaHash(form), SerialOf(number));
  Take(state.applications_of_series, SeriesOf(form), number);
  state.names.Remove(number);
}

void ForgetName(State& state, const std::string& application_no) {
  state.names.Remove(application_no);
}

}  // namespace dataip::registry
