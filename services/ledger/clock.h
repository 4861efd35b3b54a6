// The time that entries get, and when the clock may not be believed
// (architecture.md, "Ledger service").
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "absl/status/statusor.h"

namespace dataip::ledger {

// Where time comes from; tests put their own in.
struct TimeSource {
  std::function<int64_t()> wall_ms;       // Unix time
  std::function<int64_t()> monotonic_ms;  // any start, never back
  // Names the start that the monotonic time counts from, over restarts of the
  // program; "" when it is not known.
  std::string boot_id;

  static TimeSource System();
};

// One thread. Once it refused it goes on refusing: only a start of the
// program by an operator clears it.
class Clock {
 public:
  struct Start {
    int64_t last_time_ms = 0;  // of the last entry, 0 for none
    // Wall clock less monotonic clock when the last entry was written, if
    // that was on this boot.
    std::optional<int64_t> last_offset_ms;
    // The operator has confirmed the clock: a wall clock behind the last
    // entry is accepted, entries get the last entry's time until it catches
    // up; last_offset_ms does not count.
    bool confirmed = false;
    std::function<void()> halted;  // runs when it refuses first
  };
  Clock(TimeSource source, Start start);

  // max(clock, time of the entry before). UNAVAILABLE (NOT_SERVING) when the
  // wall clock is more than limits::kClockToleranceMs behind the last entry,
  // or has run ahead of the monotonic clock by more than that since the call
  // before; at the first call: since last_offset_ms, else since the clock was
  // made.
  absl::StatusOr<int64_t> Now();

  // Refuses as Now would, without giving a time: at a start, so that a clock
  // that is wrong is noticed before somebody writes.
  absl::Status Believe();

  bool halted() const { return !halt_.ok(); }

  const std::string& boot_id() const { return source_.boot_id; }
  // Wall clock less monotonic clock at the last call that succeeded.
  int64_t offset_ms() const { return offset_ms_; }

 private:
  struct Reading {
    int64_t wall_ms = 0;
    int64_t offset_ms = 0;
  };
  Reading Read() const;
  absl::Status Check(const Reading& now) const;
  absl::Status HaltUnless(const Reading& now);

  TimeSource source_;
  bool confirmed_;
  std::function<void()> halted_;
  int64_t last_time_ms_;
  int64_t offset_ms_;
  absl::Status halt_;
};

}  // namespace dataip::ledger
