// Removes deleted and overwritten values from the files of a database: for
// what must not be on the disk any more (erasure, formats 6).
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "services/common/rocks.h"

namespace dataip::services {

// `keys` of `family`, ascending, were deleted or overwritten by writes that
// are done. Flushes every family, so that the log's older files go; rewrites
// each table file of the family that may hold an older value of one of them;
// empties the block cache. Writes and reads go on meanwhile. OK only when
// every file that could hold an old value is gone from the folder;
// UNAVAILABLE while an iterator, a snapshot or a backup under way holds one:
// call again. What the file system keeps in blocks that it has freed is not
// in our reach.
absl::Status PurgeKeys(Rocks& rocks, rocksdb::ColumnFamilyHandle* family,
                       const std::vector<std::string>& keys);

}  // namespace dataip::services
