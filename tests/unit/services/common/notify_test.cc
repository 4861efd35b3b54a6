#include "services/common/notify.h"

#include <atomic>
#include <cstdlib>
#include <future>

#include "gtest/gtest.h"
#include "tests/support/notify_socket.h"
#include "tests/support/process.h"

namespace dataip::services {
namespace {

constexpr char kWatchdogUsec[] = "8000";
constexpr int kTimes = 8;  // two of those intervals

class ReadyNoticeTest : public testing::Test {
 protected:
  ReadyNoticeTest() {
    setenv("NOTIFY_SOCKET", (dir_ / "notify").c_str(), 1);
    setenv("WATCHDOG_USEC", kWatchdogUsec, 1);
  }
  ~ReadyNoticeTest() override {
    unsetenv("NOTIFY_SOCKET");
    unsetenv("WATCHDOG_USEC");
  }

  const test::TempDir dir_;
  const test::NotifySocket systemd_{dir_ / "notify"};
};

TEST_F(ReadyNoticeTest, DoesNotFeedTheWatchdogOfAServerThatDoesNotGetOn) {
  std::atomic<int> asked = 0;
  std::promise<void> often;
  ReadyNotice notice("serving", [&] {
    if (++asked == kTimes) often.set_value();
    return false;
  });
  EXPECT_EQ(systemd_.Next(), "READY=1\nSTATUS=serving");
  often.get_future().wait();
  notice.SetStatus("no food before this");
  EXPECT_EQ(systemd_.Next(), "STATUS=no food before this");
}

TEST_F(ReadyNoticeTest, DoesNotFeedTheWatchdogOfAServerThatDoesNotAnswer) {
  std::promise<void> asked;
  std::promise<void> released;
  ReadyNotice notice("serving", [&, first = true]() mutable {
    if (std::exchange(first, false)) {
      asked.set_value();
      released.get_future().wait();
    }
    return true;
  });
  EXPECT_EQ(systemd_.Next(), "READY=1\nSTATUS=serving");
  asked.get_future().wait();
  notice.SetStatus("stuck");
  EXPECT_EQ(systemd_.Next(), "STATUS=stuck");
  released.set_value();
  EXPECT_EQ(systemd_.Next(), "WATCHDOG=1");
}

TEST_F(ReadyNoticeTest, FeedsTheWatchdogOnceTheServerGetsOn) {
  std::atomic<bool> goes_on = false;
  ReadyNotice notice("serving", [&] { return goes_on.load(); });
  EXPECT_EQ(systemd_.Next(), "READY=1\nSTATUS=serving");
  notice.SetStatus("mended");
  goes_on = true;
  EXPECT_EQ(systemd_.Next(), "STATUS=mended");
  EXPECT_EQ(systemd_.Next(), "WATCHDOG=1");
  EXPECT_EQ(systemd_.Next(), "WATCHDOG=1");
}

TEST_F(ReadyNoticeTest, SaysNothingAfterItStops) {
  std::atomic<int> asked = 0;
  std::promise<void> often;
  ReadyNotice notice("serving", [&] {
    if (++asked == kTimes) often.set_value();
    return asked == 1;
  });
  often.get_future().wait();
  notice.Stopping();
  const int before = asked;
  EXPECT_EQ(systemd_.Next(), "READY=1\nSTATUS=serving");
  EXPECT_EQ(systemd_.Next(), "WATCHDOG=1");
  EXPECT_EQ(systemd_.Next(), "STOPPING=1\nSTATUS=stopping");
  notice.SetStatus("ending");
  EXPECT_EQ(systemd_.Next(), "STATUS=ending");
  EXPECT_EQ(asked, before);
}

TEST_F(ReadyNoticeTest, AsksNobodyWithoutAWatchdog) {
  unsetenv("WATCHDOG_USEC");
  bool asked = false;
  {
    const ReadyNotice notice("serving", [&] { return asked = true; });
    EXPECT_EQ(systemd_.Next(), "READY=1\nSTATUS=serving");
  }
  EXPECT_EQ(systemd_.Next(), "STOPPING=1\nSTATUS=stopping");
  EXPECT_FALSE(asked);
}

}  // namespace
}  // namespace dataip::services
