// SIGINT and SIGTERM as an orderly end of a command that goes on until it is
// stopped, or until nothing came for too long.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <thread>

#include "core/base/mutex.h"

namespace dataip::client {

// Make it before any other thread is started: those do not see the signals
// then. Thread safe. One at a time in a process.
class Interruption {
 public:
  // With `patience`, its end interrupts too, unless Postpone is called in
  // time, again and again.
  explicit Interruption(
      std::optional<std::chrono::milliseconds> patience = std::nullopt);
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  bool came() const;
  // What came was the end of patience, no signal.
  bool late() const;
  // Patience begins anew.
  void Postpone();
  // True when a signal came, or had come, within this time.
  bool Wait(std::chrono::milliseconds time);
  // What is called, once, when a signal comes; at once when it has. Nothing
  // is called any more after another one, or null, was set.
  void SetAction(std::function<void()> action);

 private:
  void Run();
  // As poll takes it.
  int LeftMs() const;

  const std::optional<std::chrono::milliseconds> patience_;
  int stop_[2] = {-1, -1};
  int signals_ = -1;
  mutable base::Mutex mutex_;
  base::CondVar changed_;
  bool came_ DATAIP_GUARDED_BY(mutex_) = false;
  bool late_ DATAIP_GUARDED_BY(mutex_) = false;
  std::chrono::steady_clock::time_point until_ DATAIP_GUARDED_BY(mutex_);
  std::function<void()> action_ DATAIP_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace dataip::client
