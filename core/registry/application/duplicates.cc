#include "core/registry/application/duplicates.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/base/utf8.h"
#include "core/hash/hash.h"
#include "core/registry/state/case.h"
#include "core/registry/state/duplicate_index.h"
#include "core/registry/values/name_matcher.h"

namespace dataip::registry {
namespace {

constexpr uint32_t kNameTenths = 6;
constexpr uint32_t kSameSchemaScore = 400;
constexpr uint32_t kSameFileScore = 1000;

uint32_t ScoreOf(uint32_t name_per_mille, bool same_schema) {
  return name_per_mille * kNameTenths / 10 +
         (same_schema ? kSameSchemaScore : 0);
}

using Numbers = std::set<std::string>;

// A form whose name, field table and series are looked for.
struct Wanted {
  std::string schema;
  NamePairs pairs;
  NameBrief brief;
};

Wanted WantedOf(const v1::ApplicationForm& form) {
  Wanted wanted{SchemaHash(form), PairsOf(form.name()), {}};
  wanted.brief = BriefOf(form, wanted.schema, wanted.pairs);
  return wanted;
}

bool IsSibling(const NameBrief& brief, const Wanted& wanted) {
  return wanted.brief.series != 0 && brief.series == wanted.brief.series;
}

struct Scored {
  uint32_t score;
  uint32_t serial;
  uint32_t name_per_mille;
  bool same_file;
  bool same_schema;

