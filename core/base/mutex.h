// std::mutex and std::condition_variable with the annotations that clang's
// -Wthread-safety reads. (absl::Mutex shows a false race under TSan here, and
// a plain std::mutex carries no annotations.)
//
//   Mutex mutex_;
//   std::deque<Job> jobs_ DATAIP_GUARDED_BY(mutex_);
//
//   MutexLock lock(mutex_);
//   while (jobs_.empty()) changed_.Wait(mutex_);
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#if defined(__clang__)
#define DATAIP_THREAD_ANNOTATION(x) __attribute__((x))
#else
#define DATAIP_THREAD_ANNOTATION(x)
#endif

#define DATAIP_GUARDED_BY(x) DATAIP_THREAD_ANNOTATION(guarded_by(x))
#define DATAIP_PT_GUARDED_BY(x) DATAIP_THREAD_ANNOTATION(pt_guarded_by(x))
#define DATAIP_REQUIRES(...) \
  DATAIP_THREAD_ANNOTATION(requires_capability(__VA_ARGS__))
#define DATAIP_EXCLUDES(...) \
  DATAIP_THREAD_ANNOTATION(locks_excluded(__VA_ARGS__))
#define DATAIP_ACQUIRE(...) \
  DATAIP_THREAD_ANNOTATION(acquire_capability(__VA_ARGS__))
#define DATAIP_RELEASE(...) \
  DATAIP_THREAD_ANNOTATION(release_capability(__VA_ARGS__))
#define DATAIP_TRY_ACQUIRE(...) \
  DATAIP_THREAD_ANNOTATION(try_acquire_capability(__VA_ARGS__))
#define DATAIP_NO_THREAD_SAFETY_ANALYSIS \
  DATAIP_THREAD_ANNOTATION(no_thread_safety_analysis)

namespace dataip::base {

class DATAIP_THREAD_ANNOTATION(capability("mutex")) Mutex {
 public:
  void Lock() DATAIP_ACQUIRE() { mutex_.lock(); }
  void Unlock() DATAIP_RELEASE() { mutex_.unlock(); }
  bool TryLock() DATAIP_TRY_ACQUIRE(true) { return mutex_.try_lock(); }

 private:
  friend class CondVar;
  std::mutex mutex_;
};

// Holds a Mutex from its construction to its destruction.
class DATAIP_THREAD_ANNOTATION(scoped_lockable) MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) DATAIP_ACQUIRE(mutex) : mutex_(mutex) {
    mutex_.Lock();
  }
  ~MutexLock() DATAIP_RELEASE() { mutex_.Unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

// Waiting may end without cause: wait in a loop that tests the condition.
class CondVar {
 public:
  void Wait(Mutex& mutex)
      DATAIP_REQUIRES(mutex) DATAIP_NO_THREAD_SAFETY_ANALYSIS {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    changed_.wait(lock);
    lock.release();
  }

  // False when `deadline` has passed.
  bool WaitUntil(Mutex& mutex, std::chrono::steady_clock::time_point deadline)
      DATAIP_REQUIRES(mutex) DATAIP_NO_THREAD_SAFETY_ANALYSIS {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    const bool in_time =
        changed_.wait_until(lock, deadline) == std::cv_status::no_timeout;
    lock.release();
    return in_time;
  }

  // False when `timeout` has passed.
  bool WaitFor(Mutex& mutex, std::chrono::milliseconds timeout)
      DATAIP_REQUIRES(mutex) {
    return WaitUntil(mutex, std::chrono::steady_clock::now() + timeout);
  }

  void NotifyOne() { changed_.notify_one(); }
  void NotifyAll() { changed_.notify_all(); }

 private:
  std::condition_variable changed_;
};

}  // namespace dataip::base
