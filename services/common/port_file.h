// The file that tells which port a server got.
#pragma once

#include <string>

#include "absl/status/status.h"

namespace dataip::services {

struct PortFile {
  std::string path;     // none when empty
  std::string setting;  // that names it, for the error
};

// Writes the bare port number, whole or not at all. INVALID_FIELD when it
// cannot.
absl::Status WritePortFile(const PortFile& file, int port);

}  // namespace dataip::services
