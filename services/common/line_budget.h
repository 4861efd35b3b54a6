// Log lines that strangers can cause: so many at most.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "core/base/mutex.h"

namespace dataip::services {

// `lines` in each `span` that begins with a line. Thread safe.
class LineBudget {
 public:
  using Clock = std::chrono::steady_clock;
  LineBudget(int lines, Clock::duration span) : lines_(lines), span_(span) {}

  // The number of lines left out since the last one that was not, or nothing
  // when this one is to be left out. `now` does not go back.
  std::optional<uint64_t> Take(Clock::time_point now = Clock::now());

 private:
  const int lines_;
  const Clock::duration span_;
  base::Mutex mutex_;
  std::optional<Clock::time_point> since_ DATAIP_GUARDED_BY(mutex_);
  int used_ DATAIP_GUARDED_BY(mutex_) = 0;
  uint64_t left_out_ DATAIP_GUARDED_BY(mutex_) = 0;
};

}  // namespace dataip::services
