// Threads that do what must not hold up the command loop: the mathematics of
// signatures, and reading back from the ledger.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "core/base/limits.h"
#include "core/base/mutex.h"

namespace dataip::registryd {

// Jobs run in the order given, several at once. Thread safe.
class WorkerPool {
 public:
  using Job = std::function<void()>;

  struct Size {
    size_t threads = 2;
    size_t queued_jobs = limits::kQueuedJobs;
  };

  explicit WorkerPool(const Size& size);
  // Stop().
  ~WorkerPool();

  // False when the queue is full or the pool was stopped; the job is then not
  // run at all.
  bool Run(Job job);

  // Takes no more jobs, runs those taken, ends the threads.
  void Stop();

 private:
  void Work();

  const size_t queued_jobs_;
  base::Mutex mutex_;
  base::CondVar changed_;
  std::deque<Job> jobs_ DATAIP_GUARDED_BY(mutex_);
  bool stopping_ DATAIP_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace dataip::registryd
