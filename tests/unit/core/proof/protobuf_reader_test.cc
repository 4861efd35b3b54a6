#include "core/proof/protobuf_reader.h"

#include <functional>
#include <limits>
#include <string>

#include "gtest/gtest.h"

namespace dataip::proof {
namespace {

using Read = std::function<void(ProtobufReader&)>;

Flaw FlawOf(const std::string& bytes, const Read& read) {
  ProtobufReader reader(hash::AsBytes(bytes));
  read(reader);
  return reader.Finish();
}

// A message of number 1, text 2, repeated 3.
void ReadSample(ProtobufReader& reader) {
  reader.Uint64(1);
  reader.Text(2);
  reader.RepeatedBytes(3);
}

TEST(ProtobufReader, RefusesWhatIsNotCanonical) {
  using namespace std::string_literals;
  const std::pair<Flaw, std::string> cases[] = {
      {Flaw::kDefaultPresent, "\x08\0"s},
      {Flaw::kDefaultPresent, "\x12\0"s},
      {Flaw::kVarint, "\x08\x81\0"s},
      {Flaw::kVarint, "\x88\0\x01"s},
      {Flaw::kVarint, "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"},
      {Flaw::kVarint, "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"},
      {Flaw::kVarint, "\x12\x81\0x"s},
      {Flaw::kTruncated, "\x08"},
      {Flaw::kTruncated, "\x08\xff"},
      {Flaw::kTruncated, "\x12"},
      {Flaw::kTruncated, "\x12\x02x"},
      {Flaw::kTruncated, "\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"},
      {Flaw::kFieldOrder, "\x08\x01\x08\x02"},
      {Flaw::kFieldOrder, "\x12\x01x\x08\x01"},
      {Flaw::kFieldOrder, "\x1a\0\x12\x01x"s},
      {Flaw::kFieldOrder, "\x12\x01x\x12\x01x"},
      {Flaw::kUnknownField, "\x20\x01"},
      {Flaw::kUnknownField, "\x08\x01\xa2\x1f\0"s},
      {Flaw::kUnknownField, "\x02\0"s},
      {Flaw::kUnknownField, "\0"s},
      {Flaw::kWireType, "\x09\1\1\1\1\1\1\1\1"},
      {Flaw::kWireType, "\x0d\1\1\1\1"},
      {Flaw::kWireType, "\x0a\1x"},
      {Flaw::kWireType, "\x10\1"},
      {Flaw::kWireType, "\x18\1"},
      {Flaw::kNotUtf8, "\x12\2\xc0\xaf"},
  };
  for (const auto& [flaw, bytes] : cases) {
    EXPECT_EQ(FlawOf(bytes, ReadSample), flaw)
        << Describe(flaw) << " " << ::testing::PrintToString(bytes);
  }
}

TEST(ProtobufReader, KnowsTheRangesOfNumbers) {
  const std::string huge = "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01";
  const std::string over32 = "\x08\x80\x80\x80\x80\x10";
  EXPECT_EQ(FlawOf(over32, [](auto& r) { r.Uint32(1); }), Flaw::kNumberRange);
  EXPECT_EQ(FlawOf(over32, [](auto& r) { r.Int32(1); }), Flaw::kNumberRange);
  EXPECT_EQ(FlawOf("\x08\x02", [](auto& r) { r.Bool(1); }), Flaw::kNumberRange);
  EXPECT_EQ(FlawOf("\x08\x05", [](auto& r) { r.Enum(1, 4); }),
            Flaw::kEnumValue);
  EXPECT_EQ(FlawOf(huge, [](auto& r) { r.Enum(1, 4); }), Flaw::kEnumValue);
  EXPECT_EQ(FlawOf(huge, [](auto& r) { EXPECT_EQ(r.Int32(1), -1); }),
            Flaw::kNone);
  EXPECT_EQ(FlawOf(huge, [](auto& r) { EXPECT_EQ(r.Int64(1), -1); }),
            Flaw::kNone);
  EXPECT_EQ(FlawOf(huge, [](auto& r) { EXPECT_EQ(r.Uint64(1), UINT64_MAX); }),
            Flaw::kNone);
}

TEST(ProtobufReader, GivesDefaultsForWhatIsAbsent) {
  ProtobufReader reader((Bytes()));
  EXPECT_EQ(reader.Uint64(1), 0u);
  EXPECT_FALSE(reader.Bool(2));
  EXPECT_EQ(reader.Text(3), "");
  EXPECT_FALSE(reader.Message(4));
  EXPECT_TRUE(reader.RepeatedBytes(5).empty());
  EXPECT_TRUE(reader.PackedUint64(6).empty());
  EXPECT_EQ(reader.Finish(), Flaw::kNone);
}

TEST(ProtobufReader, TellsAnEmptyMessageFromNone) {
  const std::string bytes("\x0a\0", 2);
  ProtobufReader reader(hash::AsBytes(bytes));
  const auto message = reader.Message(1);
  ASSERT_TRUE(message);
  EXPECT_TRUE(message->empty());
  EXPECT_EQ(reader.Finish(), Flaw::kNone);
}

TEST(ProtobufReader, KeepsEmptyElements) {
  const std::string bytes("\x0a\0\x0a\1x\x0a\0", 7);
  ProtobufReader reader(hash::AsBytes(bytes));
  EXPECT_EQ(reader.RepeatedBytes(1).size(), 3u);
  EXPECT_EQ(reader.Finish(), Flaw::kNone);
}

TEST(ProtobufReader, ReadsPackedNumbers) {
  const std::string packed = "\x0a\3\1\xac\2";
  EXPECT_EQ(
      FlawOf(packed,
             [](auto& r) {
               EXPECT_EQ(r.PackedUint64(1), (std::vector<uint64_t>{1, 300}));
             }),
      Flaw::kNone);
  EXPECT_EQ(FlawOf("\x0a\2\1\xac", [](auto& r) { r.PackedUint64(1); }),
            Flaw::kTruncated);
  EXPECT_EQ(FlawOf(std::string("\x0a\2\x81\0", 4),
                   [](auto& r) { r.PackedUint64(1); }),
            Flaw::kVarint);
}

TEST(ProtobufReader, KeepsTheFirstFlaw) {
  ProtobufReader reader(hash::AsBytes("\x08"));
  reader.Uint64(1);
  reader.Refuse(Flaw::kFormat);
  EXPECT_EQ(reader.Uint64(2), 0u);
  EXPECT_EQ(reader.Finish(), Flaw::kTruncated);
}

TEST(ReadTimestampMs, KnowsItsRange) {
  using namespace std::string_literals;
  EXPECT_EQ(*ReadTimestampMs(Bytes()), 0);
  EXPECT_EQ(*ReadTimestampMs(hash::AsBytes("\x08\x01\x10\xc0\x84\x3d")), 1001);
  const std::string refused[] = {
      "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",  // before 1970
      "\x08\x80\xdc\xfe\xa4\x9d\xaf\x07",              // beyond 9999
      "\x10\x80\x94\xeb\xdc\x03",                      // a billion nanos
      "\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
      "\x18\1",
  };
  for (const std::string& bytes : refused) {
    EXPECT_FALSE(ReadTimestampMs(hash::AsBytes(bytes)).ok());
  }
}

}  // namespace
}  // namespace dataip::proof
