// `dataip bundle unpack`.
#include "absl/strings/str_cat.h"
#include "client/cli/commands.h"
#include "client/cli/input_files.h"
#include "client/export/bundle_unpack.h"
#include "core/base/status_macros.h"

namespace dataip::client {
namespace {

absl::StatusOr<int> RunUnpack(Invocation& invocation) {
  ASSIGN_OR_RETURN(const std::string bundle,
                   ReadBundleFile(invocation.words()[0]));
  const verify::Trust* trust = nullptr;
  if (invocation.HasTrust()) {
    ASSIGN_OR_RETURN(trust, invocation.Trust());
  }
  const std::string& dir = invocation.words()[1];
  RETURN_IF_ERROR(UnpackBundle(hash::AsBytes(bundle), trust, dir));
  if (trust == nullptr) {
    invocation.Say(
        "未给出 --trust，check.sh 无法判定真伪（退出码 22）；请加 --trust "
        "TRUST.json 重新展开 (without --trust its check.sh cannot decide, exit "
        "code 22: unpack again with --trust TRUST.json)");
  }
  invocation.Say(absl::StrCat("已展开，可运行 (unpacked, now run): sh ", dir,
                              "/check.sh"));
  return kExitOk;
}

}  // namespace

std::vector<CommandSpec> BundleCommands() {
  return {{.group = "bundle",
           .name = "unpack",
           .words = "FILE DIR",
           .word_count = {2, 2},
           .summary = "展开凭证包 Writes every byte string of a bundle as a "
                      "file, with a check.sh for stock tools",
           .examples = {"dataip bundle unpack a.bundle a/ --trust trust.json "
                        "&& sh a/check.sh"},
           .run = RunUnpack}};
}

}  // namespace dataip::client
