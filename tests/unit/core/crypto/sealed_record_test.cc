#include "core/crypto/sealed_record.h"

#include <set>

#include "core/base/hex.h"
#include "core/hash/hash.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace dataip::crypto {
namespace {

using ::dataip::testing::StatusIs;

constexpr char kName[] = "openings/name";
constexpr char kValue[] = "温州市瓯海区";

std::string Unhex(const std::string& hex) {
  const auto bytes = base::HexDecode(std::string_view(hex));
  EXPECT_TRUE(bytes.has_value());
  return {bytes->begin(), bytes->end()};
}

std::string Sm3Of(const std::string& text) {
  return std::string(hash::Sm3(hash::AsBytes(text)).text());
}

// RFC 2104 by the letter, over the hash of core/hash.
std::string HmacByDefinition(std::string key, const std::string& message) {
  if (key.size() > 64) key = Sm3Of(key);
  key.resize(64, '\0');
  std::string inner = key;
  std::string outer = key;
  for (char& byte : inner) byte = static_cast<char>(byte ^ 0x36);
  for (char& byte : outer) byte = static_cast<char>(byte ^ 0x5c);
  return Sm3Of(outer + Sm3Of(inner + message));
}

RecordSealer SealerOf(char fill) {
  return *RecordSealer::Create(std::string(kMasterKeyBytes, fill));
}

TEST(Sm4Ctr, GivesTheVectorOfTheStandardAsItsKeyStream) {
  const std::string both = Unhex("0123456789abcdeffedcba9876543210");
  EXPECT_EQ(Sm4Ctr(both, both, std::string(16, '\0')),
            Unhex("681edf34d206965e86b3e94f536e4246"));
}

TEST(Sm4Ctr, CountsTheBlocks) {
  const std::string key = Unhex("0123456789abcdeffedcba9876543210");
  const std::string first = Unhex("fedcba987654320fffffffffffffffff");
  const std::string next = Unhex("fedcba98765432100000000000000000");
  const std::string zeros(32, '\0');
  EXPECT_EQ(Sm4Ctr(key, first, zeros).substr(16),
            Sm4Ctr(key, next, zeros).substr(0, 16));
}

TEST(HmacSm3, IsTheConstructionOfRfc2104) {
  for (const size_t length : {0, 1, 32, 64, 65, 200}) {
    const std::string key(length, 'k');
    for (const std::string message : {"", "abc", "a longer message"}) {
      EXPECT_EQ(HmacSm3(key, message), HmacByDefinition(key, message));
    }
  }
}

TEST(RecordSealer, RefusesAMasterKeyOfAnotherLength) {
  for (const size_t length : {0, 16, 31, 33}) {
    EXPECT_THAT(RecordSealer::Create(std::string(length, 'k')).status(),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

TEST(RecordSealer, RefusesEveryChangedByte) {
  const RecordSealer sealer = SealerOf('k');
  const std::string record = sealer.Seal(kName, kValue);
  for (size_t i = 0; i < record.size(); ++i) {
    for (const int bit : {0, 3, 7}) {
      std::string changed = record;
      changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
      EXPECT_THAT(sealer.Open(kName, changed).status(),
                  StatusIs(absl::StatusCode::kDataLoss))
          << i;
    }
  }
}

TEST(RecordSealer, RefusesEveryOtherLength) {
  const RecordSealer sealer = SealerOf('k');
  const std::string record = sealer.Seal(kName, kValue);
  for (size_t length = 0; length < record.size(); ++length) {
    EXPECT_FALSE(sealer.Open(kName, record.substr(0, length)).ok()) << length;
    EXPECT_FALSE(sealer.Open(kName, record.substr(length + 1)).ok()) << length;
  }
  EXPECT_FALSE(sealer.Open(kName, record + '\0').ok());
}

TEST(RecordSealer, RefusesAnotherName) {
  const RecordSealer sealer = SealerOf('k');
  const std::string record = sealer.Seal(kName, kValue);
  for (const std::string name : {"", "openings/nam", "openings/name1"}) {
    EXPECT_THAT(sealer.Open(name, record).status(),
                StatusIs(absl::StatusCode::kDataLoss));
  }
}

TEST(RecordSealer, RefusesAnotherKey) {
  EXPECT_THAT(
      SealerOf('x').Open(kName, SealerOf('k').Seal(kName, kValue)).status(),
      StatusIs(absl::StatusCode::kDataLoss));
}

TEST(RecordSealer, OpensWhatItSealed) {
  const RecordSealer sealer = SealerOf('k');
  for (const std::string& value :
       {std::string(), std::string(1, '\0'), std::string(kValue),
        std::string(100'000, 'v')}) {
    const std::string record = sealer.Seal(kName, value);
    EXPECT_EQ(record.size(), value.size() + kSealedOverheadBytes);
    const auto opened = sealer.Open(kName, record);
    ASSERT_OK(opened);
    EXPECT_EQ(*opened, value);
  }
}

TEST(RecordSealer, OpensWhatAnotherPieceOfCodeSealed) {
  const std::string master(kMasterKeyBytes, 'k');
  const std::string k1 =
      HmacByDefinition(master, "dataip.sealed.v1 sm4").substr(0, 16);
  const std::string k2 = HmacByDefinition(master, "dataip.sealed.v1 hmac");
  const std::string iv(16, 'i');
  const std::string encrypted = Sm4Ctr(k1, iv, "abc");
  const std::string mac = HmacByDefinition(
      k2, std::string("dataip.sealed.v1") + '\0' + std::string(7, '\0') + '\4' +
              "name" + std::string(7, '\0') + '\3' + iv + encrypted);
  const auto opened = SealerOf('k').Open("name", '\1' + iv + encrypted + mac);
  ASSERT_OK(opened);
  EXPECT_EQ(*opened, "abc");
}

TEST(RecordSealer, NeverMakesTheSameRecordTwice) {
  const RecordSealer sealer = SealerOf('k');
  std::set<std::string> ivs;
  for (int i = 0; i < 100; ++i) {
    const std::string record = sealer.Seal(kName, kValue);
    EXPECT_EQ(record.find(kValue), std::string::npos);
    EXPECT_TRUE(ivs.insert(record.substr(1, kSm4IvBytes)).second);
  }
}

}  // namespace
}  // namespace dataip::crypto
