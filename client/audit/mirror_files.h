// A folder that `dataip ledger mirror` keeps (client/export/ledger_mirror.h):
// an export without a manifest, with files of its own beside it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "client/audit/export_files.h"

namespace dataip::client {

bool IsMirror(const ExportFiles& files);

// Files of a mirror beside those of its checkpoint.
struct MirrorExtras {
  // A partial file that a longer one has taken over: it must be its beginning.
  struct Older {
    std::string path;
    std::string newer;
  };
  std::vector<Older> older;
  std::vector<std::string> evidence;    // checkpoints that contradict
  std::vector<std::string> unexpected;  // no mirror has them
};

// Sorts what stands beside the files of a checkpoint of this size. Files of
// entries ahead of it, which a mirror that was stopped leaves, are nobody's
// yet, and so is all below .mirror/.
MirrorExtras SortExtras(const std::vector<std::string>& extras, uint64_t size);

}  // namespace dataip::client
