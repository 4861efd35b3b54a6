// Everything that a database holds, hashed again: for a restored backup, which
// nobody has checked since it was copied. The start looks at the end only
// (self_check.h).
#pragma once

#include <string>

#include "absl/status/status.h"
#include "services/ledger/published.h"
#include "services/ledger/store.h"

namespace dataip::ledger {

// From the first entry to the last: headers decode, are numbered and linked;
// payloads have both digests, but for those that a later entry ordered
// erased; full tiles are the tree's; at the size of `checkpoint` root, chain
// head and the map of its seal are those that were signed; each page and row of
// the map that is stored leads to the root of the seal that it is of, and that
// is the root of a map made again from the headers. DATA_LOSS names the first
// thing that is wrong.
//
// Reads all, in bounded memory: the map is made again in `scratch`, a folder
// of its own that is removed.
absl::Status CheckWhole(const Store& store, const std::string& origin,
                        const PublishedCheckpoint& checkpoint,
                        const std::string& scratch);

}  // namespace dataip::ledger
