#include "services/common/http_frame.h"

#include <string>

#include "core/base/limits.h"
#include "gtest/gtest.h"

namespace dataip::services {
namespace {

using State = HttpFrame::State;

int RefusalOf(const std::string& bytes) {
  const HttpFrame frame = FrameRequest(bytes);
  return frame.state == State::kRefused ? frame.refusal : 0;
}

TEST(FrameRequest, RefusesWhatTwoReadersCouldReadDifferently) {
  for (const char* fields :
       {"Content-Length: 1\r\nContent-Length: 1\r\n", "Content-Length: +1\r\n",
        "Content-Length: 0x1\r\n", "Content-Length:\r\n",
        "Content-Length: 1, 1\r\n", "Content-Length : 1\r\n",
        " Content-Length: 1\r\n", "A: b\r\n folded\r\n",
        "A: b\nContent-Length: 1\r\n", "A: b\rc\r\n", "no colon\r\n",
        ": no name\r\n", "Content-Length: 99999999999999999999\r\n"}) {
    EXPECT_EQ(RefusalOf(std::string("GET / HTTP/1.1\r\nHost: h\r\n") + fields +
                        "\r\n"),
              400)
        << fields;
  }
  EXPECT_EQ(RefusalOf("GET / HTTP/1.1\r\nHost: h\r\n"
                      "Transfer-Encoding: chunked\r\n\r\n"),
            411);
}

TEST(FrameRequest, RefusesARequestLineThatIsNotThreeWords) {
  for (const char* line :
       {"", "GET", "GET /", "GET  / HTTP/1.1", "GET /  HTTP/1.1",
        "GET / HTTP/1.1 ", " GET / HTTP/1.1", "GET / a HTTP/1.1",
        "GET  HTTP/1.1", "GET /\ta HTTP/1.1", "GET /#a HTTP/1.1",
        "GET / HTTP/2.0", "GET / HTTP/1.2", "GET / http/1.1", "GET / HTTP/1.1x",
        "PRI * HTTP/2.0"}) {
    EXPECT_EQ(RefusalOf(std::string(line) + "\r\nHost: h\r\n\r\n"), 400)
        << line;
  }
  EXPECT_EQ(RefusalOf(std::string("GET /\0 HTTP/1.0\r\n\r\n", 19)), 400);
}

TEST(FrameRequest, RefusesAnotherNumberOfHostsThanOne) {
  EXPECT_EQ(RefusalOf("GET / HTTP/1.1\r\n\r\n"), 400);
  EXPECT_EQ(RefusalOf("GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n"), 400);
  EXPECT_EQ(RefusalOf("GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(RefusalOf("GET / HTTP/1.1\r\nHOST: a\r\n\r\n"), 0);
  EXPECT_EQ(RefusalOf("GET / HTTP/1.1\r\nHost:\r\n\r\n"), 0);
  // Which knows none.
  EXPECT_EQ(RefusalOf("GET / HTTP/1.0\r\n\r\n"), 0);
}

TEST(FrameRequest, RefusesAHeadThatDoesNotEnd) {
  const std::string begun =
      "GET / HTTP/1.1\r\nA: " + std::string(limits::kHttpHeadBytes, 'a');
  EXPECT_EQ(RefusalOf(begun), 431);
  EXPECT_EQ(RefusalOf(begun + "\r\n\r\n"), 431);
  EXPECT_EQ(RefusalOf(begun.substr(0, limits::kHttpHeadBytes - 1)), 0);
}

TEST(FrameRequest, RefusesABodyOverTheLimitBeforeItComes) {
  const std::string most = std::to_string(limits::kHttpRequestBytes);
  const std::string over = std::to_string(limits::kHttpRequestBytes + 1);
  EXPECT_EQ(
      RefusalOf("POST / HTTP/1.0\r\ncontent-length: " + most + "\r\n\r\n"), 0);
  EXPECT_EQ(
      RefusalOf("POST / HTTP/1.0\r\ncontent-length: " + over + "\r\n\r\n"),
      413);
}

TEST(FrameRequest, EndsWhereHeadAndBodyEnd) {
  const std::string head =
      "POST /a HTTP/1.1\r\nHost: h\r\nCONTENT-LENGTH: 3 \r\n\r\n";
  const std::string two = head + "abc" + "GET / HTTP/1.0\r\n\r\n";
  for (size_t size = 0; size < head.size() + 3; ++size) {
    EXPECT_EQ(FrameRequest(two.substr(0, size)).state, State::kPartial) << size;
  }
  const HttpFrame frame = FrameRequest(two);
  EXPECT_EQ(frame.state, State::kWhole);
  EXPECT_EQ(frame.head_bytes, head.size());
  EXPECT_EQ(frame.body_bytes, 3u);
}

TEST(FrameRequest, SeesWhoWaitsToBeToldToContinue) {
  const HttpFrame frame = FrameRequest(
      "POST / HTTP/1.0\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\n");
  EXPECT_EQ(frame.state, State::kPartial);
  EXPECT_TRUE(frame.awaits_continue);
}

TEST(DropField, TakesOutOneFieldAndNothingElse) {
  const std::string kept = "GET /range: HTTP/1.1\r\nHost: h\r\nRanges: a\r\n";
  const std::string body = "Range: body\r\n";
  const std::string rest = "Content-Length: 13\r\n\r\n" + body + "GET";
  for (const char* fields :
       {"", "Range: bytes=0-3\r\n", "rANGE:\r\n", "Range: a\r\nRange: b\r\n"}) {
    std::string bytes = kept + fields + rest;
    HttpFrame frame = FrameRequest(bytes);
    ASSERT_EQ(frame.state, State::kWhole) << fields;
    DropField("range", frame, bytes);
    EXPECT_EQ(bytes, kept + rest);
    EXPECT_EQ(frame.head_bytes, FrameRequest(bytes).head_bytes) << fields;
    EXPECT_EQ(frame.body_bytes, body.size());
  }
}

}  // namespace
}  // namespace dataip::services
