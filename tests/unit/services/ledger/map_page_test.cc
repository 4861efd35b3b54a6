#include "services/ledger/map_page.h"

#include <algorithm>

#include "core/proof/map.h"
#include "gtest/gtest.h"

namespace dataip::ledger {
namespace {

Hash NumberHash(uint64_t number) {
  return hash::Sha256(hash::AsBytes(std::to_string(number)));
}

MapStrip SomeStrip() {
  MapStrip strip;
  strip[0] = {1, NumberHash(0)};
  strip[7] = {300, NumberHash(7)};
  strip[15] = {0xffffffff, NumberHash(15)};
  return strip;
}

TEST(MapStrip, RejectsWhatEncodeDidNotMake) {
  const std::string good = EncodeMapStrip(SomeStrip());
  ASSERT_EQ(good.size(), 2 + 3 * (4 + hash::kHashBytes));
  EXPECT_FALSE(DecodeMapStrip("").has_value());
  EXPECT_FALSE(DecodeMapStrip(good.substr(0, 1)).has_value());
  EXPECT_FALSE(DecodeMapStrip(std::string(2, '\0')).has_value());
  EXPECT_FALSE(DecodeMapStrip(good.substr(0, good.size() - 1)).has_value());
  EXPECT_FALSE(DecodeMapStrip(good + '\0').has_value());
  std::string no_keys = good;
  no_keys[5] = '\0';
  EXPECT_FALSE(DecodeMapStrip(no_keys).has_value());
  std::string another_slot = good;
  another_slot[0] ^= 0x40;
  EXPECT_FALSE(DecodeMapStrip(another_slot).has_value());
}

TEST(MapStrip, ComesBackAsItWas) {
  const auto strip = DecodeMapStrip(EncodeMapStrip(SomeStrip()));
  ASSERT_TRUE(strip.has_value());
  EXPECT_TRUE(*strip == SomeStrip());
}

TEST(MapStripKey, SortsByLevelAndPrefix) {
  const std::vector<std::string> keys = {
      MapStripKey("", 0),      MapStripKey("", 15),    MapStripKey("\x01", 0),
      MapStripKey("\x01", 15), MapStripKey("\xff", 0), MapStripKey("aa", 3),
  };
  EXPECT_TRUE(std::is_sorted(keys.begin(), keys.end()));
}

TEST(MapPage, WithoutKeysIsAnEmptySubtree) {
  MapPage page;
  page.Fold();
  std::vector<Hash> siblings;
  EXPECT_EQ(page.hash(), Hash());
  EXPECT_FALSE(page.Descend(0x5a, siblings).has_value());
  EXPECT_TRUE(siblings.empty());
}

TEST(MapPage, WithOneKeyHasItsLeafHash) {
  MapPage page;
  page.SetSlot(0x5a, {1, NumberHash(1)});
  page.Fold();
  std::vector<Hash> siblings;
  EXPECT_EQ(page.hash(), NumberHash(1));
  EXPECT_EQ(page.Descend(0x5b, siblings), 0x5a);
  EXPECT_TRUE(siblings.empty());
}

TEST(MapPage, FoldsAsItsKeysDoAfterEachChange) {
  MapPage page;
  proof::Map map;
  for (uint64_t i = 0; i < 200; ++i) {
    Hash key = NumberHash(i % 150);
    const Hash value = NumberHash(i);
    std::fill(key.bytes.begin() + 1, key.bytes.end(), uint8_t{0});
    map.Set(key, value);
    page.SetSlot(key.bytes[0], {1, proof::MapLeafHash(key, value)});
    page.Fold();
    ASSERT_EQ(page.hash(), map.Root());
    ASSERT_EQ(page.keys(), map.size());
  }
}

TEST(MapPage, ComesBackFromItsStrips) {
  MapPage page;
  for (uint64_t i = 0; i < 100; ++i) {
    page.SetSlot(NumberHash(i).bytes[0], {2, NumberHash(i)});
  }
  page.Fold();
  MapPage copy;
  for (size_t i = 0; i < kMapPageStrips; ++i) {
    const MapStrip strip = page.strip(i);
    if (HasKeys(strip)) copy.SetStrip(i, strip);
  }
  copy.Fold();
  EXPECT_EQ(copy.hash(), page.hash());
  EXPECT_EQ(copy.keys(), page.keys());
}

}  // namespace
}  // namespace dataip::ledger
