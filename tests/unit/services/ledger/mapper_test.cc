#include "services/ledger/mapper.h"

#include <future>

#include "core/base/limits.h"
#include "gtest/gtest.h"
#include "tests/support/process.h"

namespace dataip::ledger {
namespace {

Hash NumberHash(uint64_t number) {
  return hash::Sha256(hash::AsBytes(std::to_string(number)));
}

class MapperTest : public testing::Test {
 protected:
  void SetUp() override { Open(); }

  void Open() {
    auto opened = Store::Open(dir / "db", 1 << 20);
    ASSERT_TRUE(opened.ok()) << opened.status();
    store = *std::move(opened);
    auto tree = MapTree::Open(*store, kept_root, 1 << 20);
    ASSERT_TRUE(tree.ok()) << tree.status();
    mapper = std::make_unique<Mapper>(*std::move(tree));
  }

  void Add(size_t count) {
    std::vector<MapChange> changes;
    for (size_t i = 0; i < count; ++i) {
      changes.push_back({NumberHash(next_key++), NumberHash(i)});
      map.Set(changes.back().key_hash, changes.back().value);
    }
    mapper->Add(std::move(changes));
  }

  std::shared_ptr<const MapVersion> Keep(uint64_t size) {
    std::promise<std::shared_ptr<const MapVersion>> promise;
    mapper->Keep(size, [&](std::shared_ptr<const MapVersion> version) {
      promise.set_value(std::move(version));
    });
    auto version = promise.get_future().get();
    kept_root = version->root();
    return version;
  }

  test::TempDir dir;
  std::unique_ptr<Store> store;
  std::unique_ptr<Mapper> mapper;
  proof::Map map;
  Hash kept_root;
  uint64_t next_key = 0;
};

TEST_F(MapperTest, SaysTheRootOfWhatWasAddedBefore) {
  EXPECT_EQ(mapper->RootAt(1), Hash());
  for (uint64_t size = 2; size < 50; ++size) {
    Add(size % 7);
    Add(size % 3);
    EXPECT_EQ(mapper->RootAt(size), map.Root());
  }
}

TEST_F(MapperTest, TakesMoreThanMayWait) {
  for (size_t i = 0; i < 5; ++i) Add(limits::kUnmappedUpdates / 2 + 1);
  EXPECT_EQ(mapper->RootAt(1), map.Root());
}

TEST_F(MapperTest, WantsASealWhenMuchHasChanged) {
  Add(limits::kMapChangesPerSeal - 1);
  EXPECT_FALSE(mapper->WantsSeal());
  Add(1);
  EXPECT_TRUE(mapper->WantsSeal());
  mapper->RootAt(1);
  EXPECT_FALSE(mapper->WantsSeal());
}

TEST_F(MapperTest, KeepsTheMapOfASealAndNotWhatCameAfter) {
  Add(1'000);
  EXPECT_EQ(mapper->RootAt(1), map.Root());
  const proof::Map first = map;
  Add(1'000);
  const auto version = Keep(1);
  EXPECT_EQ(version->root(), first.Root());
  const auto proof = version->Prove(NumberHash(1'500));
  ASSERT_TRUE(proof.ok()) << proof.status();
  EXPECT_EQ(*proof, first.Prove(NumberHash(1'500)));
  EXPECT_EQ(*version->CheckAll(), 1'000u);
}

TEST_F(MapperTest, StartsFromTheLastSealThatWasKept) {
  Add(1'000);
  mapper->RootAt(17);
  Keep(17);
  const proof::Map first = map;
  Add(10);
  mapper->RootAt(20);
  mapper.reset();
  store.reset();
  Open();
  EXPECT_EQ(*store->ReadMappedSize(), 17u);
  map = first;
  Add(5);
  EXPECT_EQ(mapper->RootAt(20), map.Root());
}

TEST_F(MapperTest, EndsTheProcessWhenTheStoredMapIsAnother) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  Add(1'000);
  mapper->RootAt(1);
  Keep(1);
  mapper.reset();
  Store::Batch batch = store->NewBatch();
  batch.SetMapValue(NumberHash(3), Hash());
  ASSERT_TRUE(store->Commit(batch).ok());
  store.reset();
  EXPECT_DEATH(
      {
        Open();
        mapper->Add({{NumberHash(3), NumberHash(4)}});
        mapper->RootAt(2);
      },
      "does not lead to the root of its seal");
}

}  // namespace
}  // namespace dataip::ledger
