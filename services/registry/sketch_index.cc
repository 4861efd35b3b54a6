#include "services/registry/sketch_index.h"

#include <algorithm>
#include <iterator>

namespace dataip::registryd {
namespace {

constexpr size_t kRecentAtLeast = 4'096;
constexpr size_t kRecentPart = 8;  // of all

}  // namespace

void SketchIndex::Put(const SketchedCase& sketched,
                      const v1::RecordSketch& sketch) {
  Remove(sketched.application_no);
  const auto slot = static_cast<uint32_t>(cases_.size());
  cases_.push_back(sketched);
  slots_[sketched.application_no] = slot;
  const int indexed = std::min(kIndexed, sketch.minima_size());
  for (int i = 0; i < indexed; ++i) recent_.insert({sketch.minima(i), slot});
  if (recent_.size() > kRecentAtLeast + postings_.size() / kRecentPart) Merge();
}

void SketchIndex::Remove(absl::string_view application_no) {
  const auto found = slots_.find(application_no);
  if (found == slots_.end()) return;
  cases_[found->second] = SketchedCase();
  slots_.erase(found);
}

void SketchIndex::RemoveSample(const hash::Hash& sample) {
  std::vector<std::string> numbers;
  for (const SketchedCase& sketched : cases_) {
    if (sketched.sample != sample || sketched.application_no.empty()) continue;
    numbers.push_back(sketched.application_no);
  }
  for (const std::string& number : numbers) Remove(number);
}

const SketchedCase* SketchIndex::Find(absl::string_view application_no) const {
  const auto found = slots_.find(application_no);
  return found == slots_.end() ? nullptr : &cases_[found->second];
}

void SketchIndex::Merge() {
  std::vector<Posting> merged;
  merged.reserve(postings_.size() + recent_.size());
  std::merge(postings_.begin(), postings_.end(), recent_.begin(), recent_.end(),
             std::back_inserter(merged));
  const auto gone = [this](const Posting& posting) {
    return cases_[posting.second].application_no.empty();
  };
  merged.erase(std::remove_if(merged.begin(), merged.end(), gone),
               merged.end());
  postings_ = std::move(merged);
  recent_.clear();
}

bool SketchIndex::IsWanted(const SketchedCase& other,
                           const SketchedCase& of) const {
  return !other.application_no.empty() &&
         other.application_no != of.application_no &&
         (of.series == 0 || other.series != of.series);
}

// One list of slots for each minimum that any case has, the newest first and
// at most kLooked; the shortest list first.
std::vector<std::vector<uint32_t>> SketchIndex::ListsOf(
    const v1::RecordSketch& sketch) const {
  std::vector<std::vector<uint32_t>> lists;
  const int indexed = std::min(kIndexed, sketch.minima_size());
  for (int i = 0; i < indexed; ++i) {
    const Posting first = {sketch.minima(i), 0};
    const Posting last = {sketch.minima(i), UINT32_MAX};
    std::vector<uint32_t> list;
    const auto take = [&list](const auto& from, const auto& to) {
      for (auto at = to; at != from && list.size() < kLooked;) {
        list.push_back((--at)->second);
      }
    };
    take(recent_.lower_bound(first), recent_.upper_bound(last));
    take(std::lower_bound(postings_.begin(), postings_.end(), first),
         std::upper_bound(postings_.begin(), postings_.end(), last));
    if (!list.empty()) lists.push_back(std::move(list));
  }
  std::stable_sort(
      lists.begin(), lists.end(),
      [](const auto& a, const auto& b) { return a.size() < b.size(); });
  return lists;
}

SketchIndex::Found SketchIndex::Search(const SketchedCase& of,
                                       const v1::RecordSketch& sketch) const {
  Found found;
  std::map<uint32_t, int> in_common;
  for (const std::vector<uint32_t>& list : ListsOf(sketch)) {
    for (const uint32_t slot : list) {
      if (found.looked == kLooked) break;
      ++found.looked;
      if (IsWanted(cases_[slot], of)) ++in_common[slot];
    }
  }
  std::vector<std::pair<uint32_t, int>> best(in_common.begin(),
                                             in_common.end());
  std::sort(best.begin(), best.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first > b.first;
  });
  best.resize(std::min(best.size(), kFound));
  for (const auto& [slot, count] : best) found.cases.push_back(cases_[slot]);
  return found;
}

}  // namespace dataip::registryd
