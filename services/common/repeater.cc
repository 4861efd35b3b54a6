#include "services/common/repeater.h"

#include <utility>

namespace dataip::services {

Repeater::Repeater(std::chrono::milliseconds interval,
                   std::function<void()> job)
    : interval_(interval), job_(std::move(job)), thread_([this] {
        while (WaitForTurn()) job_();
      }) {}

Repeater::~Repeater() { Stop(); }

void Repeater::Stop() {
  {
    base::MutexLock lock(mutex_);
    stopping_ = true;
    changed_.NotifyAll();
  }
  if (thread_.joinable()) thread_.join();
}

void Repeater::Wake() {
  base::MutexLock lock(mutex_);
  woken_ = true;
  changed_.NotifyAll();
}

bool Repeater::WaitForTurn() {
  const auto until = std::chrono::steady_clock::now() + interval_;
  base::MutexLock lock(mutex_);
  while (!stopping_ && !woken_ && changed_.WaitUntil(mutex_, until)) {
  }
  woken_ = false;
  return !stopping_;
}

}  // namespace dataip::services
