#include "core/proof/header.h"

#include <functional>
#include <string>

#include "core/base/limits.h"
#include "gtest/gtest.h"

namespace dataip::proof {
namespace {

EntryHeader Sample() {
  EntryHeader header;
  header.index = 5;
  header.time_ms = 1'700'000'000'000;
  header.prev = hash::Sm3(hash::AsBytes("prev"));
  header.type = "dataip.registry.v1.Transition";
  header.stream = "applications/20260001234";
  header.payload_size = 3;
  header.payload_sha256 = hash::Sha256(hash::AsBytes("abc"));
  header.payload_sm3 = hash::Sm3(hash::AsBytes("abc"));
  header.updates = {{"certificates/1", hash::Sha256(hash::AsBytes("1"))},
                    {"certificates/2", hash::Sha256(hash::AsBytes("2"))}};
  return header;
}

std::string Encoded(const EntryHeader& header) {
  const Parsed<std::string> bytes = EncodeHeader(header);
  EXPECT_TRUE(bytes.ok()) << Describe(bytes.flaw);
  return bytes.ok() ? *bytes : "";
}

Flaw FlawOf(const std::string& bytes) {
  return DecodeHeader(hash::AsBytes(bytes)).flaw;
}

TEST(EncodeHeader, RefusesWhatADecoderRefuses) {
  struct Case {
    Flaw flaw;
    std::function<void(EntryHeader&)> spoil;
  };
  const Case cases[] = {
      {Flaw::kIndexRange, [](auto& h) { h.index = uint64_t{1} << 63; }},
      {Flaw::kTimeRange, [](auto& h) { h.time_ms = -1; }},
      {Flaw::kTypeLength, [](auto& h) { h.type = ""; }},
      {Flaw::kTypeLength, [](auto& h) { h.type = std::string(65, 't'); }},
      {Flaw::kTypeCharacter, [](auto& h) { h.type = "a b"; }},
      {Flaw::kTypeCharacter, [](auto& h) { h.type = "a\x7f"; }},
      {Flaw::kTypeCharacter, [](auto& h) { h.type = "\x80"; }},
      {Flaw::kStreamLength, [](auto& h) { h.stream = std::string(256, 's'); }},
      {Flaw::kStreamCharacter, [](auto& h) { h.stream = "申请"; }},
      {Flaw::kPayloadSize,
       [](auto& h) { h.payload_size = (uint64_t{16} << 20) + 1; }},
      {Flaw::kKeyLength, [](auto& h) { h.updates[0].key = ""; }},
      {Flaw::kKeyLength,
       [](auto& h) { h.updates[0].key = std::string(256, 'k'); }},
      {Flaw::kKeyCharacter, [](auto& h) { h.updates[0].key = "a\n"; }},
      {Flaw::kRepeatedKey,
       [](auto& h) { h.updates[0].key = h.updates[1].key; }},
      {Flaw::kUpdateCount, [](auto& h) { h.updates.resize(513); }},
  };
  for (const Case& c : cases) {
    EntryHeader header = Sample();
    c.spoil(header);
    EXPECT_EQ(EncodeHeader(header).flaw, c.flaw) << Describe(c.flaw);
    EXPECT_EQ(CheckHeader(header), c.flaw) << Describe(c.flaw);
  }
}

TEST(EncodeHeader, RefusesMoreThan65535Bytes) {
  EntryHeader header = Sample();
  header.updates.clear();
  for (int i = 0; i < 226; ++i) {
    std::string key = std::to_string(i) + "/";
    key.resize(255, 'k');
    header.updates.push_back({key, Hash{}});
  }
  const size_t most = Encoded(header).size();
  EXPECT_LE(most, limits::kHeaderBytes);
  std::string key(255, 'z');
  header.updates.push_back({key, Hash{}});
  EXPECT_EQ(EncodeHeader(header).flaw, Flaw::kTooLong);
}

TEST(DecodeHeader, RefusesEveryTruncation) {
  const std::string bytes = Encoded(Sample());
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(DecodeHeader(hash::AsBytes(bytes).first(size)).ok()) << size;
  }
}

TEST(DecodeHeader, RefusesTrailingBytes) {
  const std::string bytes = Encoded(Sample());
  EXPECT_EQ(FlawOf(bytes + '\0'), Flaw::kTrailingBytes);
  EXPECT_EQ(FlawOf(bytes + bytes), Flaw::kTrailingBytes);
}

TEST(DecodeHeader, RefusesOtherVersions) {
  std::string bytes = Encoded(Sample());
  bytes[0] = 0;
  EXPECT_EQ(FlawOf(bytes), Flaw::kVersion);
  bytes[0] = 2;
  EXPECT_EQ(FlawOf(bytes), Flaw::kVersion);
}

TEST(DecodeHeader, HasOneSpellingForEveryBitFlip) {
  const std::string bytes = Encoded(Sample());
  for (size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    std::string flipped = bytes;
    flipped[bit / 8] ^= static_cast<char>(1 << bit % 8);
    const Parsed<EntryHeader> header = DecodeHeader(hash::AsBytes(flipped));
    if (!header.ok()) continue;
    EXPECT_NE(*header, Sample()) << bit;
    EXPECT_EQ(Encoded(*header), flipped) << bit;
  }
}

TEST(DecodeHeader, TakesTheSmallestAndTheLargest) {
  EntryHeader smallest;
  smallest.type = "a";
  EXPECT_EQ(*DecodeHeader(hash::AsBytes(Encoded(smallest))), smallest);
  EntryHeader largest = Sample();
  largest.index = (uint64_t{1} << 63) - 1;
  largest.time_ms = INT64_MAX;
  largest.type = std::string(64, '~');
  largest.stream = std::string(255, '!');
  largest.payload_size = limits::kPayloadBytes;
  largest.updates.clear();
  for (int i = 0; i < 512; ++i) {
    largest.updates.push_back({std::to_string(i), Hash{}});
  }
  EXPECT_EQ(*DecodeHeader(hash::AsBytes(Encoded(largest))), largest);
}

TEST(PayloadMatches, NeedsSizeAndBothDigests) {
  const Bytes payload = hash::AsBytes("abc");
  EXPECT_TRUE(PayloadMatches(Sample(), payload));
  EXPECT_FALSE(PayloadMatches(Sample(), hash::AsBytes("abd")));
  EntryHeader header = Sample();
  header.payload_size = 4;
  EXPECT_FALSE(PayloadMatches(header, payload));
  header = Sample();
  header.payload_sm3.bytes[0] ^= 1;
  EXPECT_FALSE(PayloadMatches(header, payload));
  header = Sample();
  header.payload_sha256.bytes[0] ^= 1;
  EXPECT_FALSE(PayloadMatches(header, payload));
}

TEST(Describe, HasWordsForEveryFlaw) {
  for (int i = 0; i <= static_cast<int>(Flaw::kNameOpening); ++i) {
    const Flaw flaw = static_cast<Flaw>(i);
    EXPECT_STRNE(Describe(flaw), "has an unknown flaw") << i;
    EXPECT_STRNE(DescribeChinese(flaw), "未知缺陷") << i;
  }
}

TEST(SetPosition, GivesTheBytesOfTheWholeHeader) {
  const EntryHeader whole = Sample();
  EntryHeader wish = whole;
  wish.index = 0;
  wish.time_ms = 0;
  wish.prev = Hash();
  std::string bytes = Encoded(wish);
  SetPosition({whole.index, whole.time_ms, whole.prev}, bytes);
  EXPECT_EQ(bytes, Encoded(whole));
}

TEST(AfterPosition, IsEqualForEqualWishesOnly) {
  const auto after = [](const EntryHeader& header) {
    const std::string bytes = Encoded(header);
    const Bytes rest = AfterPosition(hash::AsBytes(bytes));
    return std::string(rest.begin(), rest.end());
  };
  EntryHeader other = Sample();
  other.index = 6;
  other.time_ms = 0;
  other.prev = Hash();
  EXPECT_EQ(after(other), after(Sample()));
  other.type += "x";
  EXPECT_NE(after(other), after(Sample()));
}

}  // namespace
}  // namespace dataip::proof
