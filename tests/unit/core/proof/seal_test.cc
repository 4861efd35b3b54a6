#include "core/proof/seal.h"

#include <functional>

#include "gtest/gtest.h"

namespace dataip::proof {
namespace {

struct SealEntry {
  EntryHeader header;
  std::string payload;
};

SealEntry Sample() {
  SealEntry entry;
  entry.header.index = 4;
  entry.header.prev = hash::Sm3(hash::AsBytes("before"));
  entry.header.type = kSealType;
  entry.payload =
      EncodeSeal({hash::Sha256(hash::AsBytes("map")), entry.header.prev});
  entry.header.payload_size = entry.payload.size();
  entry.header.payload_sha256 = hash::Sha256(hash::AsBytes(entry.payload));
  entry.header.payload_sm3 = hash::Sm3(hash::AsBytes(entry.payload));
  return entry;
}

// With digests that fit, so that only the content can be at fault.
void SetPayload(SealEntry& entry, std::string payload) {
  entry.payload = std::move(payload);
  entry.header.payload_size = entry.payload.size();
  entry.header.payload_sha256 = hash::Sha256(hash::AsBytes(entry.payload));
  entry.header.payload_sm3 = hash::Sm3(hash::AsBytes(entry.payload));
}

TEST(CheckSeal, RefusesEveryFault) {
  struct Case {
    Flaw flaw;
    std::function<void(SealEntry&)> spoil;
  };
  const Case cases[] = {
      {Flaw::kSealType, [](auto& e) { e.header.type = kTimeStampType; }},
      {Flaw::kSealStream, [](auto& e) { e.header.stream = "x"; }},
      {Flaw::kSealUpdates, [](auto& e) { e.header.updates.resize(1); }},
      {Flaw::kSealLength, [](auto& e) { SetPayload(e, e.payload + "x"); }},
      {Flaw::kSealLength, [](auto& e) { SetPayload(e, ""); }},
      {Flaw::kSealLength,
       [](auto& e) { SetPayload(e, e.payload.substr(0, 63)); }},
      {Flaw::kPayloadDigest, [](auto& e) { e.payload[0] ^= 1; }},
      {Flaw::kPayloadDigest, [](auto& e) { e.header.payload_size = 63; }},
      {Flaw::kPayloadDigest,
       [](auto& e) { e.header.payload_sm3.bytes[9] ^= 1; }},
      {Flaw::kPayloadDigest,
       [](auto& e) { e.header.payload_sha256.bytes[9] ^= 1; }},
      {Flaw::kSealChainHead, [](auto& e) { e.header.prev.bytes[0] ^= 1; }},
  };
  for (const Case& c : cases) {
    SealEntry entry = Sample();
    c.spoil(entry);
    EXPECT_EQ(CheckSeal(entry.header, hash::AsBytes(entry.payload)).flaw,
              c.flaw)
        << Describe(c.flaw);
  }
}

TEST(CheckSeal, GivesTheSealOfAGoodEntry) {
  const SealEntry entry = Sample();
  const Parsed<Seal> seal =
      CheckSeal(entry.header, hash::AsBytes(entry.payload));
  ASSERT_TRUE(seal.ok());
  EXPECT_EQ(seal->chain_head, entry.header.prev);
  EXPECT_EQ(EncodeSeal(*seal), entry.payload);
}

}  // namespace
}  // namespace dataip::proof
