#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <future>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "gtest/gtest.h"
#include "services/common/http.h"
#include "tests/unit/services/common/http_fixture.h"

namespace dataip::services {
namespace {

using std::chrono::milliseconds;
using HttpFetchTest = HttpTest;

// Answers one connection with these bytes, the second ones again and again for
// as long as they are taken.
class RawServer {
 public:
  RawServer(std::string once, std::string endless)
      : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* address = reinterpret_cast<sockaddr*>(&name);
    socklen_t size = sizeof(name);
    EXPECT_EQ(bind(fd_, address, size), 0);
    EXPECT_EQ(listen(fd_, 1), 0);
    EXPECT_EQ(getsockname(fd_, address, &size), 0);
    port_ = ntohs(name.sin_port);
    thread_ = std::thread(
        [this, once = std::move(once), endless = std::move(endless)] {
          const int client = accept(fd_, nullptr, nullptr);
          // A request left unread would cut the answer.
          char request[4'096];
          EXPECT_GT(recv(client, request, sizeof(request), 0), 0);
          Take(client, once);
          while (!endless.empty() && Take(client, endless)) {
          }
          close(client);
        });
  }
  ~RawServer() {
    thread_.join();
    close(fd_);
  }
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  std::string url() const { return absl::StrCat("http://127.0.0.1:", port_); }

 private:
  static bool Take(int client, const std::string& bytes) {
    const ssize_t sent = send(client, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    return sent > 0;
  }

  const int fd_;
  int port_ = 0;
  std::thread thread_;
};

TEST_F(HttpFetchTest, RefusesAnAnswerThatDoesNotEnd) {
  const struct {
    const char* once;
    std::string endless;
  } cases[] = {
      {"", std::string(1'000, 'x')},
      {"", "HTTP/1.1 100 Continue\r\n\r\n"},
      {"HTTP/1.1 200 ", std::string(1'000, 'x')},
      {"HTTP/1.1 200 OK\r\nA: ", std::string(1'000, 'x')},
      {"HTTP/1.1 200 OK\r\n", "A: " + std::string(80, 'x') + "\r\n"},
      {"HTTP/1.1 200 OK\r\n\r\n", std::string(1'000, 'x')},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;",
       std::string(1'000, 'x')}};
  for (const auto& [once, endless] : cases) {
    RawServer server(once, endless);
    EXPECT_EQ(HttpFetch({server.url()}).status().code(),
              absl::StatusCode::kResourceExhausted)
        << once << endless;
  }
}

TEST_F(HttpFetchTest, TakesAHeadOfTheLimitAndNoByteMore) {
  const std::string line = "HTTP/1.1 200 OK\r\nA: ";
  const std::string rest = "\r\nContent-Length: 2\r\n\r\n";
  const std::string most(limits::kHttpHeadBytes - line.size() - rest.size(),
                         'x');
  const RawServer fits(line + most + rest + "ok", "");
  const auto got = HttpFetch({fits.url()});
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_EQ(got->body, "ok");
  const RawServer over(line + most + "x" + rest + "ok", "");
  EXPECT_EQ(HttpFetch({over.url()}).status().code(),
            absl::StatusCode::kResourceExhausted);
}

TEST_F(HttpFetchTest, RefusesWhatIsNoUrl) {
  for (const char* url :
       {"", "ftp://a/", "http://", "http://a:0/", "http://a:x/", "http://u@a/",
        "http://[::1/", "http://a/ b", "http://a:65536/"}) {
    EXPECT_EQ(HttpFetch({url}).status().code(),
              absl::StatusCode::kInvalidArgument)
        << url;
  }
}

TEST_F(HttpFetchTest, FailsInTimeWhenTheServerDripsItsAnswer) {
  std::promise<void> release;
  Serve([&](const HttpRequest&) {
    HttpResponse response;
    response.streamed_bytes = 1'000'000;
    response.next_piece = [&]() -> absl::StatusOr<std::string> {
      release.get_future().wait();
      return absl::CancelledError("the client is gone");
    };
    return response;
  });
  EXPECT_EQ(HttpFetch({Url("/"), "", "", milliseconds(200)}).status().code(),
            absl::StatusCode::kDeadlineExceeded);
  release.set_value();
}

TEST_F(HttpFetchTest, RefusesAnAnswerOverItsLimit) {
  ServeEcho();
  HttpCall call{Url("/")};
  call.response_bytes = 5;
  EXPECT_EQ(HttpFetch(call).status().code(),
            absl::StatusCode::kResourceExhausted);
}

TEST_F(HttpFetchTest, HandsOverEveryStatusAndItsBody) {
  Serve([](const HttpRequest&) {
    return HttpResponse{409, "text/x.tlog.size", "42\n", {}};
  });
  const auto got = HttpFetch({Url("/"), "", "x"});
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_EQ(got->status, 409);
  EXPECT_EQ(got->content_type, "text/x.tlog.size");
  EXPECT_EQ(got->body, "42\n");
}

}  // namespace
}  // namespace dataip::services
