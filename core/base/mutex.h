// std::mutex and a condition variable with the annotations that clang's
// -Wthread-safety reads. (absl::Mutex shows a false race under TSan here, and
// a plain std::mutex carries no annotations.)
//
//   Mutex mutex_;
//   std::deque<Job> jobs_ DATAIP_GUARDED_BY(mutex_);
//
//   MutexLock lock(mutex_);
//   while (jobs_.empty()) changed_.Wait(mutex_);
#pragma once

#include <pthread.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <ctime>
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
//
// On pthread, not on std::condition_variable: that one waits for a steady time
// by pthread_cond_clockwait, which neither ThreadSanitizer nor faketime knows
// (under faketime such a wait never ends).
class CondVar {
 public:
  CondVar() {
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&changed_, &attributes);
    pthread_condattr_destroy(&attributes);
  }
  ~CondVar() { pthread_cond_destroy(&changed_); }
  CondVar(const CondVar&) = delete;
  CondVar& operator=(const CondVar&) = delete;

  void Wait(Mutex& mutex)
      DATAIP_REQUIRES(mutex) DATAIP_NO_THREAD_SAFETY_ANALYSIS {
    pthread_cond_wait(&changed_, mutex.mutex_.native_handle());
  }

  // False when `deadline` has passed.
  bool WaitUntil(Mutex& mutex, std::chrono::steady_clock::time_point deadline)
      DATAIP_REQUIRES(mutex) DATAIP_NO_THREAD_SAFETY_ANALYSIS {
    using std::chrono::nanoseconds;
    using std::chrono::seconds;
    const nanoseconds at =
        std::max(nanoseconds(0), nanoseconds(deadline.time_since_epoch()));
    const seconds whole = std::chrono::duration_cast<seconds>(at);
    const timespec time{
        static_cast<time_t>(whole.count()),
        static_cast<decltype(timespec::tv_nsec)>((at - whole).count())};
    return pthread_cond_timedwait(&changed_, mutex.mutex_.native_handle(),
                                  &time) != ETIMEDOUT;
  }

  // False when `timeout` has passed.
  bool WaitFor(Mutex& mutex, std::chrono::milliseconds timeout)
      DATAIP_REQUIRES(mutex) {
    return WaitUntil(mutex, std::chrono::steady_clock::now() + timeout);
  }

  void NotifyOne() { pthread_cond_signal(&changed_); }
  void NotifyAll() { pthread_cond_broadcast(&changed_); }

 private:
  pthread_cond_t changed_;
};

}  // namespace dataip::base
