#include "services/common/worker.h"

#include <utility>

namespace dataip::services {

Worker::Worker(size_t max_queued)
    : max_queued_(max_queued), thread_([this] { Run(); }) {}

Worker::~Worker() {
  {
    base::MutexLock lock(mutex_);
    stopping_ = true;
  }
  changed_.NotifyAll();
  thread_.join();
}

bool Worker::Post(std::function<void()> job) {
  {
    base::MutexLock lock(mutex_);
    if (stopping_ || jobs_.size() >= max_queued_) return false;
    jobs_.push_back(std::move(job));
  }
  changed_.NotifyOne();
  return true;
}

void Worker::Run() {
  while (true) {
    std::function<void()> job;
    {
      base::MutexLock lock(mutex_);
      while (jobs_.empty() && !stopping_) changed_.Wait(mutex_);
      if (jobs_.empty()) return;
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    job();
  }
}

}  // namespace dataip::services
