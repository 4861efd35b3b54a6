// MinHash of the records of a data file (B18): tells how much of two files is
// the same without showing either. Bottom-k with one keyed hash: the 128
// smallest values, so that every record costs one hash. A sketch is examiner
// tier: whoever has the key can try records against it.
#pragma once

#include <cstdint>
#include <set>

#include "absl/strings/string_view.h"
#include "core/hash/hash.h"
#include "dataip/registry/v1/duplicate.pb.h"

namespace dataip::registry {

inline constexpr size_t kSketchMinima = 128;

// Takes records in any order; a record that comes twice counts once in the
// minima. The key is registry-wide and outlives the sketcher. One thread.
class RecordSketcher {
 public:
  explicit RecordSketcher(Bytes key) : key_(key) {}

  void Add(absl::string_view record);
  // Minima ascending, fewer than 128 when there were fewer records.
  v1::RecordSketch Finish() const;

 private:
  Bytes key_;
  std::set<uint64_t> minima_;
  uint64_t records_ = 0;
};

// 128 or fewer minima, strictly ascending, no more than records.
bool IsSketch(const v1::RecordSketch& sketch);

// Records in common in 1/1000 of all records of both, 0 to 1000; exact when
// both have fewer than 128. 0 when either is empty or no sketch.
uint32_t SketchLikeness(const v1::RecordSketch& a, const v1::RecordSketch& b);

}  // namespace dataip::registry
