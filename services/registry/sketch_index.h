// Which cases may share records with a case, among very many, by the smallest
// minima of their sketches. In memory; its contents are derived.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/hash/hash.h"
#include "dataip/registry/v1/duplicate.pb.h"

namespace dataip::registryd {

namespace v1 = ::dataip::registry::v1;

// A case with the commitment to its sample, under which its sketch is kept.
struct SketchedCase {
  std::string application_no;
  hash::Hash sample;
  // The same for works of one declared series, 0 for those of none.
  uint64_t series = 0;

  friend bool operator==(const SketchedCase&, const SketchedCase&) = default;
};

// No lock.
class SketchIndex {
 public:
  // How many of a sketch's minima are in the index, the smallest. Two samples
  // that share three tenths of their records have one of these in common but
  // for one in 90,000.
  static constexpr int kIndexed = 32;
  // How many entries a search looks at, and how many cases it answers with.
  static constexpr size_t kLooked = 4096;
  static constexpr size_t kFound = 32;

  // Instead of what stood there for that application.
  void Put(const SketchedCase& sketched, const v1::RecordSketch& sketch);
  void Remove(absl::string_view application_no);
  // All cases with that sample.
  void RemoveSample(const hash::Hash& sample);
  // Null when it is not here.
  const SketchedCase* Find(absl::string_view application_no) const;
  size_t size() const { return slots_.size(); }

  struct Found {
    std::vector<SketchedCase> cases;
    size_t looked = 0;  // entries, never more than kLooked
  };
  // Other cases, none of the same series, those with the most minima in common
  // first, then the newest. The rarest minima are looked at first and of each
  // the newest cases, so that a record that thousands share costs no more.
  Found Search(const SketchedCase& of, const v1::RecordSketch& sketch) const;

 private:
  using Posting = std::pair<uint64_t, uint32_t>;  // minimum, number of the slot

  bool IsWanted(const SketchedCase& other, const SketchedCase& of) const;
  std::vector<std::vector<uint32_t>> ListsOf(
      const v1::RecordSketch& sketch) const;
  void Merge();

  std::vector<SketchedCase> cases_;  // by slot; gone: without a number
  std::map<std::string, uint32_t, std::less<>> slots_;
  // Sorted; `recent_` goes into `postings_` when there is much of it. Those of
  // slots that are gone stay until then.
  std::vector<Posting> postings_;
  std::set<Posting> recent_;
};

}  // namespace dataip::registryd
