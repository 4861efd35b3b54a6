#include "services/common/config.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "core/base/text.h"
#include "services/common/error.h"

namespace dataip::services {
namespace {

// A name that is off by so many characters is taken for a slip.
constexpr size_t kSlips = 2;
constexpr char kCommandLine[] = "command line";
constexpr char kCommandLineChinese[] = "命令行";

absl::Status Wrong(const std::string& where, std::string_view key,
                   const std::string& en, const std::string& zh) {
  return InvalidField(
      std::string(key),
      {absl::StrCat(where, ": ", en),
       absl::StrCat(where == kCommandLine ? kCommandLineChinese : where, "：",
                    zh)});
}

absl::string_view View(std::string_view text) {
  return {text.data(), text.size()};
}

std::string FlagName(std::string_view key) {
  std::string name(key);
  for (char& c : name) {
    if (c == '_') c = '-';
  }
  return name;
}

// Characters to change, add or take away until `one` is `other`.
size_t Distance(std::string_view one, std::string_view other) {
  std::vector<size_t> row(other.size() + 1);
  for (size_t j = 0; j <= other.size(); ++j) row[j] = j;
  for (size_t i = 0; i < one.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i + 1);
    for (size_t j = 0; j < other.size(); ++j) {
      const size_t change = diagonal + (one[i] == other[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({change, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

bool IsWithin(const SettingRule& rule, std::string_view text) {
  uint64_t number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() &&
         number >= rule.least && number <= rule.most;
}

}  // namespace

// Collects values from one source at a time.
struct Config::Reader {
  std::span<const SettingRule> rules;
  std::map<std::string, Value, std::less<>> values;

  const SettingRule* RuleOf(std::string_view key) const {
    for (const SettingRule& rule : rules) {
      if (rule.name == key) return &rule;
    }
    return nullptr;
  }

  // `folder` is what a relative path is relative to, "" for none.
  absl::Status Set(const std::string& where, const std::string& folder,
                   const std::string& key, std::string text) {
    const SettingRule* rule = RuleOf(key);
    if (rule == nullptr) {
      return Unknown(where, key);
    }
    const bool wanted = rule->required || rule->kind == SettingKind::kList;
    if (wanted && text.empty()) {
      return Wrong(where, key, "has no value; give one or remove the line",
                   "没有取值，请填写或删除该行");
    }
    Value& value = values[key];
    value.kind = rule->kind;
    if (rule->kind != SettingKind::kList && !value.items.empty()) {
      return Wrong(where, key, "given twice; keep one", "重复设置，请只留一个");
    }
    if (rule->kind == SettingKind::kNumber && !IsWithin(*rule, text)) {
      return Wrong(where, key,
                   absl::StrCat(text, " is no whole number from ", rule->least,
                                " to ", rule->most),
                   absl::StrCat(text, " 不是 ", rule->least, " 至 ", rule->most,
                                " 之间的整数"));
    }
    if (rule->kind == SettingKind::kFlag && text != "true" && text != "false") {
      return Wrong(where, key, "must be true or false", "只能是 true 或 false");
    }
    if (rule->kind == SettingKind::kPath && !text.empty() && !folder.empty()) {
      text = (std::filesystem::path(folder) / text).lexically_normal();
    }
    value.items.push_back(std::move(text));
    return absl::OkStatus();
  }

  absl::Status Unknown(const std::string& where, const std::string& key) const {
    const SettingRule* nearest = nullptr;
    size_t least = std::min(kSlips, key.size() / 2) + 1;
    for (const SettingRule& rule : rules) {
      const size_t distance = Distance(key, rule.name);
      if (distance >= least) continue;
      least = distance;
      nearest = &rule;
    }
    if (nearest == nullptr) {
      return Wrong(where, key, "unknown setting; see --help",
                   "未知的设置项，请看 --help");
    }
    return Wrong(where, key,
                 absl::StrCat("unknown setting; did you mean ", nearest->name,
                              "? See --help"),
                 absl::StrCat("未知的设置项，是否应为 ", nearest->name,
                              "？请看 --help"));
  }

  absl::Status ReadFile(const std::string& path) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    if (error || size > limits::kConfigBytes) {
      return Wrong(path, "config", "cannot be read as a settings file",
                   "无法作为配置文件读取");
    }
    std::ifstream file(path);
    const absl::Status unreadable =
        Wrong(path, "config",
              "cannot be read; name another file, or let this program's user "
              "read it",
              "无法读取，请指定其他文件，或允许运行本程序的用户读取");
    if (!file.is_open()) return unreadable;
    const std::string folder = std::filesystem::path(path).parent_path();
    std::string line;
    for (int number = 1; std::getline(file, line); ++number) {
      const std::string where = absl::StrCat(path, ":", number);
      const absl::string_view text = base::Trim(line);
      if (text.empty() || text[0] == '#') continue;
      const size_t equals = text.find('=');
      if (equals == absl::string_view::npos) {
        return Wrong(where, std::string(text), "expected `key = value`",
                     "应为 `key = value`");
      }
      const std::string key(base::Trim(text.substr(0, equals)));
      RETURN_IF_ERROR(Set(where, folder, key,
                          std::string(base::Trim(text.substr(equals + 1)))));
    }
    return file.bad() ? unreadable : absl::OkStatus();
  }

  // Takes the flag at arguments[at] and moves `at` behind it.
  absl::Status TakeFlag(std::span<const std::string> arguments, size_t& at) {
    std::string name = arguments[at++];
    if (name.rfind("--", 0) != 0) {
      return Wrong(kCommandLine, name, "expected a --flag", "应为 --flag 形式");
    }
    name.erase(0, 2);
    std::optional<std::string> text;
    if (const size_t equals = name.find('='); equals != std::string::npos) {
      text = name.substr(equals + 1);
      name.resize(equals);
    }
    for (char& c : name) {
      if (c == '-') c = '_';
    }
    const SettingRule* rule = RuleOf(name);
    const bool alone = rule != nullptr && rule->kind == SettingKind::kFlag;
    if (!text.has_value() && alone) text = "true";
    if (!text.has_value() && rule != nullptr) {
      if (at == arguments.size()) {
        return Wrong(kCommandLine, name, "needs a value", "缺少取值");
      }
      text = arguments[at++];
    }
    return Set(kCommandLine, "", name, text.value_or(""));
  }
};

namespace {

// The three flags that every program has, taken out of `arguments`.
struct CommonFlags {
  std::string config_path;
  bool check_only = false;
  bool help = false;
};

absl::StatusOr<CommonFlags> TakeCommonFlags(
    std::vector<std::string>& arguments) {
  CommonFlags flags;
  std::vector<std::string> rest;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument == "--help" || argument == "-h") {
      flags.help = true;
    } else if (argument == "--check-config") {
      flags.check_only = true;
    } else if (argument.rfind("--config=", 0) == 0) {
      flags.config_path = argument.substr(9);
    } else if (argument == "--config") {
      if (++i == arguments.size()) {
        return Wrong(kCommandLine, "config", "needs a value", "缺少取值");
      }
      flags.config_path = arguments[i];
    } else {
      rest.push_back(argument);
    }
  }
  arguments = std::move(rest);
  return flags;
}

}  // namespace

absl::StatusOr<Config> Config::Load(std::span<const SettingRule> rules,
                                    std::span<const std::string> arguments) {
  std::vector<std::string> rest(arguments.begin(), arguments.end());
  ASSIGN_OR_RETURN(const CommonFlags flags, TakeCommonFlags(rest));
  Reader from_file{.rules = rules};
  Reader from_flags{.rules = rules};
  for (size_t at = 0; at < rest.size();) {
    RETURN_IF_ERROR(from_flags.TakeFlag(rest, at));
  }
  if (!flags.config_path.empty()) {
    RETURN_IF_ERROR(from_file.ReadFile(flags.config_path));
  }
  Config config;
  config.check_only_ = flags.check_only;
  config.help_ = flags.help;
  for (const SettingRule& rule : rules) {
    Value value{.kind = rule.kind};
    if (const auto flag = from_flags.values.find(rule.name);
        flag != from_flags.values.end()) {
      value = flag->second;
    } else if (const auto line = from_file.values.find(rule.name);
               line != from_file.values.end()) {
      value = line->second;
    } else if (rule.required && !config.help_) {
      return Wrong(
          flags.config_path.empty() ? kCommandLine : flags.config_path,
          rule.name,
          absl::StrCat("must be set, in the file that --config names or as --",
                       FlagName(rule.name)),
          absl::StrCat("必须设置：写入 --config 指定的配置文件，或用 --",
                       FlagName(rule.name)));
    } else if (rule.kind != SettingKind::kList) {
      value.items.push_back(rule.default_value);
    }
    config.values_[rule.name] = std::move(value);
  }
  return config;
}

const Config::Value& Config::At(std::string_view name, SettingKind kind) const {
  const auto found = values_.find(name);
  DATAIP_ASSERT(found != values_.end());
  const SettingKind have = found->second.kind;
  DATAIP_ASSERT(have == kind ||
                (have == SettingKind::kPath && kind == SettingKind::kText));
  return found->second;
}

const std::string& Config::Text(std::string_view name) const {
  return At(name, SettingKind::kText).items.front();
}

uint64_t Config::Number(std::string_view name) const {
  const std::string& text = At(name, SettingKind::kNumber).items.front();
  uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

bool Config::Flag(std::string_view name) const {
  return At(name, SettingKind::kFlag).items.front() == "true";
}

const std::vector<std::string>& Config::List(std::string_view name) const {
  return At(name, SettingKind::kList).items;
}

std::string Usage(std::string_view program) {
  const absl::string_view name = View(program);
  return absl::StrCat(
      "Usage: ", name, " --config FILE [--check-config] [--KEY VALUE ...]\n",
      "       ", name, " --version | --help\n\n",
      "  --check-config\n"
      "      Only checks settings, addresses, keys, certificates and folders, "
      "as "
      "a\n      start would. Writes nothing; exits with 0 or 2.\n"
      "      只检查设置、地址、密钥、证书与目录，不写入任何内容。\n"
      "  --version\n      The version of the program. 程序版本。\n\n");
}

std::string SettingsText(std::span<const SettingRule> rules) {
  return absl::StrCat(
      "FILE has lines `key = value`; every key is also a flag, written with\n"
      "dashes, that overrides the file. Lists are repeated keys.\n"
      "配置文件每行为 `键 = 值`；每个键也可作命令行选项（下划线写作短横线），"
      "并优先于\n配置文件。列表以重复的键给出。\n\n",
      SettingsList(rules));
}

std::string SettingsList(std::span<const SettingRule> rules) {
  std::string text;
  for (const SettingRule& rule : rules) {
    absl::StrAppend(&text, "  ", rule.name, "\n      ", rule.help);
    if (rule.required) {
      absl::StrAppend(&text, " Required.");
    } else if (!rule.default_value.empty()) {
      absl::StrAppend(&text, " Default: ", rule.default_value, ".");
    }
    text += "\n";
  }
  return text;
}

}  // namespace dataip::services
