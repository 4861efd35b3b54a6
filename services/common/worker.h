// One thread that runs jobs in the order they came.
#pragma once

#include <deque>
#include <functional>
#include <thread>

#include "core/base/mutex.h"

namespace dataip::services {

// Thread safe. The destructor runs what is queued, then joins.
class Worker {
 public:
  explicit Worker(size_t max_queued);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // False when the queue is full or the worker stops: the job never runs.
  bool Post(std::function<void()> job);

 private:
  void Run();

  const size_t max_queued_;
  base::Mutex mutex_;
  base::CondVar changed_;
  std::deque<std::function<void()>> jobs_ DATAIP_GUARDED_BY(mutex_);
  bool stopping_ DATAIP_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace dataip::services
