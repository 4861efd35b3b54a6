#include "client/cli/input_files.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"

namespace dataip::client {

namespace {

constexpr char kStandardInput[] = "-";

// What is there of it, up to so many bytes.
std::string ReadStandardInput(size_t most_bytes) {
  constexpr size_t kChunkBytes = size_t{64} << 10;
  std::string bytes;
  while (std::cin && bytes.size() < most_bytes) {
    const size_t size = bytes.size();
    bytes.resize(std::min(size + kChunkBytes, most_bytes));
    std::cin.read(bytes.data() + size,
                  static_cast<std::streamsize>(bytes.size() - size));
    bytes.resize(size + static_cast<size_t>(std::cin.gcount()));
  }
  return bytes;
}

}  // namespace

absl::StatusOr<std::string> ReadInputFile(const std::string& path,
                                          size_t most_bytes) {
  if (path != kStandardInput) return AsUsage(ReadNamedFile(path, most_bytes));
  std::string bytes = ReadStandardInput(most_bytes + 1);
  if (bytes.size() <= most_bytes) return bytes;
  return absl::InvalidArgumentError(absl::StrCat(
      "标准输入的内容大于上限 ", most_bytes,
      " 字节，请检查来源 (what stands on standard input is larger than it can "
      "be, ",
      most_bytes, " bytes: check where it comes from)"));
}

absl::StatusOr<std::string> ReadBundleFile(const std::string& path) {
  constexpr size_t kTooLong = limits::kBundleBytes + 1;
  if (path == kStandardInput) return ReadStandardInput(kTooLong);
  return AsUsage(ReadStartOfFile(path, kTooLong));
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

absl::Status MakeOutputFolder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (!error) return absl::OkStatus();
  return LocalFault(
      absl::StrCat("无法创建目录 ", path, "；请检查权限与磁盘空间"),
      absl::StrCat("cannot make folder ", path, ": ", error.message()));
}

std::string WithoutCsv(const std::string& path) {
  const size_t end = path.size() - std::min<size_t>(path.size(), 4);
  return path.substr(end) == ".csv" ? path.substr(0, end) : path;
}

}  // namespace dataip::client
