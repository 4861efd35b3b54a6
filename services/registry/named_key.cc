#include "services/registry/named_key.h"

#include "absl/strings/str_cat.h"
#include "core/registry/state/signing.h"
#include "services/common/error.h"

namespace dataip::registryd {

absl::Status CheckNamedKey(const ::dataip::registry::v1::PublicKey& named,
                           const crypto::PrivateKey& key,
                           const KeySetting& setting) {
  const std::string wanted = registry::KeyIdOfMessage(named);
  const std::string have = key.KeyId();
  if (wanted == have) return absl::OkStatus();
  return services::InvalidField(
      setting.name,
      {absl::StrCat(setting.path, " holds the key ", have,
                    ", this registry was opened with ", wanted,
                    "; name the file with that key (`dataip keys show FILE`), "
                    "or the right ledger"),
       absl::StrCat(setting.path, " 中的密钥是 ", have,
                    "，而本登记簿开立时所用的是 ", wanted,
                    "；请指定存有该密钥的文件（dataip keys show FILE），或"
                    "改用正确的账本")});
}

}  // namespace dataip::registryd
