// OpenSSL and the plain implementation are each other's oracle.
#include <random>
#include <string>

#include "core/hash/hash.h"
#include "core/hash/plain.h"
#include "gtest/gtest.h"

namespace dataip::hash {
namespace {

std::string RandomText(std::mt19937& random, size_t size) {
  std::string text(size, '\0');
  for (char& c : text) c = static_cast<char>(random());
  return text;
}

TEST(PlainHashes, AgreeWithOpenSslOnEveryShortLength) {
  std::mt19937 random(1);
  for (size_t size = 0; size <= 600; ++size) {
    const std::string text = RandomText(random, size);
    plain::Sha256 sha256;
    sha256.Update(AsBytes(text));
    EXPECT_EQ(Hash{sha256.Finish()}, Sha256(AsBytes(text))) << size;
    plain::Sm3 sm3;
    sm3.Update(AsBytes(text));
    EXPECT_EQ(Hash{sm3.Finish()}, Sm3(AsBytes(text))) << size;
  }
}

TEST(PlainHashes, AgreeWithOpenSslOnLongTextsInPieces) {
  std::mt19937 random(2);
  for (int round = 0; round < 20; ++round) {
    const std::string text = RandomText(random, random() % 200'000);
    plain::Sha256 sha256;
    plain::Sm3 sm3;
    for (Bytes rest = AsBytes(text); !rest.empty();) {
      const size_t taken = std::min<size_t>(random() % 1000, rest.size());
      sha256.Update(rest.first(taken));
      sm3.Update(rest.first(taken));
      rest = rest.subspan(taken);
    }
    EXPECT_EQ(Hash{sha256.Finish()}, Sha256(AsBytes(text)));
    EXPECT_EQ(Hash{sm3.Finish()}, Sm3(AsBytes(text)));
  }
}

}  // namespace
}  // namespace dataip::hash
