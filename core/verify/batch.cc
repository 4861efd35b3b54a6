#include "core/verify/batch.h"

#include <bit>

#include "core/crypto/verify.h"

namespace dataip::verify {
namespace {

hash::Hash RootOfFullTree(std::span<const hash::Hash> leaf_hashes) {
  std::vector<hash::Hash> level(leaf_hashes.begin(), leaf_hashes.end());
  while (level.size() > 1) {
    std::vector<hash::Hash> parents(level.size() / 2);
    hash::NodeHashMany(level, parents);
    level = std::move(parents);
  }
  return level[0];
}

}  // namespace

Batch::Batch(std::vector<Prepared> entries)
    : entries_(std::move(entries)), answers_(entries_.size()) {
  leaf_hashes_.reserve(entries_.size());
  for (const Prepared& entry : entries_) {
    leaf_hashes_.push_back(entry.leaf_hash);
  }
  if (std::has_single_bit(leaf_hashes_.size())) {
    subtree_ = RootOfFullTree(leaf_hashes_);
  }
}

std::unique_ptr<Batch> Batch::Prepare(std::span<const EntryView> entries,
                                      bool hashes_only) {
  return std::unique_ptr<Batch>(new Batch(PrepareMany(entries, hashes_only)));
}

void Batch::VerifySignature(size_t number) {
  const SignatureToVerify& one = signatures_[number];
  holds_[number] = crypto::Verify(one.key, hash::AsBytes(one.message),
                                  hash::AsBytes(one.signature));
}

}  // namespace dataip::verify
