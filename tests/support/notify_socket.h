// What systemd hears from a unit of Type=notify.
#pragma once

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <string>

#include "gtest/gtest.h"

namespace dataip::test {

class NotifySocket {
 public:
  explicit NotifySocket(const std::string& path)
      : fd_(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    path.copy(name.sun_path, sizeof(name.sun_path) - 1);
    EXPECT_EQ(bind(fd_, reinterpret_cast<const sockaddr*>(&name), sizeof(name)),
              0);
  }
  ~NotifySocket() { close(fd_); }
  NotifySocket(const NotifySocket&) = delete;
  NotifySocket& operator=(const NotifySocket&) = delete;

  // Waits for the next message.
  std::string Next() const {
    char text[1'024];
    const ssize_t got = recv(fd_, text, sizeof(text), 0);
    return got > 0 ? std::string(text, static_cast<size_t>(got)) : "";
  }

 private:
  const int fd_;
};

}  // namespace dataip::test