  void SetName(uint32_t per_mille) {
    name_per_mille = per_mille;
    score = same_file ? kSameFileScore : ScoreOf(per_mille, same_schema);
  }
};

v1::SimilarApplication Shown(const State& state, const Scored& scored) {
  v1::SimilarApplication similar;
  similar.set_application_no(state.names.At(scored.serial).application_no);
  similar.set_same_file(scored.same_file);
  similar.set_same_schema(scored.same_schema);
  similar.set_name_per_mille(scored.name_per_mille);
  return similar;
}

// Highest first, then by number.
bool Before(const Scored& a, const Scored& b) {
  return a.score != b.score ? a.score > b.score : a.serial < b.serial;
}

// The newest ones of the list outside the series.
void TakeNewest(const State& state, const std::vector<uint32_t>& from,
                const Wanted& wanted, std::vector<uint32_t>& out) {
  size_t looked = 0;
  size_t taken = 0;
  for (auto it = from.rbegin();
       it != from.rend() && taken < limits::kIndexLooked &&
       looked < limits::kIndexWalked;
       ++it, ++looked) {
    const NameBrief& brief = state.names.BriefAt(*it);
    if (!brief.here || IsSibling(brief, wanted)) continue;
    out.push_back(*it);
    ++taken;
  }
}

// The likeness that a name needs at least to be listed without the same field
// table, or to ask for an explanation with it.
uint32_t LeastLikeness(uint32_t threshold) {
  const auto of = [](uint32_t score) {
    return (score * 10 + kNameTenths - 1) / kNameTenths;
  };
  const uint32_t listed = of((threshold + 1) / 2);
  const uint32_t asked =
      of(threshold > kSameSchemaScore ? threshold - kSameSchemaScore : 0);
  return std::min<uint32_t>(1000, std::min(listed, asked));
}

// Serials, some perhaps twice.
std::vector<uint32_t> Candidates(const State& state, const Wanted& wanted,
                                 const Numbers* same_file, uint32_t threshold) {
  std::vector<uint32_t> found = state.names.Alike(
      wanted.pairs, LeastLikeness(threshold), wanted.brief.series);
  const auto same_schema = state.applications_of_schema.find(wanted.schema);
  if (same_schema != state.applications_of_schema.end()) {
    TakeNewest(state, same_schema->second, wanted, found);
  }
  if (same_file != nullptr) {
    size_t looked = 0;
    for (auto it = same_file->rbegin();
         it != same_file->rend() && looked++ < limits::kIndexLooked; ++it) {
      const uint32_t serial = state.names.Find(*it);
      if (serial != 0) found.push_back(serial);
    }
  }
  return found;
}

// Below half of what asks for an explanation nobody needs to look.
bool IsListed(const Scored& scored, uint32_t threshold) {
  return scored.score * 2 >= threshold;
}

// Those that may be listed, each once, with the most that they can score, in
// that order.
std::vector<Scored> MostScores(const State& state, const Wanted& wanted,
                               const Numbers* same_file,
                               const DuplicateSearch& search) {
  const uint32_t own = state.names.Find(std::string(search.application_no));
  const std::vector<uint32_t> candidates =
      Candidates(state, wanted, same_file, search.threshold);
  // They lie far apart: asked for together, they are not waited for one by one.
  for (uint32_t serial : candidates) {
    __builtin_prefetch(&state.names.BriefAt(serial));
  }
  std::vector<Scored> found;
  for (uint32_t serial : candidates) {
    if (serial == own) continue;
    const NameBrief& brief = state.names.BriefAt(serial);
    Scored most{0, serial, 0, false, brief.schema == wanted.brief.schema};
    most.same_file = same_file != nullptr &&
                     same_file->count(state.names.At(serial).application_no);
    most.SetName(MostLikeness(wanted.brief, brief));
    if (IsListed(most, search.threshold)) found.push_back(most);
  }
  std::sort(found.begin(), found.end(), Before);
  const auto same = [](const Scored& a, const Scored& b) {
    return a.serial == b.serial;
  };
  found.erase(std::unique(found.begin(), found.end(), same), found.end());
  return found;
}

// The limits::kSimilarListed best ones. Names are compared in full only while
// one may still come among them.
std::vector<Scored> BestOf(const State& state, const Wanted& wanted,
                           const std::vector<Scored>& most_scores,
                           uint32_t threshold) {
  for (const Scored& scored : most_scores) {
    __builtin_prefetch(&state.names.At(scored.serial));
  }
  const NameMatcher matcher(wanted.pairs);
  for (const Scored& scored : most_scores) {
    __builtin_prefetch(state.names.At(scored.serial).pairs.data());
  }
  std::vector<Scored> best;
  best.reserve(limits::kSimilarListed + 1);
  for (Scored scored : most_scores) {
    const bool full = best.size() == limits::kSimilarListed;
    if (full && !Before(scored, best.back())) break;
    scored.SetName(matcher.LikenessTo(state.names.At(scored.serial).pairs));
    if (!IsListed(scored, threshold)) continue;
    best.insert(std::upper_bound(best.begin(), best.end(), scored, Before),
                scored);
    if (best.size() > limits::kSimilarListed) best.pop_back();
  }
  return best;
}

// Nothing without records in common: what Decide writes names none.
std::string RecordsZh(const v1::SimilarApplication& similar) {
  if (similar.records_per_mille() == 0) return "";
  return absl::StrCat("样例记录相同 ", similar.records_per_mille(), "‰，");
}

std::string RecordsEn(const v1::SimilarApplication& similar) {
  if (similar.records_per_mille() == 0) return "";
  return absl::StrCat("samples share ", similar.records_per_mille(),
                      " of 1000 records, ");
}

}  // namespace

void ExplainDuplicates(v1::DuplicateReport& report) {
  std::string zh;
  std::string en;
  if (!report.similar().empty()) {
    const v1::SimilarApplication& first = report.similar(0);
    zh = absl::StrCat("最相似的是申请 ", first.application_no(), "：",
                      first.same_file() ? "数据文件相同，" : "",
                      first.same_schema() ? "字段表相同，" : "",
                      RecordsZh(first), "名称相似度 ", first.name_per_mille(),
                      "‰");
    en = absl::StrCat("most like application ", first.application_no(), ": ",
                      first.same_file() ? "the same data file, " : "",
                      first.same_schema() ? "the same field table, " : "",
                      RecordsEn(first), "names alike in ",
                      first.name_per_mille(), " of 1000 pairs of characters");
  } else {
    zh = "未发现相似的申请";
    en = "no similar application was found";
  }
  if (report.same_series() > 0) {
    absl::StrAppend(&zh, "；同一系列另有 ", report.same_series(), " 件");
    absl::StrAppend(&en, "; ", report.same_series(),
                    " others of the same series");
  }
  report.set_reason_zh(std::move(zh));
  report.set_reason_en(std::move(en));
}

void KeepKnown(const std::function<bool(const std::string&)>& knows,
               v1::DuplicateReport& report) {
  std::vector<v1::SimilarApplication> known;
  for (const v1::SimilarApplication& similar : report.similar()) {
    if (knows(similar.application_no())) known.push_back(similar);
  }
  report.mutable_similar()->Assign(known.begin(), known.end());
  report.set_score(known.empty() ? 0 : DuplicateScore(known.front()));
  ExplainDuplicates(report);
}

uint32_t NameLikeness(absl::string_view a, absl::string_view b) {
  return Likeness(PairsOf(a), PairsOf(b));
}

uint32_t DuplicateScore(const v1::SimilarApplication& similar) {
  if (similar.same_file()) return kSameFileScore;
  return std::max(similar.records_per_mille(),
                  ScoreOf(similar.name_per_mille(), similar.same_schema()));
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
  const Wanted wanted = WantedOf(form);
  if (!form.series().empty()) {
    const auto series = state.applications_of_series.find(SeriesOf(form));
    if (series != state.applications_of_series.end()) {
      const size_t own =
          series->second.count(std::string(search.application_no));
      report.set_same_series(
          static_cast<uint32_t>(series->second.size() - own));
    }
  }
  const Numbers* same_file = FindOfFile(state, form.deposit().file_sha256());
  const std::vector<Scored> best =
      BestOf(state, wanted, MostScores(state, wanted, same_file, search),
             search.threshold);
  if (!best.empty()) report.set_score(best.front().score);
  for (const Scored& scored : best) {
    *report.add_similar() = Shown(state, scored);
  }
  ExplainDuplicates(report);
  return report;
}

bool SearchedAlike(const v1::ApplicationForm& a, const v1::ApplicationForm& b) {
  return a.name() == b.name() && a.series() == b.series() &&
         a.deposit().file_sha256() == b.deposit().file_sha256() &&
         SchemaHash(a) == SchemaHash(b);
}

}  // namespace dataip::registry
