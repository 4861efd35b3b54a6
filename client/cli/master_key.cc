#include "client/cli/master_key.h"

#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "client/cli/input_files.h"
#include "client/local_fault.h"
#include "core/base/status_macros.h"
#include "core/crypto/random.h"

namespace dataip::client {

namespace {

namespace fs = std::filesystem;

// As the first checkpoint makes the state folder; for its owner only.
absl::Status MakeFolderOf(const std::string& path) {
  const fs::path folder = fs::path(path).parent_path();
  std::error_code error;
  if (folder.empty() || fs::exists(folder, error)) return absl::OkStatus();
  if (fs::create_directories(folder, error)) {
    fs::permissions(folder, fs::perms::owner_all, error);
  }
  if (!error) return absl::OkStatus();
  return LocalFault(
      absl::StrCat("无法创建目录 ", folder.string(),
                   "；请检查权限与磁盘空间，或用 --state 另指一个目录"),
      absl::StrCat("cannot create the folder ", folder.string(), " (",
                   error.message(),
                   "): check permissions and disk space, or name another with "
                   "--state"));
}

}  // namespace

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
        "；请用 --master-key 指明导入时所用的 master.key（在导入时的 --state "
        "目录中） no master key there; name the one of the import with "
        "--master-key (it lies in the --state folder of that import)"));
  }
  if (missing) RETURN_IF_ERROR(MakeFolderOf(path));
  absl::StatusOr<MasterKey> key =
      ReadMasterKey(path, when_missing == MissingKey::kMake);
  if (!key.ok()) return AsLocalFault(key.status());
  if (missing) {
    invocation.Say(absl::StrCat(
        "已生成主密钥，请妥善保管：没有它就再也不能证明任何一条记录 new master "
        "key, keep it: without it no record can ever be proved: ",
        path));
  }
  return key;
}

}  // namespace dataip::client
