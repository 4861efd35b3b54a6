#include "services/ledger/map_tree.h"

#include <map>
#include <random>

#include "client/status.h"
#include "core/base/limits.h"
#include "gtest/gtest.h"
#include "tests/support/process.h"

namespace dataip::ledger {
namespace {

constexpr size_t kTinyCacheBytes = 200'000;
constexpr size_t kBits = 8 * hash::kHashBytes;

Hash NumberHash(uint64_t number) {
  return hash::Sha256(hash::AsBytes(std::to_string(number)));
}

// `key` with another bit at the position, and zeros behind it.
Hash Fork(Hash key, size_t position) {
  key.bytes[position / 8] ^= static_cast<uint8_t>(0x80 >> position % 8);
  for (size_t bit = position + 1; bit < kBits; ++bit) {
    key.bytes[bit / 8] &= static_cast<uint8_t>(~(0x80 >> bit % 8));
  }
  return key;
}

// The map in pages beside the one in memory, which is the oracle.
class MapTreeTest : public testing::Test {
 protected:
  void SetUp() override { Open(Hash(), limits::kDefaultMapCacheBytes); }

  void Open(const Hash& root, size_t cache_bytes) {
    auto opened = Store::Open(dir / "db", 1 << 20);
    ASSERT_TRUE(opened.ok()) << opened.status();
    store = *std::move(opened);
    auto tree_opened = MapTree::Open(*store, root, cache_bytes);
    ASSERT_TRUE(tree_opened.ok()) << tree_opened.status();
    tree = *std::move(tree_opened);
  }

  void Close() {
    versions.clear();
    tree.reset();
    store.reset();
  }

  void Reopen(size_t cache_bytes) {
    Close();
    Open(kept.Root(), cache_bytes);
    map = kept;
  }

  void Apply(const std::vector<MapChange>& changes) {
    for (const MapChange& change : changes) {
      map.Set(change.key_hash, change.value);
      keys.push_back(change.key_hash);
    }
    ASSERT_TRUE(tree->Apply(changes).ok());
    ASSERT_EQ(tree->root(), map.Root());
    ASSERT_EQ(tree->keys(), map.size());
  }

  void CutAndKeep() {
    tree->Cut(++size);
    Keep(size, map);
  }

  void Keep(uint64_t cut_size, const proof::Map& cut_map) {
    const auto version = tree->Keep(cut_size);
    ASSERT_TRUE(version.ok()) << version.status();
    kept = cut_map;
    ASSERT_EQ((*version)->root(), kept.Root());
    versions.push_back({*version, kept});
  }

  static void ExpectSameProof(const MapVersion& version,
                              const proof::Map& oracle, const Hash& key) {
    const auto proof = version.Prove(key);
    ASSERT_TRUE(proof.ok()) << proof.status();
    EXPECT_EQ(*proof, oracle.Prove(key));
  }

  // Keys that are there, and neighbours that mostly are not.
  void ExpectSameProofs(size_t count) {
    for (const auto& [version, oracle] : versions) {
      for (size_t i = 0; i < count && !keys.empty(); ++i) {
        const Hash& key = keys[random() % keys.size()];
        ExpectSameProof(*version, oracle, key);
        ExpectSameProof(*version, oracle, Fork(key, random() % kBits));
        ExpectSameProof(*version, oracle, NumberHash(random()));
      }
    }
  }

  void ExpectWhole() {
    const auto count = tree->kept()->CheckAll();
    ASSERT_TRUE(count.ok()) << count.status();
    EXPECT_EQ(*count, kept.size());
  }

