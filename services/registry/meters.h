// What a registry measures of itself (docs/OPERATIONS.md says what to watch).
#pragma once

#include <chrono>

#include "absl/status/statusor.h"
#include "services/common/metrics.h"
#include "services/registry/submission.h"

namespace dataip::registryd {

class Acknowledged;
class CommandLoop;
class ErasureDesk;
class ReceiptDesk;

// What became of commands. Thread safe.
class Meters {
 public:
  // `metrics` outlives it.
  explicit Meters(services::Metrics& metrics);

  using Time = std::chrono::steady_clock::time_point;
  // Of a command that came at `received`, by outcome: RECORDED, VALIDATED (and
  // nothing written), REPEATED, or the reason of the refusal.
  void Answered(Time received, const absl::StatusOr<Outcome>& outcome);

 private:
  services::Metrics& metrics_;
  services::Histogram& decided_seconds_;
};

struct MeasuredParts {
  const CommandLoop& loop;
  const Acknowledged& acknowledged;
  const ReceiptDesk& receipts;
  const ErasureDesk& erasures;
};

// What is asked of the parts when somebody looks; they outlive the serving of
// `metrics`.
void MeasureRegistry(const MeasuredParts& parts, services::Metrics& metrics);
// The part of it that tells of orders to erase.
void MeasureErasures(const ErasureDesk& erasures, services::Metrics& metrics);

}  // namespace dataip::registryd
