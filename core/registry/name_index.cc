#include "core/registry/name_index.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>
#include <utility>

#include "core/base/text.h"
#include "core/base/utf8.h"
#include "core/registry/number_scheme.h"

namespace dataip::registry {
namespace {

constexpr size_t kSerialDigits = 7;
using Count = uint8_t;
constexpr Count kMostCounted = std::numeric_limits<Count>::max();

// 0 when it is no number of an application.
uint32_t SerialOf(absl::string_view application_no) {
  if (application_no.size() < kSerialDigits) return 0;
  uint32_t serial = 0;
  for (char c : application_no.substr(application_no.size() - kSerialDigits)) {
    if (c < '0' || c > '9') return 0;
    serial = serial * 10 + static_cast<uint32_t>(c - '0');
  }
  return serial;
}

// Most are added in the order of their numbers.
void Insert(std::vector<uint32_t>& serials, uint32_t serial) {
  if (serials.empty() || serials.back() < serial) {
    serials.push_back(serial);
    return;
  }
  const auto at = std::lower_bound(serials.begin(), serials.end(), serial);
  if (*at != serial) serials.insert(at, serial);
}

template <typename Index, typename Key>
void Erase(Index& index, const Key& key, uint32_t serial) {
  const auto found = index.find(key);
  if (found == index.end()) return;
  auto& serials = found->second;
  const auto at = std::lower_bound(serials.begin(), serials.end(), serial);
  if (at != serials.end() && *at == serial) serials.erase(at);
  if (serials.empty()) index.erase(found);
}

struct List {
  const std::vector<uint32_t>* serials;
  size_t repeats;  // of the pair in the name that is looked for
};

// How many of its `size` pairs a name may lack and still be alike enough with
// a name of any length: of c pairs in common 2c/(size + c) is the most.
size_t MayLack(size_t size, uint32_t least_per_mille) {
  const size_t common = (size * least_per_mille + 1999 - least_per_mille) /
                        (2000 - least_per_mille);
  return size - std::min(size, common);
}

// In how many lists a case stands, for the lists that were walked. Its table
// is on the stack and as large for a million cases as for a hundred.
class Tally {
 public:
  // False when no more is to be walked.
  bool Walk(const std::vector<uint32_t>& serials) {
    for (auto it = serials.rbegin(); it != serials.rend(); ++it) {
      if (walked_size_ == NameIndex::kWalked) return false;
      walked_[walked_size_++] = *it;
      Count& count = CountOf(*it);
      if (count == kMostCounted) continue;
      ++having_[++count];
      level_ = std::max<size_t>(level_, count);
    }
    return true;
  }