  test::TempDir dir;
  std::unique_ptr<Store> store;
  std::unique_ptr<MapTree> tree;
  uint64_t size = 0;
  proof::Map map;
  proof::Map kept;
  std::vector<Hash> keys;
  std::vector<std::pair<std::shared_ptr<const MapVersion>, proof::Map>>
      versions;
  std::mt19937_64 random{20'261'121};
};

std::vector<MapChange> RandomChanges(std::mt19937_64& random, size_t count,
                                     uint64_t keys) {
  std::vector<MapChange> changes;
  for (size_t i = 0; i < count; ++i) {
    changes.push_back({NumberHash(random() % keys), NumberHash(random())});
  }
  return changes;
}

TEST_F(MapTreeTest, ProvesAbsenceFromAnEmptyMap) {
  CutAndKeep();
  EXPECT_EQ(tree->root(), Hash());
  ExpectSameProof(*tree->kept(), map, NumberHash(1));
  ExpectWhole();
}

TEST_F(MapTreeTest, ProvesAroundASingleKey) {
  Apply({{NumberHash(1), NumberHash(2)}});
  CutAndKeep();
  ExpectSameProofs(300);
  ExpectWhole();
}

TEST_F(MapTreeTest, TakesTheLastOfSeveralChangesOfAKey) {
  Apply({{NumberHash(1), NumberHash(2)},
         {NumberHash(3), NumberHash(4)},
         {NumberHash(1), NumberHash(5)}});
  Apply({{NumberHash(3), NumberHash(6)}});
  CutAndKeep();
  const auto proof = tree->kept()->Prove(NumberHash(1));
  ASSERT_TRUE(proof.ok());
  EXPECT_EQ(proof->terminal->value, NumberHash(5));
  ExpectSameProofs(20);
}

TEST_F(MapTreeTest, SplitsABucketIntoAPageWhenItGrowsTooLarge) {
  // All share their first byte.
  for (uint64_t i = 0; keys.size() < 2 * limits::kMapBucketKeys; ++i) {
    Hash key = NumberHash(i);
    key.bytes[0] = 0x5a;
    Apply({{key, NumberHash(i)}});
    CutAndKeep();
  }
  ExpectSameProofs(3);
  ExpectWhole();
  Reopen(0);
  Apply({{keys[3], NumberHash(1)}});
  CutAndKeep();
  ExpectSameProofs(100);
}

TEST_F(MapTreeTest, TakesKeysThatShareAllButTheirLastBits) {
  const Hash base = NumberHash(7);
  std::vector<MapChange> changes;
  // More than a bucket's worth share 31 bytes, so pages reach the bottom.
  for (size_t last = 0; last < 256; last += 2) {
    Hash key = base;
    key.bytes[31] = static_cast<uint8_t>(last);
    changes.push_back({key, NumberHash(last)});
  }
  Apply(changes);
  CutAndKeep();
  ExpectSameProofs(200);
  ExpectWhole();
  Reopen(kTinyCacheBytes);
  Apply({{base, NumberHash(1)}, {Fork(base, 255), NumberHash(2)}});
  CutAndKeep();
  ExpectSameProofs(200);
  ExpectWhole();
}

TEST_F(MapTreeTest, TakesKeysThatForkAtEveryBit) {
  const Hash base = NumberHash(7);
  Apply({{base, NumberHash(0)}});
  for (size_t bit = kBits; bit > 0; --bit) {
    Apply({{Fork(base, bit - 1), NumberHash(bit)}});
    if (bit % 16 == 1) CutAndKeep();
  }
  ExpectSameProofs(30);
  ExpectWhole();
  Reopen(0);
  for (size_t bit = 0; bit < kBits; bit += 5) {
    Apply({{Fork(base, bit), NumberHash(bit + 1)}});
  }
  CutAndKeep();
  ExpectSameProofs(300);
  ExpectWhole();
}

TEST_F(MapTreeTest, KeepsEveryVersionWhileItGrows) {
  for (size_t round = 0; round < 40; ++round) {
    Apply(RandomChanges(random, 1 + random() % 700, 20'000));
    if (round % 3 != 0) CutAndKeep();
  }
  ExpectSameProofs(20);
  ExpectWhole();
}

TEST_F(MapTreeTest, ForgetsWhatItCanReadAgain) {
  Reopen(kTinyCacheBytes);
  for (size_t round = 0; round < 30; ++round) {
    Apply(RandomChanges(random, 1 + random() % 300, 30'000));
    CutAndKeep();
    EXPECT_LE(tree->cached_bytes(), kTinyCacheBytes);
    if (round % 10 == 5) Reopen(kTinyCacheBytes);
  }
  ExpectSameProofs(50);
  ExpectWhole();
}

TEST_F(MapTreeTest, GoesOnBetweenACutAndItsKeeping) {
  Reopen(kTinyCacheBytes);
  Apply(RandomChanges(random, 5'000, 3'000));
  for (size_t round = 0; round < 12; ++round) {
    const proof::Map first = map;
    tree->Cut(++size);
    Apply(RandomChanges(random, 300, 3'000));
    const proof::Map second = map;
    tree->Cut(++size);
    Apply(RandomChanges(random, 300, 9'000));
    Keep(size - 1, first);
    Apply(RandomChanges(random, 50, 9'000));
    Keep(size, second);
    // What was not kept is lost by a restart, and nothing else.
    if (round % 4 == 3) Reopen(kTinyCacheBytes);
  }
  CutAndKeep();
  ExpectSameProofs(50);
  ExpectWhole();
}

TEST_F(MapTreeTest, GivesTheSameVersionWhenNothingHasChanged) {
  Apply(RandomChanges(random, 10, 10));
  CutAndKeep();
  CutAndKeep();
  EXPECT_EQ(versions[0].first, versions[1].first);
  EXPECT_EQ(*store->ReadMappedSize(), size);
}

TEST_F(MapTreeTest, MayBeDroppedAfterTheStoreIsClosed) {
  Apply(RandomChanges(random, 10, 10));
  CutAndKeep();
  const auto version = versions[0].first;
  Reopen(kTinyCacheBytes);
  ExpectSameProof(*tree->kept(), kept, keys[0]);
}

// A row or a strip of the map, changed behind its back.
class DamagedMapTest : public MapTreeTest {
 protected:
  void SetUp() override {
    MapTreeTest::SetUp();
    // Pages on two levels: one byte is shared by many keys.
    std::vector<MapChange> changes = RandomChanges(random, 9'000, 100'000);
    for (size_t i = 0; i < changes.size(); i += 3) {
      changes[i].key_hash.bytes[0] = 0x5a;
    }
    Apply(changes);
    CutAndKeep();
    key = changes[0].key_hash;
    old_versions = {versions.back().first};
  }

  void TearDown() override { old_versions.clear(); }

  void Damage(const std::function<void(Store::Batch&)>& change) {
    Store::Batch batch = store->NewBatch();
    change(batch);
    ASSERT_TRUE(store->Commit(batch).ok());
  }

  // Neither the proof of the key nor its change is made of what is stored.
  void ExpectFound() {
    const Hash root = kept.Root();
    old_versions.clear();
    Close();
    auto opened = Store::Open(dir / "db", 1 << 20);
    ASSERT_TRUE(opened.ok());
    store = *std::move(opened);
    auto reopened = MapTree::Open(*store, root, kTinyCacheBytes);
    if (!reopened.ok()) {
      EXPECT_TRUE(absl::IsDataLoss(reopened.status()));
      return;
    }
    tree = *std::move(reopened);
    EXPECT_TRUE(absl::IsDataLoss(tree->kept()->Prove(key).status()));
    EXPECT_TRUE(absl::IsDataLoss(tree->kept()->CheckAll().status()));
    EXPECT_TRUE(absl::IsDataLoss(tree->Apply({{key, NumberHash(1)}})));
  }

  std::string Prefix(size_t bytes) const {
    return std::string(key.text().substr(0, bytes));
  }

  // The strip that leads from the page at this prefix to the key.
  void DamageStrip(size_t bytes, const std::function<void(MapStrip&)>& change) {
    MapPage page;
    const MapSnapshot now(*store);
    ASSERT_TRUE(MapCursor(now).ReadPage(Prefix(bytes), page).ok());
    const size_t number = key.bytes[bytes] / kMapStripSlots;
    MapStrip strip = page.strip(number);
    ASSERT_GT(strip[key.bytes[bytes] % kMapStripSlots].keys, 0u);
    change(strip);
    Damage([&](Store::Batch& batch) {
      batch.SetMapStrip(MapStripKey(Prefix(bytes), number),
                        EncodeMapStrip(strip));
    });
  }

  MapSlot& OnTheWay(MapStrip& strip, size_t bytes) const {
    return strip[key.bytes[bytes] % kMapStripSlots];
  }

  Hash key;
  std::vector<std::shared_ptr<const MapVersion>> old_versions;
};

TEST_F(DamagedMapTest, FindsARowWithAnotherValue) {
  Damage([this](Store::Batch& batch) { batch.SetMapValue(key, Hash()); });
  ExpectFound();
}

TEST_F(DamagedMapTest, FindsARowTooMany) {
  Damage([this](Store::Batch& batch) {
    batch.SetMapValue(Fork(key, 200), NumberHash(1));
  });
  ExpectFound();
}

TEST_F(DamagedMapTest, FindsAFlippedHashOnEachLevel) {
  for (const size_t bytes : {1, 0}) {
    DamageStrip(bytes, [&](MapStrip& strip) {
      OnTheWay(strip, bytes).hash.bytes[5] ^= 1;
    });
    ExpectFound();
  }
}

TEST_F(DamagedMapTest, FindsAFlippedCountOnEachLevel) {
  for (const size_t bytes : {1, 0}) {
    for (const uint32_t bit : {1u, 32u}) {
      MapStrip before;
      DamageStrip(bytes, [&](MapStrip& strip) {
        before = strip;
        OnTheWay(strip, bytes).keys ^= bit;
        if (OnTheWay(strip, bytes).keys == 0) OnTheWay(strip, bytes).keys = 99;
      });
      ExpectFound();
      DamageStrip(bytes, [&](MapStrip& strip) { strip = before; });
    }
  }
}

TEST_F(DamagedMapTest, FindsAStripThatDoesNotDecode) {
  Damage([this](Store::Batch& batch) {
    batch.SetMapStrip(MapStripKey(Prefix(1), 3), "no strip");
  });
  ExpectFound();
}

TEST_F(DamagedMapTest, FindsThatItIsNotTheMapOfThisRoot) {
  old_versions.clear();
  versions.clear();
  tree.reset();
  EXPECT_TRUE(absl::IsDataLoss(
      MapTree::Open(*store, NumberHash(1), kTinyCacheBytes).status()));
  EXPECT_TRUE(absl::IsDataLoss(
      MapTree::Open(*store, Hash(), kTinyCacheBytes).status()));
}

TEST_F(DamagedMapTest, StillProvesTheVersionsOfBefore) {
  const auto version = old_versions.front();
  Damage([this](Store::Batch& batch) { batch.SetMapValue(key, Hash()); });
  ExpectSameProof(*version, kept, key);
  EXPECT_TRUE(version->CheckAll().ok());
}

}  // namespace
}  // namespace dataip::ledger
