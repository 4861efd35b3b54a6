#include "client/cli/settings.h"

#include <filesystem>
#include <sstream>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/export/regular_file.h"
#include "core/base/status_macros.h"

namespace dataip::client {
namespace {

constexpr char kProfileFlag[] = "--profile";
constexpr char kProfileVariable[] = "DATAIP_PROFILE";

using Values = std::map<std::string, std::vector<std::string>>;

const SettingRow* RowOfProfileKey(absl::string_view key) {
  for (const SettingRow& row : Settings::Rows()) {
    if (row.profile_key == key) return &row;
  }
  return nullptr;
}

absl::Status ProfileError(const std::string& path, size_t line,
                          absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("配置文件有误 (profile) ", path, ":", line, ": ", what));
}

absl::StatusOr<Values> ReadProfile(const std::string& path) {
  const auto text = ReadNamedFile(path, kSmallFileBytes);
  if (!text.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("无法读取配置文件 (cannot read the profile) ",
                     text.status().message()));
  }
  const std::filesystem::path folder =
      std::filesystem::path(path).parent_path();
  Values values;
  size_t number = 0;
  for (const absl::string_view raw : absl::StrSplit(*text, '\n')) {
    ++number;
    const absl::string_view line = absl::StripAsciiWhitespace(raw);
    if (line.empty() || line[0] == '#') continue;
    const size_t equals = line.find('=');
    if (equals == absl::string_view::npos) {
      return ProfileError(path, number, "`key = value` is wanted");
    }
    const auto key = absl::StripAsciiWhitespace(line.substr(0, equals));
    std::string value(absl::StripAsciiWhitespace(line.substr(equals + 1)));
    const SettingRow* row = RowOfProfileKey(key);
    if (row == nullptr) {
      return ProfileError(path, number, absl::StrCat("unknown key ", key));
    }
    if (value.empty()) {
      return ProfileError(path, number, absl::StrCat(key, " has no value"));
    }
    if (row->is_path) value = (folder / value).string();
    std::vector<std::string>& list = values[row->flag];
    if (!list.empty() && !row->repeatable) {
      return ProfileError(path, number, absl::StrCat(key, " stands twice"));
    }
    list.push_back(std::move(value));
  }
  return values;
}

std::string ProfilePath(const ParsedArguments& arguments,
                        const Settings::Environment& environment) {
  const auto flag = arguments.flags.find(kProfileFlag);
  if (flag != arguments.flags.end()) return flag->second.front();
  return environment(kProfileVariable).value_or("");
}

std::vector<std::string> FromEnvironment(const SettingRow& row,
                                         const std::string& value) {
  if (!row.repeatable) return {value};
  return absl::StrSplit(value, ':', absl::SkipEmpty());
}

}  // namespace

std::span<const SettingRow> Settings::Rows() {
  static const auto* const rows = new std::vector<SettingRow>{
      {"--server", "DATAIP_SERVER", "server"},
      {"--ledger", "DATAIP_LEDGER", "ledger"},
      {"--key", "DATAIP_KEY", "key", true, true},
      {"--trust", "DATAIP_TRUST", "trust", true},
      {"--tls-ca", "DATAIP_TLS_CA", "tls_ca", true},
      {"--tls-cert", "DATAIP_TLS_CERT", "tls_cert", true},
      {"--tls-key", "DATAIP_TLS_KEY", "tls_key", true},
      {"--actor", "DATAIP_ACTOR", "actor"},
      {"--state", "DATAIP_STATE", "state", true},
      {"--output", "DATAIP_OUTPUT", "output"},
      {"--timeout", "DATAIP_TIMEOUT", "timeout"},
  };
  return *rows;
}

absl::StatusOr<Settings> Settings::Load(const ParsedArguments& arguments,
                                        const Environment& environment) {
  Settings settings;
  const std::string profile = ProfilePath(arguments, environment);
  if (!profile.empty()) {
    ASSIGN_OR_RETURN(settings.values_, ReadProfile(profile));
  }
  for (const SettingRow& row : Rows()) {
    const std::optional<std::string> value = environment(row.environment);
    if (value.has_value() && !value->empty()) {
      settings.values_[row.flag] = FromEnvironment(row, *value);
    }
    const auto flag = arguments.flags.find(row.flag);
    if (flag != arguments.flags.end()) {
      settings.values_[row.flag] = flag->second;
    }
  }
  return settings;
}

const std::vector<std::string>& Settings::List(absl::string_view flag) const {
  static const auto* const nothing = new std::vector<std::string>();
  const auto found = values_.find(std::string(flag));
  return found == values_.end() ? *nothing : found->second;
}

const std::string& Settings::Text(absl::string_view flag) const {
  static const auto* const nothing = new std::string();
  const std::vector<std::string>& list = List(flag);
  return list.empty() ? *nothing : list.front();
}

}  // namespace dataip::client
