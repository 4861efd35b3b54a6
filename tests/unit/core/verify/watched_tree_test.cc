#include "core/verify/watched_tree.h"

#include <vector>

#include "gtest/gtest.h"

namespace dataip::verify {
namespace {

std::vector<hash::Hash> Leaves(size_t count) {
  std::vector<hash::Hash> leaves;
  for (size_t i = 0; i < count; ++i) {
    const uint8_t record[] = {static_cast<uint8_t>(i),
                              static_cast<uint8_t>(i >> 8)};
    leaves.push_back(hash::LeafHash(record));
  }
  return leaves;
}

hash::Hash RootOf(std::span<const hash::Hash> leaves) {
  return proof::RootFromLeaves(leaves);
}

// Appends in pieces of `width`, each with its subtree.
WatchedTree TreeOf(std::span<const hash::Hash> leaves, size_t width,
                   std::initializer_list<uint64_t> watched) {
  WatchedTree tree;
  for (const uint64_t size : watched) tree.Watch(size);
  while (!leaves.empty()) {
    const auto piece = leaves.first(std::min(width, leaves.size()));
    std::optional<hash::Hash> subtree;
    if (piece.size() == width) subtree = RootOf(piece);
    tree.Append(piece, subtree);
    leaves = leaves.subspan(piece.size());
  }
  return tree;
}

TEST(WatchedTree, KnowsNoRootThatNobodyAskedForOrThatIsNotReached) {
  const WatchedTree tree = TreeOf(Leaves(40), 8, {41});
  EXPECT_FALSE(tree.RootAt(40).has_value());
  EXPECT_FALSE(tree.RootAt(41).has_value());
}

TEST(WatchedTree, HasTheRootOfItsLeavesHoweverTheyCame) {
  const std::vector<hash::Hash> leaves = Leaves(300);
  for (size_t size = 0; size <= leaves.size(); ++size) {
    const auto first = std::span(leaves).first(size);
    for (const size_t width : {1, 2, 16, 64}) {
      EXPECT_EQ(TreeOf(first, width, {}).Root(), RootOf(first)) << size;
    }
  }
}

TEST(WatchedTree, RemembersRootsWithinAndBetweenPieces) {
  const std::vector<hash::Hash> leaves = Leaves(100);
  const WatchedTree tree = TreeOf(leaves, 16, {1, 16, 17, 31, 32, 99, 100});
  for (const uint64_t size : {1, 16, 17, 31, 32, 99, 100}) {
    EXPECT_EQ(tree.RootAt(size), RootOf(std::span(leaves).first(size))) << size;
  }
}

// Behind a piece that is not as wide, a subtree has no place as one node.
TEST(WatchedTree, TakesASubtreeThatDoesNotFitLeafByLeaf) {
  const std::vector<hash::Hash> leaves = Leaves(20);
  WatchedTree tree;
  tree.Append(std::span(leaves).first(4), std::nullopt);
  const auto rest = std::span(leaves).subspan(4);
  tree.Append(rest, RootOf(rest));
  EXPECT_EQ(tree.Root(), RootOf(leaves));
}

}  // namespace
}  // namespace dataip::verify
