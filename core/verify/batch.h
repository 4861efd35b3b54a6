// Entries on their way through a replay, so that whoever has cores can work on
// some while others are decided:
//
//   Batch::Prepare            on any thread
//   Replayer::ListSignatures  in order
//   Batch::VerifySignature    on any thread
//   Replayer::Take            in order
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/hash/hash.h"
#include "core/verify/prepared.h"
#include "core/verify/transition_check.h"

namespace dataip::verify {

// Neither copied nor moved: what is listed points into it.
class Batch {
 public:
  // Hashes, decodes and, unless `hashes_only`, parses. The bytes of the
  // entries outlive the batch.
  static std::unique_ptr<Batch> Prepare(std::span<const EntryView> entries,
                                        bool hashes_only);
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;

  size_t size() const { return entries_.size(); }
  Bytes header(size_t i) const { return entries_[i].header_bytes; }
  std::span<const hash::Hash> leaf_hashes() const { return leaf_hashes_; }
  // Of the tree over the entries alone, if their number is a power of two.
  const std::optional<hash::Hash>& subtree() const { return subtree_; }

  // Those that were listed.
  size_t signature_count() const { return signatures_.size(); }
  // Each number below signature_count() once; different ones at the same time
  // from different threads.
  void VerifySignature(size_t number);

 private:
  friend class Replayer;

  explicit Batch(std::vector<Prepared> entries);

  std::vector<Prepared> entries_;
  std::vector<hash::Hash> leaf_hashes_;
  std::optional<hash::Hash> subtree_;
  std::vector<SignatureAnswers> answers_;  // one an entry
  std::vector<SignatureToVerify> signatures_;
  std::vector<char> holds_;  // one a signature
};

}  // namespace dataip::verify
