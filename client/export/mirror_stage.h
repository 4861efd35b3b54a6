// What an earlier run of a mirror had fetched and not served: it need not be
// fetched again.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "client/export/erasure_orders.h"
#include "client/export/mirror_edge.h"
#include "client/export/mirror_folder.h"
#include "client/export/mirror_withheld.h"

namespace dataip::client {

// Entries that were added to what is served.
struct AddedEntries {
  MirrorEdge edge;                      // with them
  std::vector<OrderedErasure> ordered;  // by orders among them
  WithheldPayloads withheld;            // of them
};

// Adds the entries of the full bundles that are staged, or that a commit that
// was cut short had moved, as long as they continue the edge and it stays
// below `below`. They are hashed as if they came anew. All else that is staged
// is removed. `orders` was shown what is served. Fails as the folder does.
absl::Status AddStaged(const MirrorFolder& folder, uint64_t below,
                       OrderReader& orders, AddedEntries& added);

}  // namespace dataip::client
