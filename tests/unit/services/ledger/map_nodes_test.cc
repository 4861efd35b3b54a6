#include "services/ledger/map_nodes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "core/base/limits.h"
#include "core/proof/map.h"

namespace dataip::ledger {
namespace {

using proof::MapLeaf;

// Ascending, below `prefix`; with `shared` equal bytes behind it.
std::vector<MapLeaf> SomeLeaves(size_t count, size_t shared,
                                std::mt19937& random) {
  std::vector<MapLeaf> leaves;
  for (size_t i = 0; i < count; ++i) {
    MapLeaf leaf{hash::Sha256(hash::AsBytes(std::to_string(random()))),
                 hash::Sha256(hash::AsBytes(std::to_string(random())))};
    std::fill_n(leaf.key_hash.bytes.begin(), 1 + shared, uint8_t{7});
    leaves.push_back(leaf);
  }
  std::sort(leaves.begin(), leaves.end(),
            [](const MapLeaf& a, const MapLeaf& b) {
              return a.key_hash < b.key_hash;
            });
  return leaves;
}

Hash Remembered(const std::vector<MapLeaf>& leaves, MapLeavesChanged changed,
                MapInner& inner) {
  MapNodes nodes;
  AddBucketNodes(leaves, 8, changed, inner, nodes);
  nodes.HashAll();
  return BucketHash(leaves, inner);
}

TEST(MapNodes, BucketsOfAllSizesHashAsTheRulesSay) {
  std::mt19937 random(1);
  for (size_t count = 0; count <= limits::kMapBucketKeys; ++count) {
    for (const size_t shared : {0, 1, 9}) {
      const auto leaves = SomeLeaves(count, shared, random);
      MapInner inner;
      EXPECT_EQ(Remembered(leaves, kAllLeavesChanged, inner),
                proof::MapSubtreeHash(leaves, 8))
          << count << " " << shared;
    }
  }
}

TEST(MapNodes, OnlyPathsOfChangedLeavesAreHashedAgain) {
  std::mt19937 random(2);
  for (size_t count = 1; count <= limits::kMapBucketKeys; ++count) {
    auto leaves = SomeLeaves(count, 0, random);
    MapInner inner;
    Remembered(leaves, kAllLeavesChanged, inner);
    for (int round = 0; round < 20; ++round) {
      MapLeavesChanged changed = 0;
      for (int i = 0; i < 1 + round / 7; ++i) {
        const size_t at = random() % count;
        leaves[at].hash = hash::Sha256(hash::AsBytes(std::to_string(random())));
        changed |= MapLeavesChanged{1} << at;
      }
      ASSERT_EQ(Remembered(leaves, changed, inner),
                proof::MapSubtreeHash(leaves, 8));
    }
    if (count < 2) continue;
    // What is said to be unchanged is not looked at.
    const Hash before = inner.front();
    leaves.front().hash = Hash{};
    EXPECT_EQ(Remembered(leaves, 0, inner), before);
  }
}

TEST(MapNodes, LeavesInAnyNumberHashAsOneByOne) {
  std::mt19937 random(3);
  for (const size_t count : {0, 1, 15, 16, 17, 63, 64, 65, 200}) {
    auto leaves = SomeLeaves(count, 0, random);
    const auto values = leaves;
    HashMapLeaves(leaves);
    for (size_t i = 0; i < count; ++i) {
      EXPECT_EQ(leaves[i].hash,
                proof::MapLeafHash(values[i].key_hash, values[i].hash));
    }
  }
}

}  // namespace
}  // namespace dataip::ledger
