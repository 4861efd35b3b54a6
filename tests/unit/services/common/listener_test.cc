#include "services/common/listener.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <future>
#include <string>
#include <vector>

#include "core/base/mutex.h"
#include "gtest/gtest.h"
#include "services/common/descriptors.h"
#include "tests/support/process.h"

namespace dataip::services {
namespace {

TEST(ShareDescriptors, LeavesRoomForTheDatabaseAtEveryLimit) {
  for (const size_t total : {64, 256, 1'024, 20'000, 1'048'576}) {
    const DescriptorShares shares = ShareDescriptors(total);
    EXPECT_GT(shares.database, 0u) << total;
    EXPECT_GE(shares.first_refused, total < 20'000 ? total / 2 : 10'000);
    EXPECT_LT(shares.first_refused + shares.database, total) << total;
  }
}

TEST(Descriptors, RaisesTheSoftLimitToTheHardOne) {
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit low{128, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);
  const size_t total = Descriptors().total;
  rlimit after{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &after), 0);
  EXPECT_EQ(after.rlim_cur, total);
  EXPECT_GT(total, before.rlim_max > 128 ? 128u : 0u);
  setrlimit(RLIMIT_NOFILE, &before);
}

int ConnectTo(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_port = htons(static_cast<uint16_t>(port));
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(connect(fd, reinterpret_cast<const sockaddr*>(&name), sizeof(name)),
            0);
  return fd;
}

TEST(Listener, RefusesWhatIsNoAddress) {
  for (const char* address :
       {"", "127.0.0.1", "[::1:0", "unix:", "127.0.0.1:-1", "192.0.2.1:0"}) {
    EXPECT_FALSE(Listener::Open(address).ok()) << address;
  }
}

TEST(Listener, RefusesAPortThatIsTaken) {
  const auto first = Listener::Open("127.0.0.1:0");
  ASSERT_TRUE(first.ok()) << first.status();
  const std::string address = "127.0.0.1:" + std::to_string((*first)->port());
  EXPECT_FALSE(Listener::Open(address).ok());
  (*first)->Stop();
  EXPECT_TRUE(Listener::Open(address).ok());
}

// A socket at a path that nobody listens on: its process was killed.
void LeaveSocket(const std::string& path) {
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  path.copy(name.sun_path, sizeof(name.sun_path) - 1);
  EXPECT_EQ(bind(fd, reinterpret_cast<const sockaddr*>(&name), sizeof(name)),
            0);
  close(fd);
}

ino_t InodeOf(const std::string& path) {
  struct stat found {};
  return lstat(path.c_str(), &found) == 0 ? found.st_ino : 0;
}

TEST(Listener, LeavesAFileThatIsNoSocket) {
  const test::TempDir dir;
  const std::string path = dir / "notes";
  test::WriteFile(path, "do not lose");
  EXPECT_FALSE(Listener::Open("unix:" + path).ok());
  EXPECT_EQ(test::ReadFile(path), "do not lose");
  const std::string link = dir / "link";
  ASSERT_EQ(symlink(path.c_str(), link.c_str()), 0);
  EXPECT_FALSE(Listener::Open("unix:" + link).ok());
  EXPECT_NE(InodeOf(link), 0u);
  EXPECT_FALSE(Listener::Open("unix:" + dir.path()).ok());
}

TEST(Listener, RefusesAPathThatIsServed) {
  const test::TempDir dir;
  const std::string path = dir / "socket";
  const auto first = Listener::Open("unix:" + path);
  ASSERT_TRUE(first.ok()) << first.status();
  const ino_t before = InodeOf(path);
  EXPECT_FALSE(Listener::Open("unix:" + path).ok());
  EXPECT_FALSE(Listener::Open("unix://" + path).ok());
  EXPECT_EQ(InodeOf(path), before);
  (*first)->Stop();
  EXPECT_EQ(InodeOf(path), 0u);
  EXPECT_TRUE(Listener::Open("unix:" + path).ok());
}

TEST(Listener, LeavesASocketThatIsAnothersWhenItStops) {
  const test::TempDir dir;
  const std::string path = dir / "socket";
  const auto first = Listener::Open("unix:" + path);
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_EQ(unlink(path.c_str()), 0);
  const auto second = Listener::Open("unix:" + path);
  ASSERT_TRUE(second.ok()) << second.status();
  const ino_t others = InodeOf(path);
  (*first)->Stop();
  EXPECT_EQ(InodeOf(path), others);
  (*second)->Stop();
  EXPECT_EQ(InodeOf(path), 0u);
}

TEST(Listener, ReplacesASocketThatNobodyServes) {
  const test::TempDir dir;
  const std::string path = dir / "socket";
  LeaveSocket(path);
  ASSERT_NE(InodeOf(path), 0u);
  const auto listener = Listener::Open("unix:" + path);
  ASSERT_TRUE(listener.ok()) << listener.status();
  EXPECT_EQ((*listener)->port(), 0);
  (*listener)->Stop();
  EXPECT_EQ(InodeOf(path), 0u);
}

TEST(Listener, HandsOverWhatConnected) {
  auto listener = Listener::Open("localhost:0");
  ASSERT_TRUE(listener.ok()) << listener.status();
  std::promise<int> taken;
  (*listener)->Start([&taken](int fd) { taken.set_value(fd); });
  const int fd = ConnectTo((*listener)->port());
  const int peer = taken.get_future().get();
  EXPECT_EQ(write(peer, "x", 1), 1);
  char byte = 0;
  EXPECT_EQ(read(fd, &byte, 1), 1);
  EXPECT_EQ(byte, 'x');
  close(peer);
  close(fd);
}

}  // namespace
}  // namespace dataip::services
