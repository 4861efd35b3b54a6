#include "client/export/piece_reader.h"

#include <string>

#include "gtest/gtest.h"

namespace dataip::client {
namespace {

using namespace std::string_literals;

TEST(PieceReader, TakesHeadersAndPayloads) {
  PieceReader headers(
      "\0\2ab"
      "\0\0"
      "\0\1c"s,
      PieceReader::Kind::kHeaders);
  EXPECT_EQ(headers.Take()->bytes, "ab");
  EXPECT_EQ(headers.Take()->bytes, "");
  EXPECT_EQ(headers.Take()->whole, "\0\1c"s);
  EXPECT_TRUE(headers.empty());
  EXPECT_FALSE(headers.Take().has_value());
  PieceReader payloads("\xff\xff\xff\xff\xff\xff\xff\xfe\0\0\0\1a"s,
                       PieceReader::Kind::kPayloads);
  EXPECT_EQ(payloads.Take()->status, ExportedEntry::Payload::kErased);
  EXPECT_EQ(payloads.Take()->status, ExportedEntry::Payload::kNotForThisReader);
  EXPECT_EQ(payloads.Take()->bytes, "a");
}

TEST(PieceReader, RefusesWhatEndsEarlyOrIsTooLarge) {
  using Kind = PieceReader::Kind;
  EXPECT_FALSE(PieceReader("\0"s, Kind::kHeaders).Take().has_value());
  EXPECT_FALSE(PieceReader("\0\2a"s, Kind::kHeaders).Take().has_value());
  EXPECT_FALSE(PieceReader("\0\0\0"s, Kind::kPayloads).Take().has_value());
  EXPECT_FALSE(PieceReader("\0\0\0\2a"s, Kind::kPayloads).Take().has_value());
  const std::string large = "\x7f\0\0\0"s + std::string(1'000, 'x');
  EXPECT_FALSE(PieceReader(large, Kind::kPayloads).Take().has_value());
}

}  // namespace
}  // namespace dataip::client
