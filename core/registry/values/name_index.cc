#include "core/registry/values/name_index.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <string_view>
#include <utility>

#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/base/utf8.h"
#include "core/registry/values/number_scheme.h"

namespace dataip::registry {
namespace {

struct List {
  const std::vector<uint32_t>* serials;
  size_t pair;     // its place in the name that is looked for
  size_t repeats;  // there
};

// How many of its `size` pairs a name may lack and still be alike enough with
// a name of any length: of c pairs in common 2c/(size + c) is the most.
size_t MayLack(size_t size, uint32_t least_per_mille) {
  const size_t common = (size * least_per_mille + 1999 - least_per_mille) /
                        (2000 - least_per_mille);
  return size - std::min(size, common);
}

// Spreads what it is given over 64 bits; the same on every machine.
uint64_t Mixed(uint64_t value) {
  value *= 0x9e3779b97f4a7c15;
  return value ^ value >> 32;
}

uint64_t HashOf(const NamePairs& pairs) {
  uint64_t hash = pairs.size();
  for (uint64_t pair : pairs) hash = Mixed(hash ^ Mixed(pair));
  return hash;
}

size_t MissingIn(const NameBrief& a, const NameBrief& b) {
  int missing = 0;
  for (size_t i = 0; i < a.bits.size(); ++i) {
    missing += std::popcount(a.bits[i] & ~b.bits[i]);
  }
  return static_cast<size_t>(missing);
}

// In how many lists a case stands, for the lists that were walked. Its table
// is on the stack and as large for a million cases as for a hundred.
class Tally {
 public:
  // False when no more is to be walked.
  bool Walk(const std::vector<uint32_t>& serials) {
    const size_t left = limits::kNamesWalked - walked_;
    const size_t walk = std::min(left, serials.size());
    for (size_t i = 1; i <= walk; ++i) CountOne(serials[serials.size() - i]);
    walked_ += walk;
    return serials.size() <= left;
  }

