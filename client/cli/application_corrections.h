// `dataip application correct FILE.csv`.
#pragma once

#include "absl/status/statusor.h"
#include "client/cli/correction_rows.h"
#include "client/cli/invocation.h"

namespace dataip::client {

// Corrects every application that waits for it and has a row in the table that
// the first word names (row_corrections.h), and prints what came of each row.
// Answers the exit code.
absl::StatusOr<int> CorrectMany(Invocation& invocation,
                                const ChangeReasons& reasons);

}  // namespace dataip::client
