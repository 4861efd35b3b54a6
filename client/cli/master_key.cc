#include "client/cli/master_key.h"

#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "client/cli/input_files.h"
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

absl::StatusOr<MasterKey> ReadMasterKeyOf(Invocation& invocation,
                                          MissingKey when_missing) {
  const std::string path = MasterKeyPath(invocation);
  std::error_code error;
  const bool missing = !std::filesystem::exists(path, error);
  if (missing && when_missing == MissingKey::kPretend) {
    MasterKey key;
    crypto::FillRandom(key);
    return key;
  }
  if (missing && when_missing == MissingKey::kRefuse) {
    return absl::NotFoundError(absl::StrCat(
        "找不到主密钥 ", path,
        ";请用 --master-key 指明导入时所用的 master.key(在导入时的 --state "
        "目录中) no master key there; name the one of the import with "
        "--master-key (it lies in the --state folder of that import)"));
  }
  absl::StatusOr<MasterKey> key =
      ReadMasterKey(path, when_missing == MissingKey::kMake);
  if (!key.ok()) return AsLocalFault(key.status());
  if (missing) {
    invocation.Say(absl::StrCat(
        "已生成主密钥,请妥善保管:没有它就再也不能证明任何一条记录 new master "
        "key, keep it: without it no record can ever be proved: ",
        path));
  }
  return key;
}

}  // namespace dataip::client
