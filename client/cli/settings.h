// Settings of `dataip` that a flag, the environment or a profile file can
// give, in this order of precedence.
//
//   setting   flag         environment         profile key
//   server    --server     DATAIP_SERVER       server
//   ...       one row each, see Settings::Rows()
//
// A profile is a text file of `key = value` lines, `#` begins a comment; it is
// named by --profile or DATAIP_PROFILE. `key` may be repeated there; in the
// environment its files are separated by ':'. Paths in a profile are relative
// to the profile's folder.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/cli/arguments.h"

namespace dataip::client {

struct SettingRow {
  std::string flag;         // "--tls-ca"
  std::string environment;  // "DATAIP_TLS_CA"
  std::string profile_key;  // "tls_ca"
  bool is_path = false;
  bool repeatable = false;
};

// Immutable once loaded.
class Settings {
 public:
  // Looks up an environment variable; nothing when it is not set.
  using Environment =
      std::function<std::optional<std::string>(const std::string&)>;

  static std::span<const SettingRow> Rows();

  // INVALID_ARGUMENT names the profile's line and key: unknown, twice, or
  // without a value. An empty environment variable counts as not set.
  static absl::StatusOr<Settings> Load(const ParsedArguments& arguments,
                                       const Environment& environment);

  // By flag name; empty when nobody gave it.
  const std::vector<std::string>& List(absl::string_view flag) const;
  // The only value of one that is not repeatable; "" when nobody gave it.
  const std::string& Text(absl::string_view flag) const;

 private:
  std::map<std::string, std::vector<std::string>> values_;
};

}  // namespace dataip::client
