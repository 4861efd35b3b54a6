// http and https addresses, as HttpFetch takes them.
#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace dataip::services {

struct Url {
  bool https = false;
  std::string host;    // a name, or an address without its brackets
  int port = 0;        // that of the scheme when none was named
  std::string target;  // path and query; begins with a slash
};

// INVALID_ARGUMENT says what is wrong: another scheme, a user, a port that is
// none, what is no plain ASCII. A fragment is dropped.
absl::StatusOr<Url> ParseUrl(const std::string& text);

// localhost, 127.0.0.0/8 or ::1: what is said to it stays on this machine.
bool IsLoopback(const Url& url);

}  // namespace dataip::services
