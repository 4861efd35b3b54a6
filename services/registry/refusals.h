// Refusals that say nothing of the command: the same bytes may be sent again.
#pragma once

#include "absl/status/status.h"

namespace dataip::registryd {

// NOT_SERVING: the registry is stopping.
absl::Status Stopping();

// OVERLOADED, with advice when to try again.
absl::Status Overloaded();

// Whether the same, asked of the ledger again, may succeed: the connection, an
// overload, a window of time that was missed.
bool MayPass(const absl::Status& status);

}  // namespace dataip::registryd
