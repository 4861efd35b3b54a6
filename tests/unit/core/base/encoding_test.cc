#include <string>

#include "absl/strings/string_view.h"
#include "core/base/base64.h"
#include "core/base/hex.h"
#include "gtest/gtest.h"

namespace dataip::base {
namespace {

std::vector<uint8_t> ToBytes(const std::string& text) {
  return {text.begin(), text.end()};
}

TEST(HexDecode, RefusesWhatHexEncodeDoesNotWrite) {
  for (const char* text :
       {"0", "abc", "AB", "0g", " 00", "00 ", "0x00", "-1"}) {
    EXPECT_FALSE(HexDecode(text)) << text;
  }
  EXPECT_FALSE(HexDecode(std::string("0\0", 2)));
}

TEST(HexDecode, TakesWhatHexEncodeWrites) {
  std::vector<uint8_t> bytes;
  for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<uint8_t>(i));
  EXPECT_EQ(HexEncode(bytes).substr(0, 8), "00010203");
  EXPECT_EQ(HexDecode(HexEncode(bytes)), bytes);
  EXPECT_EQ(HexDecode(absl::string_view("00ff")),
            (std::vector<uint8_t>{0, 255}));
  EXPECT_EQ(HexDecode(""), std::vector<uint8_t>());
}

TEST(Base64Decode, RefusesOtherSpellings) {
  const char* const texts[] = {
      "Zg",        // no padding
      "Zg=",       // half of it
      "Zg===",     // too much
      "Zh==",      // bits behind the last byte
      "Zm9=",      // the same for two bytes
      "Z===",      // six bits are no byte
      "====",      //
      "=",         //
      "Zm9v\n",    // line end
      " Zm9v",     // space
      "Zm 9v",     //
      "Zm9v====",  // padding alone
      "Zg==Zg==",  // padding inside
      "Zm-_",      // the other alphabet
      "Zm9vYmE",   //
  };
  for (const char* text : texts) EXPECT_FALSE(Base64Decode(text)) << text;
}

TEST(Base64Decode, TakesWhatBase64EncodeWrites) {
  // RFC 4648 section 10.
  const std::pair<const char*, const char*> answers[] = {
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, encoded] : answers) {
    EXPECT_EQ(Base64Encode(ToBytes(plain)), encoded);
    EXPECT_EQ(Base64Decode(encoded), ToBytes(plain));
  }
  EXPECT_EQ(Base64Decode(absl::string_view("Zg==")), ToBytes("f"));
}

TEST(Base64Decode, HasOneSpellingForEveryValue) {
  // Every text of four characters from a part of the alphabet.
  const std::string alphabet = "AB+/9z=";
  for (const char a : alphabet) {
    for (const char b : alphabet) {
      for (const char c : alphabet) {
        for (const char d : alphabet) {
          const std::string text = {a, b, c, d};
          const auto bytes = Base64Decode(text);
          if (bytes) {
            EXPECT_EQ(Base64Encode(*bytes), text);
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace dataip::base
