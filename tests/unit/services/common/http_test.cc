#include "services/common/http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "gtest/gtest.h"
#include "services/common/descriptors.h"

namespace dataip::services {
namespace {

using std::chrono::milliseconds;

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

TEST_F(HttpTest, RefusesAnAddressThatIsNone) {
  const HttpHandler none = [](const HttpRequest&) { return HttpResponse{}; };
  for (const char* listen : {"", "localhost", "127.0.0.1:", "unix:/x",
                             "127.0.0.1:65536", "127.0.0.1:-1"}) {
    EXPECT_EQ(HttpServer::Start(listen, none).status().code(),
              absl::StatusCode::kInvalidArgument)
        << listen;
  }
  ServeEcho();
  EXPECT_EQ(HttpServer::Start(absl::StrCat("127.0.0.1:", server_->port()), none)
                .status()
                .code(),
            absl::StatusCode::kUnavailable);
}

TEST_F(HttpTest, AnswersGetPostAndHead) {
  ServeEcho();
  const auto got = HttpFetch({Url("/a%20b/%e4%bd%a0?q=1")});
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_EQ(got->status, 200);
  EXPECT_EQ(got->content_type, "text/plain; charset=utf-8");
  EXPECT_EQ(got->body, "GET /a b/\xe4\xbd\xa0 local ");
  const auto posted = HttpFetch({Url("/"), "text/plain", "body"});
  ASSERT_TRUE(posted.ok()) << posted.status();
  EXPECT_EQ(posted->body, "POST / local body");

  const RawClient raw(server_->port());
  raw.Send("HEAD /x HTTP/1.1\r\nConnection: close\r\n\r\n");
  const std::string head = raw.ReadAll();
  EXPECT_TRUE(absl::StrContains(head, "Content-Length: 13\r\n")) << head;
  EXPECT_TRUE(absl::StrContains(head, "Cache-Control: no-cache\r\n")) << head;
  EXPECT_TRUE(absl::StrContains(head, "Accept-Ranges: none\r\n")) << head;
  EXPECT_TRUE(absl::EndsWith(head, "\r\n\r\n")) << head;
}

TEST_F(HttpTest, AProxysRequestIsNotLocal) {
  ServeEcho();
  for (const char* field : {"X-Forwarded-For: 192.0.2.1", "via: 1.1 x",
                            "forwarded: for=192.0.2.1", "X-Real-IP: x"}) {
    const RawClient raw(server_->port());
    raw.Send(absl::StrCat("GET / HTTP/1.1\r\nConnection: close\r\n", field,
                          "\r\n\r\n"));
    EXPECT_TRUE(absl::EndsWith(raw.ReadAll(), "GET / far ")) << field;
  }
}

TEST_F(HttpTest, RefusesOtherMethodsAndMalformedRequests) {
  ServeEcho();
  const struct {
    const char* request;
    const char* answer;
  } cases[] = {
      {"DELETE / HTTP/1.1\r\n\r\n", "HTTP/1.1 501 "},
      {"nonsense\r\n\r\n", "HTTP/1.1 400 "},
      {"GET / HTTP/9.9\r\n\r\n", "HTTP/1.1 400 "},
      {"GET / HTTP/1.1\nA: b\n\r\n\r\n", "HTTP/1.1 400 "},
      {"POST / HTTP/1.1\r\nContent-Length: 65537\r\n\r\n", "HTTP/1.1 413 "}};
  for (const auto& [request, answer] : cases) {
    const RawClient raw(server_->port());
    raw.Send(request);
    EXPECT_TRUE(absl::StartsWith(raw.ReadTo("\r\n\r\n"), answer)) << request;
  }
}

TEST_F(HttpTest, AnswersRequestsThatComeTogetherInTheirOrder) {
  ServeEcho();
  const RawClient raw(server_->port());
  raw.Send(
      "POST /1 HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"
      "GET /2 HTTP/1.1\r\n\r\n"
      "GET /3 HTTP/1.1\r\nConnection: close\r\n\r\n");
  const std::string all = raw.ReadAll();
  const size_t first = all.find("POST /1 local abc");
  const size_t second = all.find("GET /2 local ");
  const size_t third = all.find("GET /3 local ");
  EXPECT_NE(first, std::string::npos) << all;
  EXPECT_LT(first, second) << all;
  EXPECT_LT(second, third) << all;
  EXPECT_NE(third, std::string::npos) << all;
}

TEST_F(HttpTest, TellsAClientToContinue) {
  ServeEcho();
  const RawClient raw(server_->port());
  raw.Send(
      "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1\r\n"
      "Connection: close\r\n\r\n");
  EXPECT_EQ(raw.ReadTo("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  raw.Send("x");
  const std::string rest = raw.ReadAll();
  EXPECT_TRUE(absl::StartsWith(rest, "HTTP/1.1 200 ")) << rest;
}

TEST_F(HttpTest, SlowClientsHoldNoThread) {
  ServeEcho();
  std::vector<std::unique_ptr<RawClient>> slow;
  for (size_t i = 0; i < 4 * limits::kHttpThreads; ++i) {
    slow.push_back(std::make_unique<RawClient>(server_->port()));
    slow.back()->Send("GET /slow HTTP/1.1\r\nHos");
  }
  const auto got = HttpFetch({Url("/quick"), "", "", milliseconds(1'000)});
  EXPECT_TRUE(got.ok()) << got.status();
  slow.front()->Send("t: x\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(absl::StrContains(slow.front()->ReadAll(), "GET /slow"));
}

TEST_F(HttpTest, SlowReadersHoldNoThread) {
  const std::string body(limits::kHttpUnsentBytes - 1'000, 'x');
  Serve([&](const HttpRequest& request) {
    return HttpResponse{200, "", request.path == "/" ? "quick" : body, {}};
  });
  // So many requests that no socket's buffer takes all their answers.
  constexpr int kRequests = 60;
  std::string requests;
  for (int i = 1; i < kRequests; ++i) requests += "GET /x HTTP/1.1\r\n\r\n";
  requests += "GET /x HTTP/1.1\r\nConnection: close\r\n\r\n";
  std::vector<std::unique_ptr<RawClient>> slow;
  for (size_t i = 0; i < 4 * limits::kHttpThreads; ++i) {
    slow.push_back(std::make_unique<RawClient>(server_->port(), 4'096));
    slow.back()->Send(requests);
  }
  for (int i = 0; i < 20; ++i) {
    const auto got = HttpFetch({Url("/"), "", "", milliseconds(2'000)});
    ASSERT_TRUE(got.ok()) << got.status();
  }
  // What waits is whole when it is read after all.
  EXPECT_GT(slow.back()->ReadAll().size(), kRequests * body.size());
}

TEST_F(HttpTest, TheConnectionThatWaitedLongestIsClosedForANewOne) {
  ServeEcho();
  const RawClient oldest(server_->port());
  std::vector<std::unique_ptr<RawClient>> idle;
  for (size_t i = 0; i < Descriptors().http; ++i) {
    idle.push_back(std::make_unique<RawClient>(server_->port()));
  }
  const auto got = HttpFetch({Url("/")});
  EXPECT_TRUE(got.ok()) << got.status();
  EXPECT_EQ(oldest.ReadAll(), "");
}

TEST_F(HttpTest, AnswersMoreThanThreadsAndQueueHoldWith503) {
  std::promise<void> release;
  const std::shared_future<void> released(release.get_future());
  std::atomic<size_t> running = 0;
  std::promise<void> all_run;
  Serve([&](const HttpRequest&) {
    if (++running == limits::kHttpThreads) all_run.set_value();
    released.wait();
    return HttpResponse{};
  });
  const std::string request = "GET / HTTP/1.1\r\nConnection: close\r\n\r\n";
  std::vector<std::unique_ptr<RawClient>> clients;
  for (size_t i = 0; i < limits::kHttpThreads; ++i) {
    clients.push_back(std::make_unique<RawClient>(server_->port()));
    clients.back()->Send(request);
  }
  all_run.get_future().wait();
  for (size_t i = 0; i <= limits::kHttpQueuedConnections; ++i) {
    clients.push_back(std::make_unique<RawClient>(server_->port()));
    clients.back()->Send(request);
  }
  // Of those that came over the queue's length one at least; which one is not
  // said.
  size_t refused = 0;
  std::vector<std::thread> readers;
  std::vector<std::string> answers(clients.size());
  for (size_t i = 0; i < clients.size(); ++i) {
    readers.emplace_back([&, i] {
      answers[i] = clients[i]->ReadAll();
      if (absl::StartsWith(answers[i], "HTTP/1.1 503 ")) release.set_value();
    });
  }
  for (std::thread& reader : readers) reader.join();
  for (const std::string& answer : answers) {
    if (absl::StartsWith(answer, "HTTP/1.1 503 ")) ++refused;
  }
  EXPECT_EQ(refused, 1u);
}

TEST_F(HttpTest, AHandlerThatThrowsIsAnInternalError) {
  Serve([](const HttpRequest&) -> HttpResponse {
    throw std::runtime_error("thrown by the test");
  });
  const auto got = HttpFetch({Url("/")});
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_EQ(got->status, 500);
}

TEST_F(HttpTest, StreamsABodyInPieces) {
  Serve([](const HttpRequest& request) {
    HttpResponse response;
    response.content_type = "application/octet-stream";
    response.streamed_bytes = 300;
    response.next_piece = [cut = request.path == "/cut",
                           left = 3]() mutable -> absl::StatusOr<std::string> {
      if (cut && left == 1) return absl::DataLossError("cut");
      return std::string(100, static_cast<char>('a' + --left));
    };
    return response;
  });
  const auto got = HttpFetch({Url("/")});
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_EQ(got->body, std::string(100, 'c') + std::string(100, 'b') +
                           std::string(100, 'a'));
  EXPECT_EQ(HttpFetch({Url("/cut")}).status().code(),
            absl::StatusCode::kUnavailable);
}

TEST_F(HttpTest, StopAnswersWhatHasBegun) {
  std::promise<void> begun;
  std::promise<void> release;
  Serve([&](const HttpRequest&) {
    begun.set_value();
    release.get_future().wait();
    return HttpResponse{200, "", "answered", {}};
  });
  auto answer =
      std::async(std::launch::async, [&] { return HttpFetch({Url("/")}); });
  begun.get_future().wait();
  auto stopped = std::async(std::launch::async, [&] { server_->Stop(); });
  release.set_value();
  const auto got = answer.get();
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_EQ(got->body, "answered");
  stopped.get();
  EXPECT_EQ(HttpFetch({Url("/")}).status().code(),
            absl::StatusCode::kUnavailable);
}

TEST_F(HttpTest, StopAnswersWhatComesLaterWith503) {
  std::promise<void> begun;
  std::promise<void> release;
  Serve([&](const HttpRequest& request) {
    if (request.path != "/held") return HttpResponse{};
    begun.set_value();
    release.get_future().wait();
    return HttpResponse{200, "", "answered", {}};
  });
  const RawClient old(server_->port());
  auto held =
      std::async(std::launch::async, [&] { return HttpFetch({Url("/held")}); });
  begun.get_future().wait();
  auto stopped = std::async(std::launch::async, [&] { server_->Stop(); });
  std::string answer;
  do {
    old.Send("GET / HTTP/1.1\r\n\r\n");
    answer = old.ReadTo("\r\n\r\n");
  } while (absl::StartsWith(answer, "HTTP/1.1 200 "));
  EXPECT_TRUE(absl::StartsWith(answer, "HTTP/1.1 503 ")) << answer;
  release.set_value();
  const auto got = held.get();
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_EQ(got->body, "answered");
  stopped.get();
}

TEST_F(HttpTest, DoesNotGoOnWhileAHandlerIsStuck) {
  std::promise<void> begun;
  std::promise<void> release;
  Serve([&](const HttpRequest& request) {
    if (request.path != "/held") return HttpResponse{};
    begun.set_value();
    release.get_future().wait();
    return HttpResponse{};
  });
  EXPECT_TRUE(server_->GoesOn());
  auto held =
      std::async(std::launch::async, [&] { return HttpFetch({Url("/held")}); });
  begun.get_future().wait();
  EXPECT_TRUE(server_->GoesOn());
  // Others are answered meanwhile.
  EXPECT_TRUE(HttpFetch({Url("/")}).ok());
  EXPECT_FALSE(server_->GoesOn());
  release.set_value();
  EXPECT_TRUE(held.get().ok());
  EXPECT_TRUE(HttpFetch({Url("/")}).ok());
  EXPECT_TRUE(server_->GoesOn());
}

TEST_F(HttpTest, StopCutsAClientThatDoesNotRead) {
  std::promise<void> begun;
  Serve([&](const HttpRequest&) {
    HttpResponse response;
    response.streamed_bytes = uint64_t{1} << 40;
    response.next_piece = [&, first = true]() mutable {
      if (std::exchange(first, false)) begun.set_value();
      return absl::StatusOr<std::string>(std::string(1 << 20, 'x'));
    };
    return response;
  });
  const RawClient raw(server_->port());
  raw.Send("GET / HTTP/1.1\r\n\r\n");
  begun.get_future().wait();
  const auto since = std::chrono::steady_clock::now();
  server_->Stop();
  EXPECT_LT(std::chrono::steady_clock::now() - since,
            milliseconds(2 * limits::kHttpTimeoutMs));
}

TEST_F(HttpTest, FetchRefusesWhatIsNoUrl) {
  for (const char* url :
       {"", "ftp://a/", "http://", "http://a:0/", "http://a:x/", "http://u@a/",
        "http://[::1/", "http://a/ b", "http://a:65536/"}) {
    EXPECT_EQ(HttpFetch({url}).status().code(),
              absl::StatusCode::kInvalidArgument)
        << url;
  }
}

TEST_F(HttpTest, FetchFailsInTimeWhenTheServerDripsItsAnswer) {
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

TEST_F(HttpTest, FetchRefusesAnAnswerOverItsLimit) {
  ServeEcho();
  HttpCall call{Url("/")};
  call.response_bytes = 5;
  EXPECT_EQ(HttpFetch(call).status().code(),
            absl::StatusCode::kResourceExhausted);
}

TEST_F(HttpTest, FetchHandsOverEveryStatusAndItsBody) {
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
