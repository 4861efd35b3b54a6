// Batch proofs (formats 8): the certificates of one entry at one checkpoint,
// what they share written once. With what is shared every member makes a
// bundle, which is verified as any. Pure functions, thread safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/hash/hash.h"

namespace dataip::client {

inline constexpr size_t kBatchProofMembers = 120;
inline constexpr size_t kBatchProofBytes = size_t{16} << 20;
inline constexpr uint32_t kBatchProofFormat = 1;

// Makes a proof of bundles, in whatever order: without openings of names and
// without history. INVALID_ARGUMENT for none, too many, one that is none, or
// one certificate twice; FAILED_PRECONDITION when they are not of one entry,
// one checkpoint and one pair of chains.
absl::StatusOr<std::string> JoinBundles(
    const std::vector<std::string>& bundles);

// The bundles of the members, canonical, in order of certificate number.
// INVALID_ARGUMENT when the bytes are not the one spelling of a proof: not
// genuine. UNIMPLEMENTED for a higher format: cannot decide.
absl::StatusOr<std::vector<std::string>> SplitBatchProof(Bytes proof);

// Whether SplitBatchProof would take it for one, rather than DecodeBundle.
bool IsBatchProof(Bytes bytes);

// Size that the note of a bundle's checkpoint names; 0 when it is none.
uint64_t CheckpointSize(absl::string_view note);

}  // namespace dataip::client
