#include "core/crypto/pem.h"

#include <string>

#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/core/crypto/bytes.h"

namespace dataip::crypto {
namespace {

TEST(ReadPem, RefusesOtherTexts) {
  for (const char* text : {
           "",
           "\n\n",
           "-----BEGIN X-----\n",
           "-----END X-----\n",
           "-----BEGIN Y-----\nAAAA\n-----END Y-----\n",
           "-----BEGIN X-----\nAAAA\n-----END Y-----\n",
           "-----BEGIN X-----\nAAA\n-----END X-----\n",
           "-----BEGIN X-----\nAA A\n-----END X-----\n",
           "-----BEGIN X-----\nAAB=\n-----END X-----\n",
           "-----BEGIN X-----\nKind: v\n\nAAAA\n-----END X-----\n",
           "hello\n-----BEGIN X-----\nAAAA\n-----END X-----\n",
           "-----BEGIN X-----\nAAAA\n-----END X-----\nhello\n",
           "-----BEGIN X-----\n-----BEGIN X-----\nAAAA\n-----END X-----\n",
           "-----BEGIN X-----AAAA-----END X-----\n",
       }) {
    EXPECT_FALSE(ReadPem(text, "X", 2).ok()) << text;
  }
}

TEST(ReadPem, RefusesMoreBlocksThanAllowed) {
  const std::string block = WritePem("X", B("abc"));
  EXPECT_FALSE(ReadPem(block + block, "X", 1).ok());
  EXPECT_TRUE(ReadPem(block + block, "X", 2).ok());
}

TEST(ReadPem, TakesEmptyLinesAndCarriageReturns) {
  const std::string bytes(100, '\x5a');
  const std::string pem = WritePem("X", B(bytes));
  ASSERT_OK_AND_ASSIGN(const auto blocks, ReadPem("\n" + pem + "\n", "X", 1));
  EXPECT_EQ(blocks, std::vector<std::string>{bytes});
  ASSERT_OK_AND_ASSIGN(
      const auto windows,
      ReadPem(absl::StrReplaceAll(pem, {{"\n", "\r\n"}}), "X", 1));
  EXPECT_EQ(windows, blocks);
}

}  // namespace
}  // namespace dataip::crypto
