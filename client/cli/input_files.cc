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
  if (!std::filesystem::exists(path, error)) {
    return absl::NotFoundError(
        absl::StrCat("找不到文件 (no such file): ", path));
  }
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path, error)) {
    return LocalFault(
        absl::StrCat("无法读取文件 ", path, "；请检查它是不是文件、有没有权限"),
        absl::StrCat("cannot read the file ", path));
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
    return LocalFault(
        absl::StrCat("无法写入文件 ", path, "；请检查目录、权限与磁盘空间"),
        absl::StrCat("cannot write the file ", path));
  }
  return absl::OkStatus();
}

}  // namespace dataip::client
