#include "core/registry/values/record_sketch.h"

#include <algorithm>
#include <iterator>
#include <vector>

namespace dataip::registry {

void RecordSketcher::Add(absl::string_view record) {
  ++records_;
  const hash::Hash keyed =
      hash::HmacSha256(key_, {hash::AsBytes({record.data(), record.size()})});
  uint64_t value = 0;
  for (size_t i = 0; i < sizeof(value); ++i) {
    value = value << 8 | keyed.bytes[i];
  }
  if (minima_.size() == kSketchMinima && *minima_.rbegin() <= value) return;
  minima_.insert(value);
  if (minima_.size() > kSketchMinima) minima_.erase(std::prev(minima_.end()));
}

v1::RecordSketch RecordSketcher::Finish() const {
  v1::RecordSketch sketch;
  for (uint64_t value : minima_) sketch.add_minima(value);
  sketch.set_records(records_);
  return sketch;
}

bool IsSketch(const v1::RecordSketch& sketch) {
  const auto& minima = sketch.minima();
  const auto size = static_cast<uint64_t>(minima.size());
  if (size > kSketchMinima || size > sketch.records()) return false;
  for (int i = 1; i < minima.size(); ++i) {
    if (minima[i] <= minima[i - 1]) return false;
  }
  return true;
}

uint32_t SketchLikeness(const v1::RecordSketch& a, const v1::RecordSketch& b) {
  if (a.minima().empty() || b.minima().empty()) return 0;
  if (!IsSketch(a) || !IsSketch(b)) return 0;
  std::vector<uint64_t> both;
  std::set_union(a.minima().begin(), a.minima().end(), b.minima().begin(),
                 b.minima().end(), std::back_inserter(both));
  // Beyond the first 128 of the union a value may be missing from a sketch
  // whose file has it.
  both.resize(std::min(both.size(), kSketchMinima));
  uint64_t common = 0;
  for (uint64_t value : both) {
    common +=
        std::binary_search(a.minima().begin(), a.minima().end(), value) &&
                std::binary_search(b.minima().begin(), b.minima().end(), value)
            ? 1
            : 0;
  }
  return static_cast<uint32_t>(common * 1000 / both.size());
}

}  // namespace dataip::registry
