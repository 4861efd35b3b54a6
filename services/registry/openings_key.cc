#include "services/registry/openings_key.h"

#include "absl/strings/str_cat.h"
#include "client/export/regular_file.h"
#include "client/pki/key_file.h"
#include "core/base/hex.h"
#include "core/base/status_macros.h"
#include "core/crypto/random.h"
#include "core/hash/hash.h"
#include "services/common/error.h"

namespace dataip::registryd {

absl::StatusOr<std::string> ReadMasterKey(const std::string& setting,
                                          const std::string& path) {
  ASSIGN_OR_RETURN(std::string text,
                   client::ReadNamedFile(path, client::kSmallFileBytes));
  if (!text.empty() && text.back() == '\n') text.pop_back();
  const auto key = base::HexDecode(std::string_view(text));
  if (!key.has_value() || key->size() != crypto::kMasterKeyBytes) {
    return services::InvalidField(
        setting,
        {absl::StrCat(path,
                      " holds no key of 64 hex digits: put the file back "
                      "with which this store was made"),
         absl::StrCat(path, " 不是 64 位十六进制密钥，请放回原来的密钥文件")});
  }
  return std::string(key->begin(), key->end());
}

absl::StatusOr<std::string> MakeMasterKey(const std::string& path) {
  std::string key = crypto::RandomBytes(crypto::kMasterKeyBytes);
  RETURN_IF_ERROR(client::WriteNewFile(
      path, absl::StrCat(base::HexEncode(hash::AsBytes(key)), "\n"),
      client::Access::kOwnerOnly));
  return key;
}

absl::StatusOr<crypto::RecordSealer> ReadOpeningsKey(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string key, ReadMasterKey("openings_key", path));
  return crypto::RecordSealer::Create(key);
}

absl::StatusOr<crypto::RecordSealer> MakeOpeningsKey(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string key, MakeMasterKey(path));
  return crypto::RecordSealer::Create(key);
}

}  // namespace dataip::registryd
