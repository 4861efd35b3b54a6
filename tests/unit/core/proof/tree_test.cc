#include "core/proof/tree.h"

#include <bit>
#include <map>
#include <string>

#include "core/base/hex.h"
#include "core/proof/chain.h"
#include "gtest/gtest.h"

namespace dataip::proof {
namespace {

constexpr uint64_t kSizes = 70;

std::string Hex(const Hash& hash) { return base::HexEncode(hash.span()); }

Hash Leaf(uint64_t i) {
  return hash::LeafHash(hash::AsBytes("leaf " + std::to_string(i)));
}

// RFC 6962 2.1 as it is written.
Hash Mth(std::span<const Hash> leaves) {
  if (leaves.empty()) return hash::Sha256(Bytes());
  if (leaves.size() == 1) return leaves[0];
  const size_t k = std::bit_floor(leaves.size() - 1);
  return hash::NodeHash(Mth(leaves.first(k)), Mth(leaves.subspan(k)));
}

Path ReferenceInclusion(size_t m, std::span<const Hash> leaves) {
  if (leaves.size() == 1) return {};
  const size_t k = std::bit_floor(leaves.size() - 1);
  Path path = m < k ? ReferenceInclusion(m, leaves.first(k))
                    : ReferenceInclusion(m - k, leaves.subspan(k));
  path.push_back(m < k ? Mth(leaves.subspan(k)) : Mth(leaves.first(k)));
  return path;
}

Path ReferenceSubproof(size_t m, std::span<const Hash> leaves, bool whole) {
  if (m == leaves.size()) return whole ? Path{} : Path{Mth(leaves)};
  const size_t k = std::bit_floor(leaves.size() - 1);
  Path path = m <= k ? ReferenceSubproof(m, leaves.first(k), whole)
                     : ReferenceSubproof(m - k, leaves.subspan(k), false);
  path.push_back(m <= k ? Mth(leaves.subspan(k)) : Mth(leaves.first(k)));
  return path;
}

class Tree : public ::testing::Test {
 protected:
  Tree() {
    for (uint64_t i = 0; i < kSizes; ++i) {
      leaves_.push_back(Leaf(i));
      stored_.Append(leaves_.back());
    }
  }
  std::span<const Hash> First(uint64_t size) const {
    return std::span(leaves_).first(size);
  }

