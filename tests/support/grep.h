// Looks for bytes in every file below a folder.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/process.h"

namespace dataip::test {

// Paths of the files that hold `bytes`. A file that vanishes meanwhile holds
// nothing.
inline std::vector<std::string> FilesWith(const std::string& dir,
                                          const std::string& bytes) {
  std::vector<std::string> found;
  std::error_code gone;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(dir, gone)) {
    if (!entry.is_regular_file(gone)) continue;
    const std::string path = entry.path();
    if (ReadFile(path).find(bytes) != std::string::npos) found.push_back(path);
  }
  return found;
}

}  // namespace dataip::test
