// What a mirror can prove of its own earlier sizes.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "client/export/mirror_checkpoint.h"
#include "client/export/mirror_edge.h"
#include "core/hash/hash.h"

namespace dataip::client {

// The root of the first `size` entries, 0 < size <= that of `served`, from the
// mirror's tiles, with a proof that the tree of `served` begins with them.
// DATA_LOSS when the tiles are missing or do not prove it: then the mirror is
// broken, and nothing is said about the ledger.
absl::StatusOr<hash::Hash> ProvenRootAt(uint64_t size,
                                        const MirrorCheckpoint& served,
                                        const MirrorEdge::Reader& read);

}  // namespace dataip::client
