#include "services/common/http.h"

#include <atomic>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "gtest/gtest.h"
#include "services/common/descriptors.h"
#include "tests/unit/services/common/http_fixture.h"

namespace dataip::services {
namespace {

using std::chrono::milliseconds;

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
  EXPECT_EQ(got->body, "GET /a%20b/%e4%bd%a0 local ");
  const auto posted = HttpFetch({Url("/"), "text/plain", "body"});
  ASSERT_TRUE(posted.ok()) << posted.status();
  EXPECT_EQ(posted->body, "POST / local body");

  const RawClient raw(server_->port());
  raw.Send("HEAD /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
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
    raw.Send(absl::StrCat("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n",
                          field, "\r\n\r\n"));
    EXPECT_TRUE(absl::EndsWith(raw.ReadAll(), "GET / far ")) << field;
  }
}

TEST_F(HttpTest, RefusesOtherMethodsAndMalformedRequests) {
  ServeEcho();
  const struct {
    const char* request;
    const char* answer;
  } cases[] = {{"DELETE / HTTP/1.1\r\nHost: h\r\n\r\n", "HTTP/1.1 501 "},
               {"nonsense\r\n\r\n", "HTTP/1.1 400 "},
               {"GET / HTTP/9.9\r\n\r\n", "HTTP/1.1 400 "},
               {"GET / HTTP/1.1\nHost: h\n\r\n\r\n", "HTTP/1.1 400 "},
               {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 65537\r\n\r\n",
                "HTTP/1.1 413 "}};
  for (const auto& [request, answer] : cases) {
    const RawClient raw(server_->port());
    raw.Send(request);
    EXPECT_TRUE(absl::StartsWith(raw.ReadTo("\r\n\r\n"), answer)) << request;
  }
}

// A proxy may keep some paths to itself by comparing them as they were sent.
TEST_F(HttpTest, DecodesNoPath) {
  ServeEcho();
  for (const char* path : {"/a%2fb", "/a%2Fb", "/%61/b", "/a/%2e%2e/b", "/%"}) {
    const auto got = HttpFetch({Url(absl::StrCat(path, "?c=%2f"))});
    ASSERT_TRUE(got.ok()) << got.status();
    EXPECT_EQ(got->body, absl::StrCat("GET ", path, " local ")) << path;
  }
}

TEST_F(HttpTest, IgnoresRanges) {
  ServeEcho();
  for (const char* range : {"bytes=0-3", "bytes=abc", "bytes=5-2", "lines=1",
                            "", "bytes=0-0\r\nrange: x"}) {
    const RawClient raw(server_->port());
    raw.Send(absl::StrCat("POST / HTTP/1.1\r\nHost: h\r\nRange: ", range,
                          "\r\nContent-Length: 4\r\n"
                          "Connection: close\r\n\r\nbody"));
    const std::string answer = raw.ReadAll();
    EXPECT_TRUE(absl::StartsWith(answer, "HTTP/1.1 200 ")) << answer;
    EXPECT_TRUE(absl::EndsWith(answer, "POST / local body")) << answer;
  }
}

TEST_F(HttpTest, KeepsNoConnectionAfterAnOldOrMalformedRequest) {
  ServeEcho();
  const std::string next = "GET /next HTTP/1.1\r\nHost: h\r\n\r\n";
  for (const char* first :
       {"GET /\r\n\r\n", "GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.1\r\n\r\n",
        "GET  / HTTP/1.1\r\nHost: h\r\n\r\n"}) {
    const RawClient raw(server_->port());
    raw.Send(first + next);
    const std::string all = raw.ReadAll();
    EXPECT_TRUE(absl::StartsWith(all, "HTTP/1.1 ")) << first;
    EXPECT_FALSE(absl::StrContains(all, "/next")) << first << all;
  }
}

TEST_F(HttpTest, AnswersRequestsThatComeTogetherInTheirOrder) {
  ServeEcho();
  const RawClient raw(server_->port());
  raw.Send(
      "POST /1 HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"
      "GET /2 HTTP/1.1\r\nHost: h\r\n\r\n"
      "GET /3 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
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
      "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: "
      "1\r\n"
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
  for (int i = 1; i < kRequests; ++i)
    requests += "GET /x HTTP/1.1\r\nHost: h\r\n\r\n";
  requests += "GET /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
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
  const std::string request =
      "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
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
    old.Send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
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
  raw.Send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  begun.get_future().wait();
  const auto since = std::chrono::steady_clock::now();
  server_->Stop();
  EXPECT_LT(std::chrono::steady_clock::now() - since,
            milliseconds(2 * limits::kHttpTimeoutMs));
}

}  // namespace
}  // namespace dataip::services
