#include "services/registry/worker_pool.h"

#include <utility>

namespace dataip::registryd {

WorkerPool::WorkerPool(const Size& size) : queued_jobs_(size.queued_jobs) {
  threads_.reserve(size.threads);
  for (size_t i = 0; i < size.threads; ++i) {
    threads_.emplace_back([this] { Work(); });
  }
}

WorkerPool::~WorkerPool() { Stop(); }

bool WorkerPool::Run(Job job) {
  base::MutexLock lock(mutex_);
  if (stopping_ || jobs_.size() >= queued_jobs_) return false;
  jobs_.push_back(std::move(job));
  changed_.NotifyOne();
  return true;
}

void WorkerPool::Stop() {
  {
    base::MutexLock lock(mutex_);
    stopping_ = true;
    changed_.NotifyAll();
  }
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void WorkerPool::Work() {
  for (;;) {
    Job job;
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

}  // namespace dataip::registryd
