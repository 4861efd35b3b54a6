#include "client/export/mirror_checkpoint.h"

#include "absl/strings/str_cat.h"
#include "client/export/mirror_folder.h"
#include "core/base/hex.h"
#include "core/base/status_macros.h"
#include "core/crypto/checkpoint.h"

namespace dataip::client {
namespace {

constexpr size_t kNameBytes = 4;

absl::Status NotBelieved(absl::string_view zh, absl::string_view en) {
  return absl::DataLossError(
      absl::StrCat("不是可信的检查点：", zh,
                   " (not a checkpoint that is trusted: ", en, ")"));
}

std::string Shown(const MirrorCheckpoint& checkpoint) {
  return absl::StrCat("size ", checkpoint.size, " root ",
                      base::HexEncode(checkpoint.root.span()));
}

}  // namespace

absl::StatusOr<MirrorCheckpoint> ReadMirrorCheckpoint(
    const std::string& note, const verify::Trust& trust) {
  const crypto::CheckedCheckpoint checked =
      crypto::CheckCheckpoint(note, {trust.origin, trust.ledger_keys,
                                     trust.witness_keys, trust.witness_quorum});
  if (!checked.counts()) return NotBelieved(checked.zh, checked.en);
  return MirrorCheckpoint{checked.checkpoint.size, checked.checkpoint.root,
                          checked.chain_head, note};
}

absl::StatusOr<MirrorCheckpoint> ReadOwnCheckpoint(const std::string& path,
                                                   const std::string& note,
                                                   const verify::Trust& trust) {
  auto own = ReadMirrorCheckpoint(note, trust);
  if (own.ok()) return own;
  return absl::DataLossError(absl::StrCat(
      path,
      "：镜像自己的文件被改动或损坏，或信任文件属于另一账本；请另建镜像 (the "
      "mirror's own file was altered or is damaged, or the trust file is "
      "another ledger's; begin a new mirror): ",
      own.status().message()));
}

std::string EvidencePath(const MirrorCheckpoint& checkpoint) {
  return absl::StrCat(kEvidenceFolder, checkpoint.size, "-",
                      base::HexEncode(checkpoint.root.span().first(kNameBytes)),
                      ".note");
}

absl::Status Forked(
    const std::pair<MirrorCheckpoint, MirrorCheckpoint>& checkpoints,
    const std::pair<std::string, std::string>& paths) {
  return absl::DataLossError(absl::StrCat(
      "账本分叉：它签署了两个不能同时成立的检查点，镜像不再前进。两者已存为证"
      "据，请交给审计方、见证方和其他使用者，在查明之前勿再信任此账本 (the "
      "ledger has forked: it has signed two checkpoints that cannot both be "
      "true, and the mirror does not advance. Both are kept as evidence; give "
      "them to the auditor, the witnesses and other users, and do not trust "
      "this ledger until it is explained): ",
      Shown(checkpoints.first), " ", paths.first, "; ",
      Shown(checkpoints.second), " ", paths.second));
}

absl::Status EntriesDoNotLead(const MirrorCheckpoint& checkpoint,
                              const std::string& dir) {
  return absl::DataLossError(absl::StrCat(
      "账本给出的条目与其签署的检查点不符，镜像不前进；请通知账本运维方后重试 "
      "(the entries that the ledger gave do not lead to the checkpoint that it "
      "signed, the mirror does not advance; tell the ledger's operator, then "
      "try again): ",
      Shown(checkpoint), dir.empty() ? "" : " ", dir));
}

}  // namespace dataip::client
