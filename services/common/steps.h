// What several threads are at, for a watchdog.
#pragma once

#include <cstdint>
#include <set>
#include <utility>

#include "core/base/mutex.h"

namespace dataip::services {

// Thread safe.
class Steps {
 public:
  Steps() = default;
  Steps(const Steps&) = delete;
  Steps& operator=(const Steps&) = delete;

  // What one thread is at while this lives.
  class Step {
   public:
    explicit Step(Steps& steps) : steps_(steps), number_(steps.Begin()) {}
    ~Step() { steps_.End(number_); }
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;

   private:
    Steps& steps_;
    const uint64_t number_;
  };

  // Whether every step that was under way at the last call has ended.
  bool GoOn() {
    base::MutexLock lock(mutex_);
    const uint64_t seen = std::exchange(seen_, next_);
    return under_way_.empty() || *under_way_.begin() >= seen;
  }

 private:
  uint64_t Begin() {
    base::MutexLock lock(mutex_);
    under_way_.insert(next_);
    return next_++;
  }
  void End(uint64_t number) {
    base::MutexLock lock(mutex_);
    under_way_.erase(number);
  }

  base::Mutex mutex_;
  uint64_t next_ DATAIP_GUARDED_BY(mutex_) = 0;
  uint64_t seen_ DATAIP_GUARDED_BY(mutex_) = 0;  // next_ at the last call
  std::set<uint64_t> under_way_ DATAIP_GUARDED_BY(mutex_);
};

}  // namespace dataip::services
