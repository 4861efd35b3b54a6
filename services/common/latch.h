// A thing that happens once, and what is to follow it.
#pragma once

#include <chrono>
#include <functional>
#include <utility>

#include "core/base/mutex.h"

namespace dataip::services {

// Thread safe. What follows runs in the thread that sets the latch, or in
// Then's when it was set before; it must not wait.
class Latch {
 public:
  Latch() = default;
  Latch(const Latch&) = delete;
  Latch& operator=(const Latch&) = delete;

  // From the first time on it stays set.
  void Set() {
    std::function<void()> then;
    {
      base::MutexLock lock(mutex_);
      if (std::exchange(set_, true)) return;
      then = std::exchange(then_, nullptr);
      changed_.NotifyAll();
    }
    if (then) then();
  }

  bool IsSet() {
    base::MutexLock lock(mutex_);
    return set_;
  }

  // False when it is not set after `patience`.
  bool WaitFor(std::chrono::milliseconds patience) {
    const auto until = std::chrono::steady_clock::now() + patience;
    base::MutexLock lock(mutex_);
    while (!set_ && changed_.WaitUntil(mutex_, until)) {
    }
    return set_;
  }

  // Runs `then` once: when it is set, or at once when it was.
  void Then(std::function<void()> then) {
    {
      base::MutexLock lock(mutex_);
      if (!set_) {
        then_ = std::move(then);
        return;
      }
    }
    then();
  }

 private:
  base::Mutex mutex_;
  base::CondVar changed_;
  bool set_ DATAIP_GUARDED_BY(mutex_) = false;
  std::function<void()> then_ DATAIP_GUARDED_BY(mutex_);
};

}  // namespace dataip::services
