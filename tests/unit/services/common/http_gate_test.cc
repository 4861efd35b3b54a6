#include "services/common/http_gate.h"

#include <sys/socket.h>
#include <unistd.h>

#include <future>
#include <string>
#include <utility>

#include "gtest/gtest.h"

namespace dataip::services {
namespace {

constexpr size_t kMost = 10;

// A connection, and what its client reads of it.
class Client {
 public:
  Client() {
    int ends[2];
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
                         ends),
              0);
    connection_ = std::make_unique<HttpConnection>(ends[0]);
    fd_ = ends[1];
  }
  ~Client() { close(fd_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  HttpConnection& connection() { return *connection_; }
  std::unique_ptr<HttpConnection> Take() { return std::move(connection_); }

  // What has been sent; "..." behind it unless the connection is closed.
  std::string Received() const {
    std::string all;
    char piece[4'096];
    for (;;) {
      const ssize_t got = recv(fd_, piece, sizeof(piece), 0);
      if (got < 0) return all + "...";
      if (got == 0) return all;
      all.append(piece, static_cast<size_t>(got));
    }
  }

 private:
  std::unique_ptr<HttpConnection> connection_;
  int fd_ = -1;
};

std::unique_ptr<HttpGate> OpenGate() {
  return HttpGate::Open(kMost, [](std::unique_ptr<HttpConnection>&) {});
}

// In most of the rounds the gate's thread has not looked when it is stopped.
TEST(HttpGate, StopSendsWhatWasAddedJustBefore) {
  for (int round = 0; round < 50; ++round) {
    const auto gate = OpenGate();
    Client client;
    client.connection().unsent = "the answer";
    gate->Add(client.Take());
    gate->Stop();
    ASSERT_EQ(client.Received(), "the answer") << round;
  }
}

TEST(HttpGate, StopClosesWhatHasNoAnswer) {
  const auto gate = OpenGate();
  Client idle;
  Client begun;
  begun.connection().bytes = "GET / HT";
  gate->Add(idle.Take());
  gate->Add(begun.Take());
  EXPECT_EQ(idle.Received(), "...");
  gate->Stop();
  EXPECT_EQ(idle.Received(), "");
  EXPECT_EQ(begun.Received(), "");
}

TEST(HttpGate, ClosesWhatIsAddedAfterStop) {
  const auto gate = OpenGate();
  gate->Stop();
  Client client;
  client.connection().unsent = "too late";
  gate->Add(client.Take());
  EXPECT_EQ(client.Received(), "");
}

TEST(HttpGate, DoesNotGoOnWhileItsThreadIsStuck) {
  std::promise<void> taken;
  std::promise<void> released;
  std::promise<void> taken_again;
  int times = 0;
  const auto gate =
      HttpGate::Open(kMost, [&](std::unique_ptr<HttpConnection>& connection) {
        connection.reset();
        if (++times == 2) return taken_again.set_value();
        taken.set_value();
        released.get_future().wait();
      });
  Client first;
  first.connection().bytes = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
  gate->Add(first.Take());
  taken.get_future().wait();
  gate->GoesOn();
  EXPECT_FALSE(gate->GoesOn());
  EXPECT_FALSE(gate->GoesOn());
  released.set_value();
  Client second;
  second.connection().bytes = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
  gate->Add(second.Take());
  taken_again.get_future().wait();
  EXPECT_TRUE(gate->GoesOn());
  gate->Stop();
  gate->GoesOn();
  EXPECT_TRUE(gate->GoesOn());
}

}  // namespace
}  // namespace dataip::services