  std::vector<Hash> leaves_;
  StoredTree stored_;
};

// The eight leaves that Certificate Transparency implementations share.
TEST(RootFromLeaves, GivesTheKnownAnswersOfRfc6962) {
  const char* const records[] = {"",
                                 "00",
                                 "10",
                                 "2021",
                                 "3031",
                                 "40414243",
                                 "5051525354555657",
                                 "606162636465666768696a6b6c6d6e6f"};
  const char* const roots[] = {
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
      "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
      "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
      "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
      "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  EXPECT_EQ(Hex(RootFromLeaves({})),
            "e3b0c44298fc1c149afbf4c8996fb924"
            "27ae41e4649b934ca495991b7852b855");
  std::vector<Hash> leaves;
  for (size_t i = 0; i < std::size(records); ++i) {
    leaves.push_back(hash::LeafHash(*base::HexDecode(records[i])));
    EXPECT_EQ(Hex(RootFromLeaves(leaves)), roots[i]) << i;
  }
}

// From the same set: RFC 6962 paths in the tree of the eight leaves.
TEST(InclusionPath, GivesTheKnownAnswersOfRfc6962) {
  const char* const records[] = {"",
                                 "00",
                                 "10",
                                 "2021",
                                 "3031",
                                 "40414243",
                                 "5051525354555657",
                                 "606162636465666768696a6b6c6d6e6f"};
  StoredTree tree;
  for (const char* record : records) {
    tree.Append(hash::LeafHash(*base::HexDecode(record)));
  }
  const auto path = InclusionPath(0, 8, tree.reader());
  ASSERT_TRUE(path);
  ASSERT_EQ(path->size(), 3u);
  EXPECT_EQ(Hex((*path)[0]),
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7");
  EXPECT_EQ(Hex((*path)[1]),
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e");
  EXPECT_EQ(Hex((*path)[2]),
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4");
  const auto consistency = ConsistencyPath(6, 8, tree.reader());
  ASSERT_TRUE(consistency);
  ASSERT_EQ(consistency->size(), 3u);
  EXPECT_EQ(Hex((*consistency)[0]),
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a");
  EXPECT_EQ(Hex((*consistency)[1]),
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0");
  EXPECT_EQ(Hex((*consistency)[2]),
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7");
}

TEST_F(Tree, PathsAreThoseOfTheDefinitionAtEverySize) {
  for (uint64_t size = 1; size <= kSizes; ++size) {
    const Hash root = Mth(First(size));
    EXPECT_EQ(RootAt(size, stored_.reader()), root);
    EXPECT_EQ(RootFromLeaves(First(size)), root);
    for (uint64_t index = 0; index < size; ++index) {
      const auto path = InclusionPath(index, size, stored_.reader());
      ASSERT_EQ(path, ReferenceInclusion(index, First(size)));
      ASSERT_TRUE(VerifyInclusion(leaves_[index], index, size, *path, root));
    }
    for (uint64_t old_size = 1; old_size <= size; ++old_size) {
      const auto path = ConsistencyPath(old_size, size, stored_.reader());
      ASSERT_EQ(path, ReferenceSubproof(old_size, First(size), true));
      ASSERT_TRUE(
          VerifyConsistency(old_size, size, Mth(First(old_size)), root, *path));
    }
  }
}

TEST_F(Tree, BuildersRefuseWhatIsNotThere) {
  EXPECT_FALSE(InclusionPath(5, 5, stored_.reader()));
  EXPECT_FALSE(InclusionPath(0, 0, stored_.reader()));
  EXPECT_FALSE(ConsistencyPath(0, 5, stored_.reader()));
  EXPECT_FALSE(ConsistencyPath(6, 5, stored_.reader()));
  const NodeReader unreadable = [](NodeId) { return std::nullopt; };
  EXPECT_FALSE(InclusionPath(0, 5, unreadable));
  EXPECT_FALSE(ConsistencyPath(3, 5, unreadable));
  EXPECT_FALSE(RootAt(5, unreadable));
}

TEST_F(Tree, BuildersAskForCompleteNodesOnly) {
  for (uint64_t size = 1; size <= kSizes; ++size) {
    const NodeReader within = [&](NodeId id) {
      EXPECT_LE((id.index + 1) << id.level, size);
      return stored_.Node(id);
    };
    EXPECT_TRUE(RootAt(size, within));
    EXPECT_TRUE(InclusionPath(size / 2, size, within));
    EXPECT_TRUE(ConsistencyPath((size + 1) / 2, size, within));
  }
}

TEST_F(Tree, FrontierTellsEveryCompletedNode) {
  Frontier frontier;
  std::map<std::pair<uint32_t, uint64_t>, Hash> nodes;
  for (uint64_t i = 0; i < kSizes; ++i) {
    frontier.Append(leaves_[i], [&](NodeId id, const Hash& hash) {
      EXPECT_TRUE(nodes.emplace(std::pair(id.level, id.index), hash).second);
    });
    EXPECT_EQ(frontier.size(), i + 1);
    EXPECT_EQ(frontier.Root(), Mth(First(i + 1)));
  }
  size_t expected = 0;
  for (uint64_t width = 1; width <= kSizes; width *= 2) {
    expected += kSizes / width;
  }
  EXPECT_EQ(nodes.size(), expected);
  for (const auto& [id, hash] : nodes) {
    EXPECT_EQ(stored_.Node({id.first, id.second}), hash);
  }
}

TEST_F(Tree, FrontierSurvivesEncodingAtEverySize) {
  Frontier frontier;
  for (uint64_t size = 0; size < kSizes; ++size) {
    const std::string bytes = frontier.Encode();
    EXPECT_EQ(Frontier::Decode(hash::AsBytes(bytes)), frontier);
    EXPECT_FALSE(Frontier::Decode(hash::AsBytes(bytes + "x")));
    EXPECT_FALSE(
        Frontier::Decode(hash::AsBytes(bytes).first(bytes.size() - 1)));
    std::vector<Hash> nodes;
    for (const NodeId& id : Frontier::NodesOf(size)) {
      nodes.push_back(*stored_.Node(id));
    }
    EXPECT_EQ(Frontier::From(size, nodes), frontier);
    nodes.emplace_back();
    EXPECT_FALSE(Frontier::From(size, nodes));
    frontier.Append(leaves_[size]);
  }
}

TEST(Chain, LinksHeadersFromTheOrigin) {
  EXPECT_EQ(ChainStart("ledger.example/zhejiang"),
            hash::Sm3(hash::AsBytes("ledger.example/zhejiang")));
  EXPECT_EQ(NextPrev(hash::AsBytes("header")),
            hash::Sm3(hash::AsBytes("header")));
}

}  // namespace
}  // namespace dataip::proof
