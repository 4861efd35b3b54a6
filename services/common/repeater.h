// A job that is done again and again.
#pragma once

#include <chrono>
#include <functional>
#include <thread>

#include "core/base/mutex.h"

namespace dataip::services {

// Runs `job` in a thread of its own, `interval` after the start and after each
// end of it. Thread safe.
class Repeater {
 public:
  Repeater(std::chrono::milliseconds interval, std::function<void()> job);
  // Stop().
  ~Repeater();
  Repeater(const Repeater&) = delete;
  Repeater& operator=(const Repeater&) = delete;

  // Runs it as soon as it can, once more when it is running now.
  void Wake();
  // Waits for a job that runs, starts no more.
  void Stop();

 private:
  bool WaitForTurn() DATAIP_EXCLUDES(mutex_);

  const std::chrono::milliseconds interval_;
  const std::function<void()> job_;
  base::Mutex mutex_;
  base::CondVar changed_;
  bool stopping_ DATAIP_GUARDED_BY(mutex_) = false;
  bool woken_ DATAIP_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace dataip::services
