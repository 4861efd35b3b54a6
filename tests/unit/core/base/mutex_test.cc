#include "core/base/mutex.h"

#include <deque>
#include <thread>

#include "gtest/gtest.h"

namespace dataip::base {
namespace {

class Queue {
 public:
  void Push(int value) {
    MutexLock lock(mutex_);
    values_.push_back(value);
    changed_.NotifyOne();
  }
  int Pop() {
    MutexLock lock(mutex_);
    while (values_.empty()) changed_.Wait(mutex_);
    const int value = values_.front();
    values_.pop_front();
    return value;
  }
  bool WaitForValue(std::chrono::milliseconds timeout) {
    MutexLock lock(mutex_);
    if (values_.empty()) changed_.WaitFor(mutex_, timeout);
    return !values_.empty();
  }

 private:
  Mutex mutex_;
  CondVar changed_;
  std::deque<int> values_ DATAIP_GUARDED_BY(mutex_);
};

TEST(CondVar, StopsWaitingAtTheTimeout) {
  Queue queue;
  EXPECT_FALSE(queue.WaitForValue(std::chrono::milliseconds(1)));
  queue.Push(1);
  EXPECT_TRUE(queue.WaitForValue(std::chrono::hours(1)));
}

TEST(CondVar, WakesTheOneWhoWaits) {
  Queue queue;
  int sum = 0;
  std::thread reader([&] {
    for (int i = 0; i < 1000; ++i) sum += queue.Pop();
  });
  for (int i = 0; i < 1000; ++i) queue.Push(i);
  reader.join();
  EXPECT_EQ(sum, 499'500);
}

TEST(Mutex, IsHeldUntilUnlock) {
  Mutex mutex;
  mutex.Lock();
  std::thread other([&mutex] {
    const bool locked = mutex.TryLock();
    EXPECT_FALSE(locked);
    if (locked) mutex.Unlock();
  });
  other.join();
  mutex.Unlock();
  MutexLock lock(mutex);
}

}  // namespace
}  // namespace dataip::base