  // At least `most` of those that `takes` if there are so many: those in the
  // most lists first, then as they were walked.
  template <typename Takes>
  std::vector<uint32_t> Best(size_t most, const Takes& takes) {
    size_t level = level_;
    while (level > 1 && having_[level] < most) --level;
    std::vector<std::pair<Count, uint32_t>> best;
    for (; level > 0 && best.size() < most; --level) {
      for (size_t i = 0; i < walked_size_; ++i) {
        const uint32_t serial = walked_[i];
        Count& count = CountOf(serial);
        if (count < level) continue;
        // Those beyond `most` are no better than the last of them.
        if (count == level && best.size() >= most) continue;
        if (takes(serial)) best.emplace_back(count, serial);
        count = 0;
      }
    }
    std::stable_sort(
        best.begin(), best.end(),
        [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<uint32_t> serials;
    serials.reserve(best.size());
    for (const auto& [count, serial] : best) serials.push_back(serial);
    return serials;
  }

 private:
  // Twice as many places as are ever taken, so that a free one is near.
  static constexpr size_t kPlaces = 2 * NameIndex::kWalked;
  static_assert((kPlaces & (kPlaces - 1)) == 0);

  Count& CountOf(uint32_t serial) {
    size_t place = serial & (kPlaces - 1);
    while (serials_[place] != serial) {
      if (serials_[place] == 0) {
        serials_[place] = serial;
        break;
      }
      place = (place + 1) & (kPlaces - 1);
    }
    return counts_[place];
  }

  std::array<uint32_t, kPlaces> serials_ = {};
  std::array<Count, kPlaces> counts_ = {};
  std::array<uint32_t, NameIndex::kWalked> walked_;
  size_t walked_size_ = 0;
  // having_[c]: how many are in at least c lists.
  std::array<uint32_t, size_t{kMostCounted} + 1> having_ = {};
  size_t level_ = 0;  // the most
};

}  // namespace

NamePairs PairsOf(absl::string_view name) {
  const std::string plain = base::UpperAscii(base::NormaliseFullWidth(name));
  NamePairs pairs;
  pairs.reserve(plain.size() / 3);
  uint32_t before = 0;
  std::string_view rest(plain);
  while (!rest.empty()) {
    const auto character = base::TakeCodePoint(rest);
    if (!character) {
      rest.remove_prefix(1);
    } else if (*character != ' ') {
      if (before != 0) pairs.push_back(uint64_t{before} << 32 | *character);
      before = *character;
    }
  }
  std::sort(pairs.begin(), pairs.end());
  return pairs;
}

uint32_t Likeness(const NamePairs& a, const NamePairs& b) {
  if (a.empty() || b.empty()) return 0;
  size_t common = 0;
  for (size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    const uint64_t left = a[i];
    const uint64_t right = b[j];
    common += left == right ? 1 : 0;
    i += left <= right ? 1 : 0;
    j += right <= left ? 1 : 0;
  }
  return static_cast<uint32_t>(common * 2000 / (a.size() + b.size()));
}

void NameIndex::Add(NamedCase named) {
  const uint32_t serial = SerialOf(named.application_no);
  if (serial == 0) return;
  if (cases_.size() < serial) cases_.resize(serial);
  for (uint64_t pair : named.pairs) Insert(with_pair_[pair], serial);
  Insert(with_pairs_[named.pairs], serial);
  cases_[serial - 1] = std::move(named);
}

void NameIndex::Remove(const std::string& application_no) {
  const uint32_t serial = Find(application_no);
  if (serial == 0) return;
  NamedCase& named = cases_[serial - 1];
  for (uint64_t pair : named.pairs) Erase(with_pair_, pair, serial);
  Erase(with_pairs_, named.pairs, serial);
  named = NamedCase();
}

uint32_t NameIndex::Find(const std::string& application_no) const {
  const uint32_t serial = SerialOf(application_no);
  const bool here = serial != 0 && serial <= cases_.size() &&
                    At(serial).application_no == application_no;
  return here ? serial : 0;
}

std::vector<uint32_t> NameIndex::Alike(const NamePairs& pairs,
                                       uint32_t least_per_mille,
                                       uint64_t but_series) const {
  std::vector<uint32_t> found;
  const auto takes = [&](uint32_t serial) {
    return but_series == 0 || At(serial).series != but_series;
  };
  const auto same = with_pairs_.find(pairs);
  if (same != with_pairs_.end() && !pairs.empty()) {
    for (auto it = same->second.rbegin();
         it != same->second.rend() && found.size() < kFound; ++it) {
      if (takes(*it)) found.push_back(*it);
    }
  }
  std::vector<List> lists;
  for (size_t i = 0; i < pairs.size();) {
    size_t end = i;
    while (end < pairs.size() && pairs[end] == pairs[i]) ++end;
    const auto list = with_pair_.find(pairs[i]);
    static const Serials kNone;
    lists.push_back(
        {list == with_pair_.end() ? &kNone : &list->second, end - i});
    i = end;
  }
  // Stable: by the pairs themselves among equals.
  std::stable_sort(lists.begin(), lists.end(),
                   [](const List& a, const List& b) {
                     return a.serials->size() < b.serials->size();
                   });
  Tally tally;
  size_t lacking = 0;
  const size_t may_lack = MayLack(pairs.size(), least_per_mille);
  for (const List& list : lists) {
    if (lacking > may_lack || !tally.Walk(*list.serials)) break;
    lacking += list.repeats;
  }
  const Serials best = tally.Best(kFound, takes);
  found.insert(found.end(), best.begin(), best.end());
  return found;
}

}  // namespace dataip::registry
