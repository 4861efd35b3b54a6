// Every way of hashing side by side that this CPU has, held against OpenSSL's
// hashes one at a time and against the plain ones.
#include "core/hash/lanes.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "core/hash/plain.h"
#include "gtest/gtest.h"

namespace dataip::hash::lanes {
namespace {

constexpr uint8_t kPrefix[] = {0x01};
constexpr Function kFunctions[] = {Function::kSha256, Function::kSm3};

std::string RandomText(std::mt19937& random, size_t size) {
  std::string text(size, '\0');
  for (char& c : text) c = static_cast<char>(random());
  return text;
}

std::vector<std::string> RandomTexts(std::mt19937& random,
                                     const std::vector<size_t>& sizes) {
  std::vector<std::string> texts;
  for (const size_t size : sizes) texts.push_back(RandomText(random, size));
  return texts;
}

Hash One(Function function, Bytes prefix, Bytes message) {
  return function == Function::kSm3 ? Sm3({prefix, message})
                                    : Sha256({prefix, message});
}

template <typename Digest>
Hash PlainHash(Bytes prefix, Bytes message) {
  Digest digest;
  digest.Update(prefix);
  digest.Update(message);
  return Hash{digest.Finish()};
}

Hash Plain(Function function, Bytes prefix, Bytes message) {
  return function == Function::kSm3 ? PlainHash<plain::Sm3>(prefix, message)
                                    : PlainHash<plain::Sha256>(prefix, message);
}

// Each function, way and prefix over the same messages.
void ExpectAllAgree(const std::vector<std::string>& texts) {
  const std::vector<Bytes> messages = [&] {
    std::vector<Bytes> bytes;
    for (const std::string& text : texts) bytes.push_back(AsBytes(text));
    return bytes;
  }();
  for (const Function function : kFunctions) {
    for (const Bytes prefix : {Bytes(), Bytes(kPrefix)}) {
      std::vector<Hash> expected;
      for (const Bytes message : messages) {
        expected.push_back(One(function, prefix, message));
      }
      for (const Way way : WaysHere()) {
        std::vector<Hash> hashes(messages.size());
        HashMany(function, way, prefix, messages, hashes);
        EXPECT_EQ(hashes, expected) << "way " << static_cast<int>(way);
      }
    }
  }
}

TEST(LanesDeath, RefuseAnotherNumberOfHashesThanMessages) {
  const std::vector<Bytes> messages(3);
  std::vector<Hash> hashes(2);
  for (const Way way : WaysHere()) {
    EXPECT_DEATH(HashMany(Function::kSm3, way, {}, messages, hashes), "");
  }
  EXPECT_DEATH(NodeHashMany(std::vector<Hash>(3), hashes), "");
}

TEST(LanesDeath, RefuseAPrefixOfTwoBytes) {
  const std::vector<Bytes> messages(2);
  std::vector<Hash> hashes(2);
  const uint8_t prefix[2] = {};
  EXPECT_DEATH(
      HashMany(Function::kSm3, WaysHere().back(), prefix, messages, hashes),
      "");
}

TEST(Lanes, GiveTheAnswersOfTheStandards) {
  const std::vector<Bytes> messages(40, AsBytes("abc"));
  for (const Way way : WaysHere()) {
    std::vector<Hash> hashes(messages.size());
    HashMany(Function::kSm3, way, {}, messages, hashes);
    for (const Hash& hash : hashes) {
      EXPECT_EQ(hash.bytes[0], 0x66);
      EXPECT_EQ(hash, Plain(Function::kSm3, {}, AsBytes("abc")));
    }
    HashMany(Function::kSha256, way, {}, messages, hashes);
    for (const Hash& hash : hashes) {
      EXPECT_EQ(hash.bytes[0], 0xba);
      EXPECT_EQ(hash, Plain(Function::kSha256, {}, AsBytes("abc")));
    }
  }
}

TEST(Lanes, HashNothing) { ExpectAllAgree({}); }

// Each number of messages has its own share of idle lanes.
TEST(Lanes, AgreeForEveryNumberOfMessages) {
  std::mt19937 random(3);
  for (size_t count = 1; count <= 70; ++count) {
    ExpectAllAgree(RandomTexts(random, std::vector<size_t>(count, count)));
  }
}

TEST(Lanes, AgreeOnEveryLengthAlikeInAllLanes) {
  std::mt19937 random(4);
  for (size_t size = 0; size <= 300; ++size) {
    ExpectAllAgree(RandomTexts(random, std::vector<size_t>(33, size)));
  }
}

TEST(Lanes, AgreeOnAllLengthsAtOnce) {
  std::mt19937 random(5);
  std::vector<size_t> sizes;
  for (size_t size = 0; size <= 300; ++size) sizes.push_back(size);
  ExpectAllAgree(RandomTexts(random, sizes));
  std::reverse(sizes.begin(), sizes.end());
  ExpectAllAgree(RandomTexts(random, sizes));
  std::shuffle(sizes.begin(), sizes.end(), random);
  ExpectAllAgree(RandomTexts(random, sizes));
}

TEST(Lanes, AgreeOnRandomMixtures) {
  std::mt19937 random(6);
  for (int round = 0; round < 60; ++round) {
    std::vector<size_t> sizes(random() % 200);
    for (size_t& size : sizes) {
      const uint32_t most = random() % 8 == 0 ? 20'000 : 700;
      size = random() % 4 == 0 ? 0 : random() % most;
    }
    ExpectAllAgree(RandomTexts(random, sizes));
  }
}

TEST(Lanes, AgreeOnAFewLongMessagesAmongShortOnes) {
  std::mt19937 random(7);
  std::vector<size_t> sizes(100, 65);
  sizes[3] = 16 << 20;
  sizes[50] = 2'000'003;
  sizes[99] = 1'000'000;
  ExpectAllAgree(RandomTexts(random, sizes));
}

TEST(Lanes, AgreeOnLongMessagesInAllLanes) {
  std::mt19937 random(8);
  std::vector<size_t> sizes(32, 70'000);
  for (size_t& size : sizes) size += random() % 5'000;
  ExpectAllAgree(RandomTexts(random, sizes));
}

TEST(Lanes, AgreeWithThePlainImplementation) {
  std::mt19937 random(9);
  std::vector<size_t> sizes;
  for (size_t size = 0; size <= 300; ++size) sizes.push_back(size);
  const std::vector<std::string> texts = RandomTexts(random, sizes);
  std::vector<Bytes> messages;
  for (const std::string& text : texts) messages.push_back(AsBytes(text));
  std::vector<Hash> hashes(messages.size());
  for (const Function function : kFunctions) {
    for (const Way way : WaysHere()) {
      HashMany(function, way, kPrefix, messages, hashes);
      for (size_t i = 0; i < messages.size(); ++i) {
        EXPECT_EQ(hashes[i], Plain(function, kPrefix, messages[i])) << i;
      }
    }
  }
}

// Messages may stand anywhere in memory, side by side.
TEST(Lanes, AgreeAtEveryAlignment) {
  std::mt19937 random(10);
  const std::string text = RandomText(random, 4'000);
  std::vector<Bytes> messages;
  for (size_t at = 0; at < 64; ++at) {
    messages.push_back(AsBytes(text).subspan(at * 50 + at % 3, 321));
  }
  for (const Function function : kFunctions) {
    for (const Way way : WaysHere()) {
      std::vector<Hash> hashes(messages.size());
      HashMany(function, way, {}, messages, hashes);
      for (size_t i = 0; i < messages.size(); ++i) {
        EXPECT_EQ(hashes[i], One(function, {}, messages[i])) << i;
      }
    }
  }
}

TEST(Ways, BeginWithOneByOneAndHoldTheFastest) {
  ASSERT_FALSE(WaysHere().empty());
  EXPECT_EQ(WaysHere()[0], Way::kOneByOne);
  for (const Function function : kFunctions) {
    EXPECT_NE(
        std::find(WaysHere().begin(), WaysHere().end(), FastestWay(function)),
        WaysHere().end());
  }
}

}  // namespace
}  // namespace dataip::hash::lanes
