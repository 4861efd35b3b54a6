// The time that entries get, and when the clock may not be believed
// (architecture.md, "Ledger service").
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "absl/status/statusor.h"

namespace dataip::ledger {

// Where time comes from; tests put their own in.
struct TimeSource {
  std::function<int64_t()> wall_ms;       // Unix time
  std::function<int64_t()> monotonic_ms;  // any start, never back

  static TimeSource System();
};

// One thread. Once it refused it goes on refusing: only a start of the
// program by an operator clears it.
class Clock {
 public:
  struct Start {
    int64_t last_time_ms = 0;  // of the last entry, 0 for none
    // The operator has confirmed the clock: a wall clock behind the last
    // entry is accepted, entries get the last entry's time until it catches
    // up.
    bool confirmed = false;
    std::function<void()> halted;  // runs when it refuses first
  };
  Clock(TimeSource source, Start start);

  // max(clock, time of the entry before). UNAVAILABLE (NOT_SERVING) when the
  // wall clock is more than limits::kClockToleranceMs behind the last entry,
  // or has run ahead of the monotonic clock by more than that since the call
  // before.
  absl::StatusOr<int64_t> Now();

  bool halted() const { return !halt_.ok(); }

 private:
  struct Reading {
    int64_t wall_ms = 0;
    int64_t monotonic_ms = 0;
  };
  absl::Status Check(const Reading& now) const;

  TimeSource source_;
  bool confirmed_;
  std::function<void()> halted_;
  int64_t last_time_ms_;
  std::optional<Reading> last_;
  absl::Status halt_;
};

}  // namespace dataip::ledger
