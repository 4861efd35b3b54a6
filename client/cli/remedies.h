// A sentence with a remedy for errors that bring none of their own: those of
// the transport, and of checks below the registry's rules.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace dataip::client {

// Empty for OK.
absl::string_view RemedyZh(absl::StatusCode code);
// For what the transport says, which is English; empty where a message of our
// own carries its remedy.
absl::string_view RemedyEn(absl::StatusCode code);

}  // namespace dataip::client