  // At least `most` of those that `takes` if there are so many: those in the
  // most lists first, then as they were walked.
  template <typename Takes>
  std::vector<uint32_t> Best(size_t most, const Takes& takes) {
    std::array<uint32_t, kMostCounted + 1> having = {};
    for (size_t i = 0; i < found_size_; ++i)
      ++having[CountIn(table_[found_[i]])];
    size_t level = kMostCounted;
    for (size_t sum = having[level]; level > 1 && sum < most;) {
      sum += having[--level];
    }
    std::vector<std::pair<uint32_t, uint32_t>> best;
    for (; level > 0 && best.size() < most; --level) {
      for (size_t i = 0; i < found_size_; ++i) {
        uint32_t& slot = table_[found_[i]];
        const uint32_t count = CountIn(slot);
        if (count < level) continue;
        // Those beyond `most` are no better than the last of them.
        if (count == level && best.size() >= most) continue;
        if (takes(SerialIn(slot))) best.emplace_back(count, SerialIn(slot));
        slot -= count;
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
  static constexpr size_t kPlaces = 2 * limits::kNamesWalked;
  static_assert((kPlaces & (kPlaces - 1)) == 0);
  static_assert(kPlaces <= size_t{std::numeric_limits<uint16_t>::max()} + 1);
  // A serial and its count in one number; 0 in a free place.
  static constexpr uint32_t kCountBits = 8;
  static constexpr uint32_t kMostCounted = (1 << kCountBits) - 1;
  static_assert(kSerial7 < uint64_t{1} << (32 - kCountBits));

  static uint32_t SerialIn(uint32_t slot) { return slot >> kCountBits; }
  static uint32_t CountIn(uint32_t slot) { return slot & kMostCounted; }

  // Whether a case is seen for the first time is as good as random: no branch
  // asks for it.
  void CountOne(uint32_t serial) {
    size_t place = serial & (kPlaces - 1);
    uint32_t slot = table_[place];
    while ((slot != 0) & (SerialIn(slot) != serial)) {
      place = (place + 1) & (kPlaces - 1);
      slot = table_[place];
    }
    found_[found_size_] = static_cast<uint16_t>(place);
    found_size_ += slot == 0 ? 1 : 0;
    table_[place] =
        (serial << kCountBits) + std::min(CountIn(slot) + 1, kMostCounted);
  }

  std::array<uint32_t, kPlaces> table_ = {};
  // Places, as first walked, and one that is not used.
  std::array<uint16_t, limits::kNamesWalked + 1> found_;
  size_t found_size_ = 0;
  size_t walked_ = 0;
};

}  // namespace

uint32_t SerialOf(absl::string_view application_no) {
  constexpr size_t kSerialDigits = 7;
  if (application_no.size() < kSerialDigits) return 0;
  uint32_t serial = 0;
  for (char c : application_no.substr(application_no.size() - kSerialDigits)) {
    if (c < '0' || c > '9') return 0;
    serial = serial * 10 + static_cast<uint32_t>(c - '0');
  }
  return serial;
}

// Most are added in the order of their numbers.
void InsertSerial(Serials& serials, uint32_t serial) {
  if (serials.empty() || serials.back() < serial) {
    serials.push_back(serial);
    return;
  }
  const auto at = std::lower_bound(serials.begin(), serials.end(), serial);
  if (*at != serial) serials.insert(at, serial);
}

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

NameBrief NameBrief::Of(const NamePairs& pairs, uint64_t schema,
                        uint64_t series) {
  NameBrief brief;
  brief.schema = schema;
  brief.series = series;
  brief.pairs = static_cast<uint32_t>(pairs.size());
  brief.here = true;
  for (uint64_t pair : pairs) {
    const uint64_t bit = Mixed(pair) >> 56;
    brief.bits[bit / 64] |= uint64_t{1} << bit % 64;
  }
  return brief;
}

uint32_t MostLikeness(const NameBrief& a, const NameBrief& b) {
  if (a.pairs == 0 || b.pairs == 0) return 0;
  // A bit that the other has not is a pair at least that it has not.
  const size_t common = std::min<size_t>(a.pairs - MissingIn(a, b), b.pairs);
  return static_cast<uint32_t>(common * 2000 / (a.pairs + b.pairs));
}

void NameIndex::Add(NamedCase named) {
  const uint32_t serial = SerialOf(named.application_no);
  if (serial == 0) return;
  if (cases_.size() < serial) {
    cases_.resize(serial);
    briefs_.resize(serial);
    series_.resize(serial);
  }
  for (uint64_t pair : named.pairs) InsertSerial(with_pair_[pair], serial);
  InsertSerial(with_pairs_[HashOf(named.pairs)], serial);
  briefs_[serial - 1] = NameBrief::Of(named.pairs, named.schema, named.series);
  series_[serial - 1] = named.series;
  cases_[serial - 1] = std::move(named);
}

void NameIndex::Remove(const std::string& application_no) {
  const uint32_t serial = Find(application_no);
  if (serial == 0) return;
  NamedCase& named = cases_[serial - 1];
  for (uint64_t pair : named.pairs) EraseSerial(with_pair_, pair, serial);
  EraseSerial(with_pairs_, HashOf(named.pairs), serial);
  named = NamedCase();
  briefs_[serial - 1] = NameBrief();
  series_[serial - 1] = 0;
}

uint32_t NameIndex::Find(const std::string& application_no) const {
  const uint32_t serial = SerialOf(application_no);
  const bool here = serial != 0 && serial <= cases_.size() &&
                    At(serial).application_no == application_no;
  return here ? serial : 0;
}

const NameBrief& NameIndex::BriefAt(uint32_t serial) const {
  static const NameBrief kNone;
  return serial == 0 || serial > briefs_.size() ? kNone : briefs_[serial - 1];
}

std::vector<uint32_t> NameIndex::Alike(const NamePairs& pairs,
                                       uint32_t least_per_mille,
                                       uint64_t but_series) const {
  std::vector<uint32_t> found;
  const auto takes = [&](uint32_t serial) {
    return but_series == 0 || series_[serial - 1] != but_series;
  };
  const auto same = with_pairs_.find(HashOf(pairs));
  if (same != with_pairs_.end() && !pairs.empty()) {
    for (auto it = same->second.rbegin();
         it != same->second.rend() && found.size() < limits::kNamesFound;
         ++it) {
      if (takes(*it) && At(*it).pairs == pairs) found.push_back(*it);
    }
  }
  std::vector<List> lists;
  lists.reserve(pairs.size());
  for (size_t i = 0; i < pairs.size();) {
    size_t end = i;
    while (end < pairs.size() && pairs[end] == pairs[i]) ++end;
    const auto list = with_pair_.find(pairs[i]);
    static const Serials kNone;
    lists.push_back(
        {list == with_pair_.end() ? &kNone : &list->second, i, end - i});
    i = end;
  }
  std::sort(lists.begin(), lists.end(), [](const List& a, const List& b) {
    return a.serials->size() != b.serials->size()
               ? a.serials->size() < b.serials->size()
               : a.pair < b.pair;
  });
  Tally tally;
  size_t lacking = 0;
  const size_t may_lack = MayLack(pairs.size(), least_per_mille);
  for (const List& list : lists) {
    if (lacking > may_lack || !tally.Walk(*list.serials)) break;
    lacking += list.repeats;
  }
  const Serials best = tally.Best(limits::kNamesFound, takes);
  found.insert(found.end(), best.begin(), best.end());
  return found;
}

}  // namespace dataip::registry
