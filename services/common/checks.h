// What a start would trip over, looked at before it begins; so
// --check-config finds it too. All refusals are INVALID_FIELD, name the
// setting, and say in both languages what to do.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/crypto/key.h"
#include "core/crypto/signer.h"
#include "services/common/config.h"
#include "services/common/error.h"

namespace dataip::services {

// Both languages of one line: "中文。 English" or "English / 中文". What is in
// one language stands for both.
ErrorText SplitText(absl::string_view message);

// Whether the message begins with this path and a colon of either language.
bool IsAboutFile(const absl::Status& status, const std::string& path);

// `status`, not OK, as the fault of this setting.
absl::Status AboutSetting(const std::string& setting,
                          const absl::Status& status);
// The same of the one of these kPath settings with whose path the message
// begins; of the first when there is none.
absl::Status AboutSettings(const Config& config,
                           std::span<const char* const> settings,
                           const absl::Status& status);

// The private key in the file that the setting names.
absl::StatusOr<crypto::PrivateKey> ReadKey(const Config& config,
                                           const std::string& setting);
// Of this algorithm only.
absl::StatusOr<crypto::PrivateKey> ReadKey(const Config& config,
                                           const std::string& setting,
                                           crypto::Algorithm algorithm);

// That files can be made in this folder, or, as long as there is none, that it
// can be made. Tries it, and leaves nothing behind.
absl::Status CheckFolder(const std::string& setting, const std::string& path);

// That this file can be replaced: its folder is there and takes files, and it
// is a regular file or none. "" is fine.
absl::Status CheckFile(const std::string& setting, const std::string& path);

// That the folder is neither the other one nor within it.
absl::Status CheckApart(const std::string& setting, const std::string& path,
                        const std::string& other_setting,
                        const std::string& other);

// That the folder is not another server's: none of these names stands in it.
absl::Status CheckOwnFolder(const std::string& setting, const std::string& path,
                            std::span<const char* const> foreign);

// HOST:PORT, or "" when it is off.
struct AddressSetting {
  std::string setting;
  std::string address;
};
// That no two of them ask for one port. Port 0 is any free one.
absl::Status CheckPortsDiffer(std::span<const AddressSetting> settings);

}  // namespace dataip::services
