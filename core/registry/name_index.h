// Names of applications by pairs of neighbouring characters, so that a renamed
// copy is found among very many without a look at each (B18). Integers and
// ordered containers only; what it finds is a function of what is in it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace dataip::registry {

// The pairs of neighbouring characters of a name, ascending, repeats kept:
// full-width as half-width, spaces and case aside.
using NamePairs = std::vector<uint64_t>;

NamePairs PairsOf(absl::string_view name);

// Twice the pairs in common by the sum of both, in 1/1000.
uint32_t Likeness(const NamePairs& a, const NamePairs& b);

// What the search compares of one application.
struct NamedCase {
  std::string application_no;  // empty: none is here
  NamePairs pairs;
  // First 8 bytes of digests of the field table and of (primary applicant,
  // series); 0 without a series. To be confirmed on the application itself.
  uint64_t schema = 0;
  uint64_t series = 0;
};

// Serial numbers of applications start with 1 and never restart; here a case
// stands at the place of its serial. No lock; one writer.
class NameIndex {
 public:
  // How many entries of lists a search walks through, and how many cases it
  // answers with.
  static constexpr size_t kWalked = 2048;
  static constexpr size_t kFound = 32;

  // Nothing for a number that is none of an application.
  void Add(NamedCase named);
  void Remove(const std::string& application_no);

  // Its serial; 0 when it is not here.
  uint32_t Find(const std::string& application_no) const;
  // By a serial that Find or Alike answered.
  const NamedCase& At(uint32_t serial) const { return cases_[serial - 1]; }

  // Serials of cases outside `but_series` (0: leave none out), some perhaps
  // twice: kFound with the same pairs, the newest first, then about kFound with
  // the most rare pairs in common. All that are alike in at least
  // `least_per_mille` are among them while the lists of the pairs that such a
  // name cannot all lack hold at most kWalked names and no more than kFound
  // share as many of them. Beyond that the rarest pairs count, and the newest
  // names that have them.
  std::vector<uint32_t> Alike(const NamePairs& pairs, uint32_t least_per_mille,
                              uint64_t but_series) const;

 private:
  using Serials = std::vector<uint32_t>;  // ascending

  std::vector<NamedCase> cases_;
  std::map<uint64_t, Serials> with_pair_;
  std::map<NamePairs, Serials> with_pairs_;
};

}  // namespace dataip::registry
