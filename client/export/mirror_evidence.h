// A mirror that holds evidence of a fork waits for people.
#pragma once

#include "absl/status/status.h"
#include "client/export/mirror_folder.h"

namespace dataip::client {

// DATA_LOSS while a note lies under evidence/: names each, and says what to do
// before the mirror goes on.
absl::Status CheckNoEvidence(const MirrorFolder& folder);

}  // namespace dataip::client
