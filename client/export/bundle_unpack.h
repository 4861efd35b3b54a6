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
// od and coreutils. Without arguments it ends as `dataip verify` does: 0 only
// when all steps hold and the certificate is in force, else 20 to 23.
//
// `trust` may be null: then there is nothing to check signatures against, and
// check.sh says so and ends with 22.
//
// INVALID_ARGUMENT: the bundle, or its content, records, headers or checkpoint
// are not in their one spelling: not genuine. UNIMPLEMENTED: a higher format.
// ALREADY_EXISTS: `dir` is not empty. Digests and signatures are check.sh's.
absl::Status UnpackBundle(Bytes bundle, const verify::Trust* trust,
                          const std::string& dir);

}  // namespace dataip::client
