#include "client/receipt.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/proof/header.h"
#include "core/proof/note.h"
#include "core/proof/tree.h"
#include "dataip/registry/v1/transition.pb.h"

namespace dataip::client {
namespace {

absl::StatusOr<proof::Checkpoint> Verified(absl::string_view note,
                                           const TrustedLedger& ledger) {
  ASSIGN_OR_RETURN(const crypto::VerifiedNote verified,
                   crypto::VerifyNote(note, ledger.keys));
  if (!crypto::AllSigned(verified)) {
    return absl::DataLossError(
        "检查点缺少账本签名 (a ledger key has not signed the checkpoint)");
  }
  const auto checkpoint = proof::ParseCheckpoint(verified.text);
  if (!checkpoint.ok()) {
    return absl::DataLossError(absl::StrCat("检查点不成形 (checkpoint): ",
                                            proof::Describe(checkpoint.flaw)));
  }
  if (checkpoint->origin != ledger.origin) {
    return absl::DataLossError(
        absl::StrCat("检查点属于另一账本 (a checkpoint of another ledger): ",
                     checkpoint->origin));
  }
  return *checkpoint;
}

absl::Status WrongReceipt(absl::string_view what) {
  return absl::DataLossError(
      absl::StrCat("回执不成立，请保存并报告 (the receipt does not hold, keep "
                   "and report it): ",
                   what));
}

}  // namespace

absl::Status CheckCheckpoint(absl::string_view note,
                             const TrustedLedger& ledger) {
  return Verified(note, ledger).status();
}

absl::Status CheckReceipt(const registry::v1::Receipt& receipt,
                          const TrustedLedger& ledger) {
  if (receipt.origin() != ledger.origin) return WrongReceipt("origin");
  const Bytes header = hash::AsBytes(receipt.header());
  const auto parsed = proof::DecodeHeader(header);
  if (!parsed.ok() || parsed->index != receipt.index()) {
    return WrongReceipt("its header is not that of its index");
  }
  if (receipt.checkpoint().empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const proof::Checkpoint checkpoint,
                   Verified(receipt.checkpoint(), ledger));
  std::vector<hash::Hash> path;
  for (const std::string& node : receipt.path()) {
    const auto hash = hash::Hash::From(hash::AsBytes(node));
    if (!hash.has_value()) return WrongReceipt("a node is not 32 bytes");
    path.push_back(*hash);
  }
  if (!proof::VerifyInclusion(hash::LeafHash(header), receipt.index(),
                              checkpoint.size, path, checkpoint.root)) {
    return WrongReceipt("inclusion");
  }
  return absl::OkStatus();
}

}  // namespace dataip::client
