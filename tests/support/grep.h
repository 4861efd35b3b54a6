// Looks for bytes in every file below a folder.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

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
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string content{std::istreambuf_iterator<char>(file), {}};
    if (content.find(bytes) != std::string::npos) {
      found.push_back(entry.path());
    }
  }
  return found;
}

}  // namespace dataip::test
