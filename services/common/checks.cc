#include "services/common/checks.h"

#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "client/pki/key_file.h"
#include "core/base/status_macros.h"
#include "core/base/system_error.h"

namespace dataip::services {
namespace {

namespace fs = std::filesystem;

constexpr absl::string_view kChineseFirst = "。 ";
constexpr absl::string_view kChineseLast = " / ";

bool BeginsChinese(absl::string_view text) {
  return !text.empty() && static_cast<unsigned char>(text[0]) >= 0x80;
}

absl::Status Unusable(const std::string& setting, const std::string& path,
                      int error) {
  return InvalidField(
      setting,
      {absl::StrCat(path, " cannot be written (",
                    std::generic_category().message(error),
                    "); name another place, or give it to this program's user"),
       absl::StrCat(path, " 无法写入（", base::ChineseOf(error),
                    "），请另选位置，或将其交给运行本程序的用户")});
}

// 0 when a file can be made in this folder, else errno.
int WhyNoFiles(const fs::path& folder) {
  std::string probe = folder / ".dataip-check-XXXXXX";
  if (mkdtemp(probe.data()) == nullptr) {
    return errno;
  }
  rmdir(probe.c_str());
  return 0;
}

struct Port {
  absl::string_view host;
  absl::string_view port;
};

Port PortOf(absl::string_view address) {
  const size_t colon = address.rfind(':');
  if (colon == absl::string_view::npos || absl::StartsWith(address, "unix:")) {
    return {};
  }
  return {address.substr(0, colon), address.substr(colon + 1)};
}

bool IsEveryHost(absl::string_view host) {
  return host.empty() || host == "0.0.0.0" || host == "[::]" || host == "*";
}

bool Collide(const Port& one, const Port& other) {
  if (one.port.empty() || one.port == "0" || one.port != other.port) {
    return false;
  }
  return one.host == other.host || IsEveryHost(one.host) ||
         IsEveryHost(other.host);
}

}  // namespace

ErrorText SplitText(absl::string_view message) {
  const size_t first = message.find(kChineseFirst);
  if (first != absl::string_view::npos &&
      first + kChineseFirst.size() < message.size()) {
    return {std::string(message.substr(first + kChineseFirst.size())),
            std::string(message.substr(0, first))};
  }
  const size_t last = message.rfind(kChineseLast);
  if (last != absl::string_view::npos &&
      BeginsChinese(message.substr(last + kChineseLast.size()))) {
    return {std::string(message.substr(0, last)),
            std::string(message.substr(last + kChineseLast.size()))};
  }
  return {std::string(message), std::string(message)};
}

bool IsAboutFile(const absl::Status& status, const std::string& path) {
  return absl::StartsWith(status.message(), absl::StrCat(path, "：")) ||
         absl::StartsWith(status.message(), absl::StrCat(path, ": "));
}

absl::Status AboutSetting(const std::string& setting,
                          const absl::Status& status) {
  return InvalidField(setting, SplitText(status.message()));
}

absl::Status AboutSettings(const Config& config,
                           std::span<const char* const> settings,
                           const absl::Status& status) {
  for (const char* setting : settings) {
    if (IsAboutFile(status, config.Text(setting))) {
      return AboutSetting(setting, status);
    }
  }
  return AboutSetting(settings.front(), status);
}

absl::StatusOr<crypto::PrivateKey> ReadKey(const Config& config,
                                           const std::string& setting) {
  auto key = client::ReadKeyFile(config.Text(setting));
  if (!key.ok()) return AboutSetting(setting, key.status());
  return key;
}

absl::StatusOr<crypto::PrivateKey> ReadKey(const Config& config,
                                           const std::string& setting,
                                           crypto::Algorithm algorithm) {
  ASSIGN_OR_RETURN(auto key, ReadKey(config, setting));
  if (key.algorithm() == algorithm) return key;
  const auto have = crypto::AlgorithmName(key.algorithm());
  const auto want = crypto::AlgorithmName(algorithm);
  const std::string& path = config.Text(setting);
  return InvalidField(
      setting,
      {absl::StrCat(path, " holds a key of ", have, ", one of ", want,
                    " is wanted: `dataip keys new --algorithm ", want, "`"),
       absl::StrCat(path, " 是 ", have, " 密钥，应为 ", want,
                    " 密钥：dataip keys new --algorithm ", want)});
}

absl::Status CheckFolder(const std::string& setting, const std::string& path) {
  std::error_code error;
  fs::path there = fs::absolute(path, error).lexically_normal();
  while (!fs::exists(there, error) && there.has_relative_path()) {
    there = there.parent_path();
  }
  if (!fs::is_directory(there, error)) {
    return InvalidField(
        setting,
        {absl::StrCat(there.string(), " is no folder: name one, or a new one"),
         absl::StrCat(there.string(), " 不是目录，请指定一个目录")});
  }
  const int error_number = WhyNoFiles(there);
  return error_number == 0 ? absl::OkStatus()
                           : Unusable(setting, path, error_number);
}

absl::Status CheckFile(const std::string& setting, const std::string& path) {
  if (path.empty()) return absl::OkStatus();
  std::error_code error;
  if (fs::is_directory(path, error)) {
    return InvalidField(setting,
                        {absl::StrCat(path, " is a folder: name a file in it"),
                         absl::StrCat(path, " 是目录，请指定其中的一个文件")});
  }
  if (fs::exists(path, error) && !fs::is_regular_file(path, error)) {
    return InvalidField(
        setting,
        {absl::StrCat(path, " is no regular file: name a file of its own"),
         absl::StrCat(path, " 不是普通文件，请另指定一个文件")});
  }
  const fs::path folder = fs::absolute(path, error).parent_path();
  if (!fs::is_directory(folder, error)) {
    return InvalidField(
        setting,
        {absl::StrCat("the folder of ", path, " is not there: make it"),
         absl::StrCat(path, " 所在的目录不存在，请先创建")});
  }
  const int error_number = WhyNoFiles(folder);
  return error_number == 0 ? absl::OkStatus()
                           : Unusable(setting, path, error_number);
}

absl::Status CheckApart(const std::string& setting, const std::string& path,
                        const std::string& other_setting,
                        const std::string& other) {
  const auto spelled = [](const std::string& folder) {
    std::error_code error;
    return absl::StrCat(
        absl::StripSuffix(fs::weakly_canonical(folder, error).string(), "/"),
        "/");
  };
  if (!absl::StartsWith(spelled(path), spelled(other))) return absl::OkStatus();
  return InvalidField(
      setting, {absl::StrCat(path, " is or lies within ", other_setting,
                             ": name a folder beside it, best on another disk"),
                absl::StrCat(path, " 就是 ", other_setting,
                             " 或在其中，请另设目录，最好在另一磁盘上")});
}

absl::Status CheckOwnFolder(const std::string& setting, const std::string& path,
                            std::span<const char* const> foreign) {
  for (const char* name : foreign) {
    std::error_code error;
    if (!fs::exists(fs::path(path) / name, error)) continue;
    return InvalidField(
        setting,
        {absl::StrCat(path, " holds `", name,
                      "`, it is another server's: name a folder of its own"),
         absl::StrCat(path, " 内有 ", name,
                      "，是其他服务的目录，请指定单独的目录")});
  }
  return absl::OkStatus();
}

absl::Status CheckPortsDiffer(std::span<const AddressSetting> settings) {
  for (size_t i = 0; i < settings.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (!Collide(PortOf(settings[i].address), PortOf(settings[j].address))) {
        continue;
      }
      return InvalidField(
          settings[i].setting,
          {absl::StrCat(settings[i].address, " has the port of ",
                        settings[j].setting, ": choose another"),
           absl::StrCat(settings[i].address, " 与 ", settings[j].setting,
                        " 的端口相同，请更换")});
    }
  }
  return absl::OkStatus();
}

}  // namespace dataip::services
