// Checkpoints as a mirror believes them, and what it says of those that
// contradict each other.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/hash/hash.h"
#include "core/verify/trust.h"

namespace dataip::client {

struct MirrorCheckpoint {
  uint64_t size = 0;
  hash::Hash root;
  hash::Hash chain_head;
  std::string note;
};

// A note of the trusted ledger that all its keys, and a quorum of the
// witnesses, have signed. DATA_LOSS otherwise, with what is missing.
absl::StatusOr<MirrorCheckpoint> ReadMirrorCheckpoint(
    const std::string& note, const verify::Trust& trust);

// One that lies in a mirror itself, at `path`: DATA_LOSS says that the mirror's
// file is meant, not what the ledger shows.
absl::StatusOr<MirrorCheckpoint> ReadOwnCheckpoint(const std::string& path,
                                                   const std::string& note,
                                                   const verify::Trust& trust);

// evidence/<size>-<first 8 hex digits of the root>.note
std::string EvidencePath(const MirrorCheckpoint& checkpoint);

// DATA_LOSS: both are signed and cannot be true together. Says where they are
// kept and what to do.
absl::Status Forked(
    const std::pair<MirrorCheckpoint, MirrorCheckpoint>& checkpoints,
    const std::pair<std::string, std::string>& paths);

// DATA_LOSS: the entries that the ledger gave are not those that it signed.
absl::Status EntriesDoNotLead(const MirrorCheckpoint& checkpoint,
                              const std::string& dir);

}  // namespace dataip::client
