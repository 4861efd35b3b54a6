#include "client/export/mirror_evidence.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace dataip::client {

absl::Status CheckNoEvidence(const MirrorFolder& folder) {
  const std::string evidence =
      std::string(kEvidenceFolder)
          .substr(0, std::string(kEvidenceFolder).size() - 1);
  std::vector<std::string> names = folder.Names(evidence);
  if (names.empty()) return absl::OkStatus();
  std::sort(names.begin(), names.end());
  const std::string dir = absl::StrCat(folder.dir(), "/", evidence);
  std::string paths;
  for (const std::string& name : names) {
    absl::StrAppend(&paths, " ", dir, "/", name);
  }
  return absl::DataLossError(absl::StrCat(
      "镜像存有账本分叉的证据，不再前进。请将下列检查点交给审计方、见证方和其他"
      "使"
      "用者；查明之后，把该目录移到别处保存，镜像即可继续 (the mirror holds "
      "evidence that the ledger has forked, and does not advance. Give these "
      "checkpoints to the auditor, the witnesses and other users; once it is "
      "explained, move their folder elsewhere, keep it, and the mirror goes "
      "on):",
      paths));
}

}  // namespace dataip::client
