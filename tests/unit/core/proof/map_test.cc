#include "core/proof/map.h"

#include <map>
#include <random>
#include <string>

#include "gtest/gtest.h"

namespace dataip::proof {
namespace {

using Pairs = std::vector<std::pair<Hash, Hash>>;

bool BitAt(const Hash& hash, size_t position) {
  return hash.bytes[position / 8] >> (7 - position % 8) & 1;
}

// formats.md 4 as it is written.
Hash ReferenceRoot(const Pairs& pairs, size_t depth = 0) {
  const uint8_t leaf[] = {2};
  const uint8_t node[] = {3};
  if (pairs.empty()) return Hash{};
  if (pairs.size() == 1) {
    return hash::Sha256(
        {Bytes(leaf), pairs[0].first.span(), pairs[0].second.span()});
  }
  Pairs halves[2];
  for (const auto& pair : pairs) {
    halves[BitAt(pair.first, depth)].push_back(pair);
  }
  const Hash left = ReferenceRoot(halves[0], depth + 1);
  const Hash right = ReferenceRoot(halves[1], depth + 1);
  return hash::Sha256({Bytes(node), left.span(), right.span()});
}

Hash Value(int i) {
  return hash::Sha256(hash::AsBytes("value " + std::to_string(i)));
}
std::string Key(int i) { return "certificates/" + std::to_string(i); }

Map MapOf(int count) {
  Map map;
  for (int i = 0; i < count; ++i) map.Set(Key(i), Value(i));
  return map;
}

Pairs PairsOf(int count) {
  Pairs pairs;
  for (int i = 0; i < count; ++i)
    pairs.emplace_back(MapKeyHash(Key(i)), Value(i));
  return pairs;
}

Hash WithBit(Hash hash, size_t position) {
  hash.bytes[position / 8] ^= static_cast<uint8_t>(0x80 >> position % 8);
  return hash;
}

TEST(Map, HasTheRootOfTheDefinition) {
  for (int count = 0; count <= 70; ++count) {
    EXPECT_EQ(MapOf(count).Root(), ReferenceRoot(PairsOf(count))) << count;
  }
  EXPECT_TRUE(Map().Root().IsZero());
}

TEST(Map, HasOneRootForEveryOrder) {
  std::vector<int> order;
  for (int i = 0; i < 200; ++i) order.push_back(i);
  const Hash root = MapOf(200).Root();
  std::mt19937 random(3);
  for (int round = 0; round < 5; ++round) {
    std::shuffle(order.begin(), order.end(), random);
    Map map;
    for (const int i : order) map.Set(Key(i), Value(-i));
    for (const int i : order) map.Set(Key(i), Value(i));
    EXPECT_EQ(map.Root(), root);
    EXPECT_EQ(map.size(), 200u);
  }
}

TEST(Map, BranchesAtEveryDepth) {
  const Hash key = MapKeyHash("a");
  for (size_t depth = 0; depth < 256; ++depth) {
    Map map;
    map.Set(key, Value(1));
    map.Set(WithBit(key, depth), Value(2));
    const Pairs pairs = {{key, Value(1)}, {WithBit(key, depth), Value(2)}};
    EXPECT_EQ(map.Root(), ReferenceRoot(pairs)) << depth;
    EXPECT_EQ(map.Prove(key).siblings.size(), depth + 1);
  }
}

TEST(Map, BranchesAboveAndBelowABranch) {
  const Hash key = MapKeyHash("a");
  std::mt19937 random(4);
  for (int round = 0; round < 200; ++round) {
    std::map<Hash, Hash> expected;
    Map map;
    for (int i = 0; i < 6; ++i) {
      const Hash near = WithBit(WithBit(key, random() % 20), random() % 256);
      expected[near] = Value(i);
      map.Set(near, Value(i));
    }
    const Pairs pairs(expected.begin(), expected.end());
    ASSERT_EQ(map.Root(), ReferenceRoot(pairs));
    ASSERT_EQ(map.size(), expected.size());
  }
}

TEST(Map, KeepsTheLastValue) {
  Map map = MapOf(10);
  map.Set(Key(3), Value(99));
  EXPECT_EQ(map.Get(Key(3)), Value(99));
  EXPECT_EQ(map.Get(Key(4)), Value(4));
  EXPECT_EQ(map.Get("other"), std::nullopt);
  EXPECT_EQ(map.size(), 10u);
}

TEST(Map, CopiesKeepTheirVersion) {
  Map map = MapOf(50);
  const Map before = map;
  map.Set(Key(7), Value(70));
  map.Set(Key(50), Value(50));
  EXPECT_EQ(before.Root(), MapOf(50).Root());
  EXPECT_EQ(before.Get(Key(7)), Value(7));
  EXPECT_EQ(before.size(), 50u);
  EXPECT_NE(map.Root(), before.Root());
  EXPECT_TRUE(
      VerifyPresence(Key(7), Value(7), before.Prove(Key(7)), before.Root()));
}

TEST(Map, VisitsKeysInOrder) {
  std::map<Hash, Hash> seen;
  Hash last;
  MapOf(100).ForEach([&](const Hash& key_hash, const Hash& value) {
    EXPECT_TRUE(seen.empty() || last < key_hash);
    last = key_hash;
    seen[key_hash] = value;
  });
  const Pairs pairs = PairsOf(100);
  EXPECT_EQ(seen, (std::map<Hash, Hash>(pairs.begin(), pairs.end())));
}

TEST(MapProof, HoldsForEveryKeyAndNoOther) {
  for (const int count : {0, 1, 2, 3, 5, 8, 40, 300}) {
    const Map map = MapOf(count);
    const Hash root = map.Root();
    for (int i = 0; i < count; ++i) {
      const MapProof proof = map.Prove(Key(i));
      EXPECT_TRUE(VerifyPresence(Key(i), Value(i), proof, root));
      EXPECT_FALSE(VerifyPresence(Key(i), Value(i + 1), proof, root));
      EXPECT_FALSE(VerifyPresence(Key(i + 1), Value(i), proof, root));
      EXPECT_FALSE(VerifyAbsence(Key(i), proof, root));
    }
    for (int i = count; i < count + 50; ++i) {
      const MapProof proof = map.Prove(Key(i));
      EXPECT_TRUE(VerifyAbsence(Key(i), proof, root));
      EXPECT_FALSE(VerifyPresence(Key(i), Value(i), proof, root));
    }
  }
}

// Every proof with one fault.
std::vector<MapProof> Faults(const MapProof& proof) {
  std::vector<MapProof> faults;
  const size_t count = proof.siblings.size();
  for (size_t i = 0; i < count; ++i) {
    MapProof fault = proof;
    fault.siblings.erase(fault.siblings.begin() + i);
    faults.push_back(fault);
    fault = proof;
    fault.siblings[i] = Hash{};
    if (fault != proof) faults.push_back(fault);
  }
  for (size_t i = 0; i + 1 < count; ++i) {
    MapProof fault = proof;
    std::swap(fault.siblings[i], fault.siblings[i + 1]);
    if (fault != proof) faults.push_back(fault);
  }
  for (size_t i = 0; i <= count; ++i) {
    for (const Hash& extra : {Hash{}, MapKeyHash("extra")}) {
      MapProof fault = proof;
      fault.siblings.insert(fault.siblings.begin() + i, extra);
      faults.push_back(fault);
    }
  }
  for (size_t bit = 0; bit < 256 * count; ++bit) {
    MapProof fault = proof;
    fault.siblings[bit / 256] = WithBit(fault.siblings[bit / 256], bit % 256);
    faults.push_back(fault);
  }
  if (!proof.terminal) return faults;
  for (size_t bit = 0; bit < 256; ++bit) {
    MapProof fault = proof;
    fault.terminal->key_hash = WithBit(proof.terminal->key_hash, bit);
    faults.push_back(fault);
    fault = proof;
    fault.terminal->value = WithBit(proof.terminal->value, bit);
    faults.push_back(fault);
  }
  MapProof fault = proof;
  fault.terminal.reset();
  faults.push_back(fault);
  return faults;
}

TEST(MapProof, IsRefusedWithAnyFault) {
  for (const int count : {1, 2, 3, 4, 9, 33, 70}) {
    const Map map = MapOf(count);
    const Hash root = map.Root();
    for (int i = 0; i < count + 10; ++i) {
      const bool present = i < count;
      for (const MapProof& fault : Faults(map.Prove(Key(i)))) {
        ASSERT_FALSE(VerifyAbsence(Key(i), fault, root)) << count << " " << i;
        ASSERT_FALSE(VerifyPresence(Key(i), Value(i), fault, root) && present)
            << count << " " << i;
      }
    }
  }
}

TEST(MapProof, OfAnotherMapIsRefused) {
  const Map map = MapOf(20);
  const Map other = MapOf(21);
  const MapProof proof = map.Prove(Key(3));
  EXPECT_FALSE(VerifyPresence(Key(3), Value(3), proof, other.Root()));
  EXPECT_FALSE(VerifyPresence(Key(3), Value(3), proof, Hash{}));
  EXPECT_FALSE(VerifyAbsence("absent", map.Prove("absent"), other.Root()));
}

TEST(MapProof, OfMoreThan256SiblingsIsRefused) {
  MapProof proof;
  proof.siblings.assign(257, MapKeyHash("x"));
  EXPECT_FALSE(VerifyAbsence("a", proof, Hash{}));
}

// The leaf of another key ends a descent only where both keys share the bits.
TEST(MapProof, WithALeafThatIsNotOnTheWayIsRefused) {
  const Map map = MapOf(2);
  const MapProof proof = map.Prove(Key(0));
  for (int i = 2; i < 40; ++i) {
    const MapProof own = map.Prove(Key(i));
    const MapProof crossed = {proof.siblings, own.terminal};
    EXPECT_EQ(VerifyAbsence(Key(i), crossed, map.Root()), crossed == own) << i;
  }
}

}  // namespace
}  // namespace dataip::proof
