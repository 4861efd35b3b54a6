// Realised value summed a second time, apart from core/registry's own sums,
// so that these are checked by something else.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace dataip::registry {
struct State;
namespace v1 {
class UsageRecorded;
}  // namespace v1
}  // namespace dataip::registry

namespace dataip::verify {

// What was counted for one subject out of the usage events.
struct RealisedTotal {
  int64_t fen = 0;
  uint64_t events = 0;

  friend bool operator==(const RealisedTotal&, const RealisedTotal&) = default;
};

// Not thread safe.
class ValueTotals {
 public:
  // Adds the events that an entry counted for a licence in `state`: to its
  // certificate, its licensor and the total. Returns the first of the three
  // whose sum in `state`, which has the entry already, is another.
  std::optional<std::string> Add(const registry::v1::UsageRecorded& usage,
                                 const registry::State& state);

  // By `certificates/<number>`, `parties/<number>` and `total`.
  const std::map<std::string, RealisedTotal>& totals() const { return totals_; }

 private:
  std::map<std::string, RealisedTotal> totals_;
};

}  // namespace dataip::verify
