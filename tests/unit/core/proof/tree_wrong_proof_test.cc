// Every wrong inclusion and consistency proof is refused: truncated, extended,
// swapped, of a neighbour, and with any bit flipped.
//
// A size alone cannot always be told from another one (leaf 0 has the same
// path in trees of 3 and 4 leaves): it is bound by the root at that size. So a
// wrong size is tried with that size's own root.
#include <functional>

#include "core/proof/tree.h"
#include "gtest/gtest.h"

namespace dataip::proof {
namespace {

constexpr uint64_t kSizes = 70;
// Up to here every single bit is flipped, beyond one bit of every byte.
constexpr uint64_t kAllBitsSizes = 17;

using Accepts = std::function<bool(const Path&)>;

// Calls `accepts` with every path that differs from `path` by one fault; none
// may be taken.
void ExpectFaultsRefused(const Path& path, uint64_t size,
                         const Accepts& accepts) {
  for (size_t cut = 0; cut < path.size(); ++cut) {
    Path shorter = path;
    shorter.erase(shorter.begin() + cut);
    EXPECT_FALSE(accepts(shorter)) << "node " << cut << " left out";
    Path doubled = path;
    doubled.insert(doubled.begin() + cut, path[cut]);
    EXPECT_FALSE(accepts(doubled)) << "node " << cut << " twice";
  }
  for (size_t at = 0; at <= path.size(); ++at) {
    Path longer = path;
    longer.insert(longer.begin() + at, Hash{});
    EXPECT_FALSE(accepts(longer)) << "a node more at " << at;
  }
  for (size_t i = 0; i + 1 < path.size(); ++i) {
    Path swapped = path;
    std::swap(swapped[i], swapped[i + 1]);
    EXPECT_FALSE(accepts(swapped)) << "nodes swapped at " << i;
  }
  const size_t step = size <= kAllBitsSizes ? 1 : 8;
  Path flipped = path;
  for (size_t bit = 0; bit < path.size() * 256; bit += step) {
    uint8_t& byte = flipped[bit / 256].bytes[bit % 256 / 8];
    byte ^= static_cast<uint8_t>(1 << bit % 8);
    EXPECT_FALSE(accepts(flipped)) << "bit " << bit;
    byte ^= static_cast<uint8_t>(1 << bit % 8);
  }
}

class WrongProof : public ::testing::TestWithParam<uint64_t> {
 protected:
  WrongProof() : roots_(kSizes + 2) {
    for (uint64_t i = 0; i <= kSizes; ++i) {
      leaves_.push_back(hash::LeafHash(hash::AsBytes(std::to_string(i))));
      tree_.Append(leaves_.back());
      roots_[i + 1] = *RootAt(i + 1, tree_.reader());
    }
  }

  std::vector<Hash> leaves_;
  std::vector<Hash> roots_;  // [size]
  StoredTree tree_;
};

TEST_P(WrongProof, OfInclusionIsRefused) {
  const uint64_t size = GetParam();
  const Hash& root = roots_[size];
  for (uint64_t index = 0; index < size; ++index) {
    const Path path = *InclusionPath(index, size, tree_.reader());
    const Hash& leaf = leaves_[index];
    ExpectFaultsRefused(path, size, [&](const Path& wrong) {
      return VerifyInclusion(leaf, index, size, wrong, root);
    });
    for (uint64_t other = 0; other <= size + 1; ++other) {
      if (other == index) continue;
      EXPECT_FALSE(VerifyInclusion(leaf, other, size, path, root)) << other;
      if (other >= size) continue;
      EXPECT_FALSE(VerifyInclusion(leaves_[other], index, size, path, root));
    }
    for (const uint64_t other : {size - 1, size + 1}) {
      EXPECT_FALSE(VerifyInclusion(leaf, index, other, path, roots_[other]));
    }
    EXPECT_FALSE(VerifyInclusion(leaf, index, 0, path, root));
    EXPECT_FALSE(VerifyInclusion(Hash{}, index, size, path, root));
    EXPECT_FALSE(VerifyInclusion(leaf, index, size, path, Hash{}));
    EXPECT_FALSE(VerifyInclusion(leaf, index, UINT64_MAX, path, root));
  }
}

TEST_P(WrongProof, OfConsistencyIsRefused) {
  const uint64_t size = GetParam();
  const Hash& root = roots_[size];
  for (uint64_t old_size = 1; old_size <= size; ++old_size) {
    const Path path = *ConsistencyPath(old_size, size, tree_.reader());
    const Hash& old_root = roots_[old_size];
    ExpectFaultsRefused(path, size, [&](const Path& wrong) {
      return VerifyConsistency(old_size, size, old_root, root, wrong);
    });
    EXPECT_FALSE(VerifyConsistency(0, size, roots_[0], root, path));
    EXPECT_FALSE(VerifyConsistency(old_size, size, Hash{}, root, path));
    EXPECT_FALSE(VerifyConsistency(old_size, size, old_root, Hash{}, path));
    for (const uint64_t other : {old_size - 1, old_size + 1}) {
      if (other == 0 || other > size) continue;
      EXPECT_FALSE(VerifyConsistency(other, size, roots_[other], root, path));
    }
    EXPECT_FALSE(VerifyConsistency(old_size, size + 1, old_root,
                                   roots_[size + 1], path));
    if (old_size == size) continue;
    EXPECT_FALSE(VerifyConsistency(size, old_size, root, old_root, path));
    EXPECT_FALSE(VerifyConsistency(old_size, size, root, old_root, path));
    EXPECT_FALSE(VerifyConsistency(old_size, size, old_root, old_root, path));
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, WrongProof,
                         ::testing::Range<uint64_t>(1, kSizes + 1));

}  // namespace
}  // namespace dataip::proof
