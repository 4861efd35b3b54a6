// What a mirror erases by order. `.mirror/erase` says which payloads, from
// before the checkpoint that covers the orders is served until they are gone,
// so that a run that died in between is ended by the next.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "client/export/erasure_orders.h"
#include "client/export/mirror_folder.h"

namespace dataip::client {

inline constexpr char kEraseFile[] = ".mirror/erase";

// Shows the reader what is served of `size` entries, up to the first
// transition: only that one can open the registry.
absl::Status ShowOpening(const MirrorFolder& folder, uint64_t size,
                         OrderReader& orders);

// Writes down what is to be erased once a checkpoint of `size`, whose files
// are served, is served itself: those of `ordered` whose digests are those of
// the header that the mirror keeps.
absl::Status PrepareErasures(const MirrorFolder& folder, uint64_t size,
                             const std::vector<OrderedErasure>& ordered);

// Erases what was written down, if the checkpoint of `size` that is served
// covers it. DATA_LOSS when the mirror's own files are not in their form.
absl::Status CarryOutErasures(const MirrorFolder& folder, uint64_t size);

}  // namespace dataip::client
