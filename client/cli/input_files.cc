#include "client/cli/input_files.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "client/status.h"

namespace dataip::client {

absl::Status LocalFault(const std::string& zh, const std::string& en) {
  absl::Status status = absl::InternalError(en);
  rpc::v1::ErrorDetail detail;
  detail.set_reason(rpc::v1::INTERNAL);
  detail.set_domain("dataip");
  detail.set_message_zh(zh);
  SetErrorDetail(detail, status);
  return status;
}

absl::Status AsLocalFault(const absl::Status& status) {
  const bool is_fault = absl::IsPermissionDenied(status) ||
                        absl::IsUnavailable(status) || absl::IsInternal(status);
  if (!is_fault || ErrorDetailOf(status).has_value()) return status;
  return LocalFault("本机的文件无法读写;请按下述提示检查路径、权限与磁盘空间",
                    std::string(status.message()));
}

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
        absl::StrCat("无法读取文件 ", path, ";请检查它是不是文件、有没有权限"),
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
        absl::StrCat("无法写入文件 ", path, ";请检查目录、权限与磁盘空间"),
        absl::StrCat("cannot write the file ", path));
  }
  return absl::OkStatus();
}

}  // namespace dataip::client
