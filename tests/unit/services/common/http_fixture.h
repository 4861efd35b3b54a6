// An HTTP server, and a client that says just what a test wants.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "services/common/http.h"

namespace dataip::services {

// A client that sends just the bytes it is given.
class RawClient {
 public:
  // `buffer_bytes` is what the kernel takes for it unread; 0 for much.
  explicit RawClient(int port, int buffer_bytes = 0)
      : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (buffer_bytes > 0) {
      setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &buffer_bytes, sizeof(int));
    }
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_port = htons(static_cast<uint16_t>(port));
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const auto* address = reinterpret_cast<const sockaddr*>(&name);
    EXPECT_EQ(connect(fd_, address, sizeof(name)), 0);
  }
  ~RawClient() { close(fd_); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  void Send(const std::string& bytes) const {
    EXPECT_EQ(send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }

  // Until the server closes.
  std::string ReadAll() const {
    std::string all;
    while (ReadSome(all)) {
    }
    return all;
  }

  // Until `end` has come.
  std::string ReadTo(const std::string& end) const {
    std::string all;
    while (!absl::StrContains(all, end) && ReadSome(all)) {
    }
    return all;
  }

 private:
  bool ReadSome(std::string& all) const {
    char piece[4'096];
    const ssize_t got = recv(fd_, piece, sizeof(piece), 0);
    if (got > 0) all.append(piece, static_cast<size_t>(got));
    return got > 0;
  }

  const int fd_;
};

class HttpTest : public testing::Test {
 protected:
  HttpTest() { signal(SIGPIPE, SIG_IGN); }

  void Serve(HttpHandler handler) {
    auto server = HttpServer::Start("127.0.0.1:0", std::move(handler));
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }
  void ServeEcho() {
    Serve([](const HttpRequest& request) {
      return HttpResponse{
          200,
          "text/plain; charset=utf-8",
          absl::StrCat(request.method, " ", request.path, " ",
                       request.local ? "local" : "far", " ", request.body),
          {{"Cache-Control", "no-cache"}}};
    });
  }
  std::string Url(const std::string& path) const {
    return absl::StrCat("http://127.0.0.1:", server_->port(), path);
  }

  std::unique_ptr<HttpServer> server_;
};

}  // namespace dataip::services
