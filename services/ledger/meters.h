// What a ledger measures of itself (docs/OPERATIONS.md says what to watch).
#pragma once

#include <chrono>
#include <cstdint>

#include "absl/status/status.h"
#include "services/common/metrics.h"

namespace dataip::ledger {

class Ledger;

// What the append path tells. Thread safe; each call costs a clock and a few
// relaxed additions.
class Meters {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // `metrics` outlives it.
  explicit Meters(services::Metrics& metrics);

  // A message that came at `received` is answered now.
  void Answered(Time received, const absl::Status& status);
  // One synced write of so many entries that began at `begun` is done.
  void Committed(Time begun, uint64_t entries);

 private:
  services::Histogram& append_seconds_;
  services::Counter& appended_messages_;
  services::Counter& refused_messages_;
  services::Counter& overloaded_messages_;
  services::Histogram& commit_seconds_;
  services::Histogram& batch_entries_;
  services::Counter& entries_;
};

// What is asked of the ledger when somebody looks; it outlives the serving of
// `metrics`.
void MeasureLedger(Ledger& ledger, services::Metrics& metrics);

}  // namespace dataip::ledger
