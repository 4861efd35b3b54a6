#include "core/registry/duplicates.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/text.h"
#include "core/base/utf8.h"
#include "core/hash/hash.h"
#include "core/registry/rules.h"

namespace dataip::registry {
namespace {

constexpr uint32_t kNameTenths = 6;
constexpr uint32_t kSameSchemaScore = 400;

using Pairs = std::vector<uint64_t>;

// The pairs of neighbouring characters, ascending, repeats kept.
Pairs PairsOf(absl::string_view name) {
  const std::string plain = base::UpperAscii(base::NormaliseFullWidth(name));
  std::vector<uint32_t> characters;
  std::string_view rest(plain);
  while (!rest.empty()) {
    const auto character = base::TakeCodePoint(rest);
    if (!character) {
      rest.remove_prefix(1);
    } else if (*character != ' ') {
      characters.push_back(*character);
    }
  }
  Pairs pairs;
  for (size_t i = 1; i < characters.size(); ++i) {
    pairs.push_back(uint64_t{characters[i - 1]} << 32 | characters[i]);
  }
  std::sort(pairs.begin(), pairs.end());
  return pairs;
}

uint32_t Likeness(const Pairs& a, const Pairs& b) {
  if (a.empty() || b.empty()) return 0;
  size_t common = 0;
  for (size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    if (a[i] == b[j]) {
      ++common;
      ++i;
      ++j;
    } else {
      ++(a[i] < b[j] ? i : j);
    }
  }
  return static_cast<uint32_t>(common * 2000 / (a.size() + b.size()));
}

using Numbers = std::set<std::string>;

void TakeNewest(const Numbers& from, Numbers& out) {
  size_t looked = 0;
  for (auto it = from.rbegin(); it != from.rend(); ++it) {
    if (looked++ == kIndexLooked) return;
    out.insert(*it);
  }
}

std::pair<std::string, std::string> SeriesOf(const v1::ApplicationForm& form) {
  return {PrimaryOf(form), form.series()};
}

Numbers Candidates(const State& state, const v1::ApplicationForm& form,
                   const std::string& schema) {
  Numbers numbers;
  const auto file =
      state.applications_of_file.find(form.deposit().file_sha256());
  if (file != state.applications_of_file.end()) {
    TakeNewest(file->second, numbers);
  }
  const auto same_schema = state.applications_of_schema.find(schema);
  if (same_schema != state.applications_of_schema.end()) {
    TakeNewest(same_schema->second, numbers);
  }
  size_t looked = 0;
  const std::string& primary = PrimaryOf(form);
  for (auto it = state.references.lower_bound({primary, ""});
       it != state.references.end() && it->first.first == primary &&
       looked++ < kIndexLooked;
       ++it) {
    numbers.insert(it->second);
  }
  looked = 0;
  for (auto it = state.applications.rbegin();
       it != state.applications.rend() && looked++ < kIndexLooked; ++it) {
    numbers.insert(it->first);
  }
  return numbers;
}

// One that ended without a registration stands in nobody's way (what its
// applicant files again is B20).
bool Stands(const v1::Application& application) {
  return application.state() != v1::WITHDRAWN &&
         application.state() != v1::REFUSED &&
         application.state() != v1::DEEMED_WITHDRAWN;
}

void SayWhy(v1::DuplicateReport& report) {
  std::string zh;
  std::string en;
  if (!report.similar().empty()) {
    const v1::SimilarApplication& first = report.similar(0);
    zh = absl::StrCat("最相似的是申请 ", first.application_no(), ":",
                      first.same_file() ? "数据文件相同," : "",
                      first.same_schema() ? "字段表相同," : "", "名称相似度 ",
                      first.name_per_mille(), "‰");
    en = absl::StrCat("most like application ", first.application_no(), ": ",
                      first.same_file() ? "the same data file, " : "",
                      first.same_schema() ? "the same field table, " : "",
                      "names alike in ", first.name_per_mille(),
                      " of 1000 pairs of characters");
  } else {
    zh = "未发现相似的申请";
    en = "no similar application was found";
  }
  if (report.same_series() > 0) {
    absl::StrAppend(&zh, ";同一系列另有 ", report.same_series(), " 件");
    absl::StrAppend(&en, "; ", report.same_series(),
                    " others of the same series");
  }
  report.set_reason_zh(std::move(zh));
  report.set_reason_en(std::move(en));
}

template <typename Index, typename Key>
void Take(Index& index, const Key& key, const std::string& number) {
  const auto found = index.find(key);
  if (found == index.end()) return;
  found->second.erase(number);
  if (found->second.empty()) index.erase(found);
}

}  // namespace

uint32_t NameLikeness(absl::string_view a, absl::string_view b) {
  return Likeness(PairsOf(a), PairsOf(b));
}

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

uint32_t DuplicateScore(const v1::SimilarApplication& similar) {
  if (similar.same_file()) return 1000;
  const uint32_t words = similar.name_per_mille() * kNameTenths / 10 +
                         (similar.same_schema() ? kSameSchemaScore : 0);
  return std::max(similar.records_per_mille(), words);
}

uint32_t DuplicateThreshold(const Profile& values) {
  // A profile without the key is not loaded.
  constexpr uint32_t kSameFileOnly = 1000;
  return values.PerMille(kDuplicateScore).value_or(kSameFileOnly);
}

v1::DuplicateReport FindDuplicates(const State& state,
                                   const v1::ApplicationForm& form,
                                   const DuplicateSearch& search) {
  v1::DuplicateReport report;
  const std::string schema = SchemaHash(form);
  const Pairs pairs = PairsOf(form.name());
  const Numbers* same_schema = nullptr;
  if (const auto table = state.applications_of_schema.find(schema);
      table != state.applications_of_schema.end()) {
    same_schema = &table->second;
  }
  const Numbers* series = nullptr;
  if (!form.series().empty()) {
    const auto found = state.applications_of_series.find(SeriesOf(form));
    if (found != state.applications_of_series.end()) series = &found->second;
  }
  if (series != nullptr) {
    const size_t own = series->count(std::string(search.application_no));
    report.set_same_series(static_cast<uint32_t>(series->size() - own));
  }
  std::vector<std::pair<uint32_t, v1::SimilarApplication>> found;
  for (const std::string& number : Candidates(state, form, schema)) {
    const v1::Application* other = FindApplication(state, number);
    if (other == nullptr || number == search.application_no || !Stands(*other)) {
      continue;
    }
    v1::SimilarApplication similar;
    similar.set_same_file(other->form().deposit().file_sha256() ==
                          form.deposit().file_sha256());
    const bool sibling = series != nullptr && series->count(number) != 0;
    if (sibling && !similar.same_file()) continue;
    similar.set_application_no(number);
    similar.set_same_schema(same_schema != nullptr &&
                            same_schema->count(number) != 0);
    similar.set_name_per_mille(Likeness(pairs, PairsOf(other->form().name())));
    const uint32_t score = DuplicateScore(similar);
    // Below half of what asks for an explanation nobody needs to look.
    if (score * 2 >= search.threshold) {
      found.emplace_back(score, std::move(similar));
    }
  }
  // By number before; stable keeps it so among equals.
  std::stable_sort(
      found.begin(), found.end(),
      [](const auto& a, const auto& b) { return a.first > b.first; });
  if (!found.empty()) report.set_score(found.front().first);
  for (auto& [score, similar] : found) {
    if (report.similar_size() == kSimilarListed) break;
    *report.add_similar() = std::move(similar);
  }
  SayWhy(report);
  return report;
}

void AddToIndices(State& state, const v1::Application& application) {
  const v1::ApplicationForm& form = application.form();
  const std::string& number = application.application_no();
  state.applications_of_file[form.deposit().file_sha256()].insert(number);
  state.applications_of_schema[SchemaHash(form)].insert(number);
  if (!form.series().empty()) {
    state.applications_of_series[SeriesOf(form)].insert(number);
  }
}

void RemoveFromIndices(State& state, const v1::Application& application) {
  const v1::ApplicationForm& form = application.form();
  const std::string& number = application.application_no();
  Take(state.applications_of_file, form.deposit().file_sha256(), number);
  Take(state.applications_of_schema, SchemaHash(form), number);
  Take(state.applications_of_series, SeriesOf(form), number);
}

}  // namespace dataip::registry
