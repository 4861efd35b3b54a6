// Unpacks a bundle, so that anybody repeats its checks with stock tools.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "core/hash/hash.h"
#include "core/verify/trust.h"

namespace dataip::client {

// Writes every byte string of the bundle as a file of its own into `dir` (new
// or empty), with what `trust` says as files under `trust/`, a README and
// `check.sh`, which repeats the steps of formats.md 8 with openssl, sha256sum,
// xxd or od and coreutils, and exits 0 only when all of them hold.
//
// `trust` may be null: then there is nothing to check signatures against, and
// check.sh says so and ends with 22.
//
// INVALID_ARGUMENT: the bundle is not canonical. ALREADY_EXISTS: `dir` is not
// empty. Nothing is verified here.
absl::Status UnpackBundle(Bytes bundle, const verify::Trust* trust,
                          const std::string& dir);

}  // namespace dataip::client
