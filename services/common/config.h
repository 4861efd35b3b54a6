// Settings of a server: a text file of `key = value` lines and flags that
// override it.
//
//   # comment
//   listen = 127.0.0.1:7001
//   writer = registry-1          # a kList key may be repeated
//   writer = registry-2
//
// The same keys are flags with dashes: `--data-dir DIR` or `--data-dir=DIR`;
// a kFlag may stand alone (`--confirm-clock`). A list given by flags replaces
// the file's. Three flags are always known: `--config FILE`, `--check-config`,
// `--help` (`-h`). An unknown key, a key twice (not a list), a value of the
// wrong kind are errors that name the key and the line.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "core/base/limits.h"

namespace dataip::services {

enum class SettingKind {
  kText,
  kPath,    // relative to the folder of the file, or for a flag to the
            // working directory
  kNumber,  // from `least` to `most` of its rule
  kFlag,    // true or false
  kList,
};

struct SettingRule {
  std::string name;  // words joined by _
  SettingKind kind = SettingKind::kText;
  std::string default_value;
  std::string help;
  bool required = false;
  // Of a kNumber.
  uint64_t least = 0;
  uint64_t most = limits::kIndex;
};

// Immutable once loaded. Asking for a name without a rule is a bug and ends
// the process.
class Config {
 public:
  // `arguments` without the program's name. INVALID_ARGUMENT or NOT_FOUND
  // names file, line and key. Required keys are not demanded when help() is.
  static absl::StatusOr<Config> Load(std::span<const SettingRule> rules,
                                     std::span<const std::string> arguments);

  const std::string& Text(std::string_view name) const;  // kText, kPath
  uint64_t Number(std::string_view name) const;
  bool Flag(std::string_view name) const;
  const std::vector<std::string>& List(std::string_view name) const;

  bool check_only() const { return check_only_; }  // --check-config
  bool help() const { return help_; }              // --help

 private:
  struct Value {
    SettingKind kind = SettingKind::kText;
    std::vector<std::string> items;
  };
  struct Reader;
  const Value& At(std::string_view name, SettingKind kind) const;

  std::map<std::string, Value, std::less<>> values_;
  bool check_only_ = false;
  bool help_ = false;
};

// What --help prints: how to call a server; how a file is written, with the
// list; and that list alone, every key with its default and meaning.
std::string Usage(std::string_view program);
std::string SettingsText(std::span<const SettingRule> rules);
std::string SettingsList(std::span<const SettingRule> rules);

}  // namespace dataip::services
