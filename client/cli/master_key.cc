#include "client/cli/master_key.h"

#include "absl/strings/str_cat.h"
#include "core/crypto/random.h"

namespace dataip::client {

FlagRule MasterKeyFlag() {
  return {.name = "--master-key",
          .value = "FILE",
          .help = "secret of the record salts; default master.key in --state"};
}

std::string MasterKeyPath(const Invocation& invocation) {
  const std::string given = invocation.Text("--master-key");
  if (!given.empty()) return given;
  return absl::StrCat(invocation.settings().Text("--state"), "/master.key");
}

absl::StatusOr<MasterKey> ReadMasterKeyOf(const Invocation& invocation,
                                          MissingKey when_missing) {
  absl::StatusOr<MasterKey> key = ReadMasterKey(
      MasterKeyPath(invocation), when_missing == MissingKey::kMake);
  if (absl::IsNotFound(key.status()) && when_missing == MissingKey::kPretend) {
    key.emplace();
    crypto::FillRandom(*key);
  }
  return key;
}

}  // namespace dataip::client
