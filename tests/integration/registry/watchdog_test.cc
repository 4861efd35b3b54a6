// What a watchdog is told of the registry.
#include <condition_variable>
#include <mutex>

#include "gtest/gtest.h"
#include "tests/integration/registry/bureau.h"
#include "tests/integration/registry/in_process.h"
#include "tests/support/status_matchers.h"

namespace dataip::test {
namespace {

// Where the loop asks for the time, a test may hold it.
class HeldClock {
 public:
  int64_t NowMs() {
    std::unique_lock<std::mutex> lock(mutex_);
    if (holds_) {
      held_ = true;
      changed_.notify_all();
      changed_.wait(lock, [this] { return !holds_; });
      held_ = false;
      changed_.notify_all();
    }
    return kClockStartMs;
  }
  // Returns when the loop has come.
  void Hold() {
    std::unique_lock<std::mutex> lock(mutex_);
    holds_ = true;
    changed_.wait(lock, [this] { return held_; });
  }
  // Returns when it has gone on.
  void Release() {
    std::unique_lock<std::mutex> lock(mutex_);
    holds_ = false;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !held_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool holds_ = false;
  bool held_ = false;
};

TEST(RegistryWatchdog, SeesThatTheLoopIsStuck) {
  Bureau bureau;
  bureau.Open();
  EXPECT_EQ(bureau.registry_process->Stop(), 0);
  HeldClock clock;
  ASSERT_OK_AND_ASSIGN(const auto registry,
                       registryd::Registry::Start(OptionsOf(
                           bureau, [&clock] { return clock.NowMs(); })));
  clock.Hold();
  registry->GoesOn();
  EXPECT_FALSE(registry->GoesOn());
  EXPECT_FALSE(registry->GoesOn());
  clock.Release();
  // The loop has turned when it comes again, a second later.
  clock.Hold();
  EXPECT_TRUE(registry->GoesOn());
  EXPECT_FALSE(registry->GoesOn());
  clock.Release();
  registry->Stop();
  registry->GoesOn();
  EXPECT_TRUE(registry->GoesOn());
}

}  // namespace
}  // namespace dataip::test
