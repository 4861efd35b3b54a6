// `dataip certificate get --batch` and `--party`: many certificates into a
// folder, with a manifest.
#pragma once

#include "absl/status/statusor.h"
#include "client/cli/invocation.h"

namespace dataip::client {

// All certificates that a batch issued, as bundles at one checkpoint, with
// `batch.proof` and `manifest.json`.
absl::StatusOr<int> DownloadBatch(Invocation& invocation);

// All certificates of a holder, with `manifest.json`.
absl::StatusOr<int> DownloadOfParty(Invocation& invocation);

}  // namespace dataip::client
