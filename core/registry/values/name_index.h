// Names of applications by pairs of neighbouring characters, so that a renamed
// copy is found among very many without a look at each (B18). Integers and
// ordered containers only; what it finds is a function of what is in it.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/strings/string_view.h"
#include "core/base/limits.h"

namespace dataip::registry {

// Ascending.
using Serials = std::vector<uint32_t>;

// Of the number of an application; 0 when it is none.
uint32_t SerialOf(absl::string_view application_no);

void InsertSerial(Serials& serials, uint32_t serial);
// Out of the list with the key, and the list with its last.
template <typename Index, typename Key>
void EraseSerial(Index& index, const Key& key, uint32_t serial) {
  const auto found = index.find(key);
  if (found == index.end()) return;
  Serials& serials = found->second;
  const auto at = std::lower_bound(serials.begin(), serials.end(), serial);
  if (at != serials.end() && *at == serial) serials.erase(at);
  if (serials.empty()) index.erase(found);
}

// The pairs of neighbouring characters of a name, ascending, repeats kept:
// full-width as half-width, spaces and case aside.
using NamePairs = std::vector<uint64_t>;

NamePairs PairsOf(absl::string_view name);

// Twice the pairs in common by the sum of both, in 1/1000.
uint32_t Likeness(const NamePairs& a, const NamePairs& b);

// What a search looks at first, for very many: one line of the cache. First 8
// bytes of digests of the field table and of (primary applicant, series), 0
// without a series, to be confirmed on the application itself; and a bit for
// each pair, some of which share one.
struct alignas(64) NameBrief {
  static NameBrief Of(const NamePairs& pairs, uint64_t schema, uint64_t series);

  std::array<uint64_t, 4> bits = {};
  uint64_t schema = 0;
  uint64_t series = 0;
  uint32_t pairs = 0;  // how many
  bool here = false;
};

// No less than the likeness of the names.
uint32_t MostLikeness(const NameBrief& a, const NameBrief& b);

// What the search compares of one application.
struct NamedCase {
  std::string application_no;  // empty: none is here
  NamePairs pairs;
  // As in NameBrief.
  uint64_t schema = 0;
  uint64_t series = 0;
};

// Serial numbers of applications start with 1 and never restart; here a case
// stands at the place of its serial. No lock; one writer.
class NameIndex {
 public:
  // Nothing for a number that is none of an application.
  void Add(NamedCase named);
  void Remove(const std::string& application_no);

  // Its serial; 0 when it is not here.
  uint32_t Find(const std::string& application_no) const;
  // By a serial that Find or Alike answered.
  const NamedCase& At(uint32_t serial) const { return cases_[serial - 1]; }
  // Of any serial; not `here` when none is.
  const NameBrief& BriefAt(uint32_t serial) const;

  // Serials of cases outside `but_series` (0: leave none out), some perhaps
  // twice: limits::kNamesFound with the same pairs, the newest first, then
  // about as many with the most rare pairs in common. All that are alike in at
  // least `least_per_mille` are among them while the lists of the pairs that
  // such a name cannot all lack hold at most limits::kNamesWalked names and no
  // more than limits::kNamesFound share as many of them. Beyond that the rarest
  // pairs count, and the newest names that have them.
  std::vector<uint32_t> Alike(const NamePairs& pairs, uint32_t least_per_mille,
                              uint64_t but_series) const;

 private:
  std::vector<NamedCase> cases_;
  std::vector<NameBrief> briefs_;  // as many
  std::vector<uint64_t> series_;   // as many: of the briefs, near each other
  absl::btree_map<uint64_t, Serials> with_pair_;
  // By a hash of all pairs of a name, which others may have too.
  absl::btree_map<uint64_t, Serials> with_pairs_;
};

}  // namespace dataip::registry
