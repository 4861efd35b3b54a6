#include "client/cli/input_files.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <system_error>

#include "absl/strings/str_cat.h"

namespace dataip::client {

absl::StatusOr<std::string> ReadInputFile(const std::string& path) {
  std::stringstream content;
  if (path == "-") {
    content << std::cin.rdbuf();
    return content.str();
  }
  std::error_code error;
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path, error)) {
    return absl::InvalidArgumentError(
        absl::StrCat("无法读取文件 (cannot read the file) ", path));
  }
  content << file.rdbuf();
  return content.str();
}

absl::Status WriteOutputFile(const std::string& path,
                             absl::string_view content) {
  const std::string temporary = absl::StrCat(path, ".new-", getpid());
  std::ofstream file(temporary, std::ios::binary);
  file.write(content.data(), static_cast<std::streamsize>(content.size()));
  file.close();
  std::error_code error;
  if (file) std::filesystem::rename(temporary, path, error);
  if (!file || error) {
    std::error_code ignored;
    std::filesystem::remove(temporary, ignored);
    return absl::PermissionDeniedError(
        absl::StrCat("无法写入文件 (cannot write the file) ", path));
  }
  return absl::OkStatus();
}

}  // namespace dataip::client
