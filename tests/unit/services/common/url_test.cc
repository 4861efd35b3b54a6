#include "services/common/url.h"

#include <string>

#include "gtest/gtest.h"

namespace dataip::services {
namespace {

TEST(ParseUrl, RefusesWhatIsNoAddressOfHttp) {
  for (const std::string text :
       {"", "ftp://a", "a.example", "http:/a", "http://", "http://:80",
        "http://a:0", "http://a:65536", "http://a:", "http://a:x",
        "http://user@a", "http://[::1", "http://a b", "http://\xc3\xa9",
        "https://[]"}) {
    EXPECT_FALSE(ParseUrl(text).ok()) << text;
  }
  EXPECT_FALSE(ParseUrl("http://a/" + std::string(4'096, 'x')).ok());
}

TEST(ParseUrl, TakesSchemeHostPortAndTarget) {
  const auto plain = ParseUrl("http://a.example?q#f");
  ASSERT_TRUE(plain.ok());
  EXPECT_FALSE(plain->https);
  EXPECT_EQ(plain->host, "a.example");
  EXPECT_EQ(plain->port, 80);
  EXPECT_EQ(plain->target, "/?q");
  const auto six = ParseUrl("https://[::1]:7103/w/1");
  ASSERT_TRUE(six.ok());
  EXPECT_TRUE(six->https);
  EXPECT_EQ(six->host, "::1");
  EXPECT_EQ(six->port, 7103);
  EXPECT_EQ(six->target, "/w/1");
  EXPECT_EQ(ParseUrl("https://a")->port, 443);
}

TEST(IsLoopback, NamesThisMachineOnly) {
  for (const std::string text :
       {"http://localhost:1", "http://LOCALHOST", "http://127.0.0.1",
        "http://127.255.0.9:8080/x", "http://[::1]:1"}) {
    EXPECT_TRUE(IsLoopback(*ParseUrl(text))) << text;
  }
  for (const std::string text :
       {"http://localhost.example", "http://127.0.0.1.example",
        "http://128.0.0.1", "http://10.0.0.1", "http://127.1", "http://0.0.0.0",
        "http://[::2]", "http://[::ffff:10.0.0.1]"}) {
    EXPECT_FALSE(IsLoopback(*ParseUrl(text))) << text;
  }
}

}  // namespace
}  // namespace dataip::services
