// The script that `dataip bundle unpack` writes as check.sh.
#pragma once

#include "absl/strings/string_view.h"

namespace dataip::client {

// POSIX shell with openssl, sha256sum, od and coreutils; works on the files
// that UnpackBundle writes beside it.
absl::string_view CheckScript();

// The README beside it, in Chinese and English.
absl::string_view UnpackedReadme();

namespace internal {
extern const char kCheckSignatures[];  // steps 2 and 5
extern const char kCheckSteps[];       // the others, and their order
}  // namespace internal

}  // namespace dataip::client
