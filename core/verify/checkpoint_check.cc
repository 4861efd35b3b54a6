#include "core/verify/checkpoint_check.h"

#include <utility>
#include <vector>

#include "core/crypto/note_signer.h"
#include "core/proof/note.h"
#include "core/proof/seal.h"
#include "core/verify/rules.h"

namespace dataip::verify {
namespace {

using Flawed = std::optional<TransitionFlaw>;

Flawed Broken(const char* rule, std::string zh, std::string en) {
  return TransitionFlaw{{rule, std::move(zh), std::move(en)}, false};
}

// Whether every ledger key and enough witnesses signed.
Flawed CheckSignatures(const crypto::VerifiedNote& verified, const Trust& trust,
                       const CountRule& count) {
  size_t witnesses = 0;
  bool all_ledger_keys = true;
  for (size_t i = 0; i < verified.signed_by.size(); ++i) {
    if (i < trust.ledger_keys.size()) {
      all_ledger_keys &= verified.signed_by[i];
    } else if (verified.signed_by[i]) {
      ++witnesses;
    }
  }
  if (!all_ledger_keys) {
    return Broken(rule::kCheckpointSignatures, "检查点缺少账本密钥的签名",
                  "a ledger key has not signed the checkpoint");
  }
  count(rule::kCheckpointWitnesses);
  if (witnesses < trust.witness_quorum) {
    return Broken(rule::kCheckpointWitnesses, "见证人签名不足",
                  "too few witnesses have signed the checkpoint");
  }
  return std::nullopt;
}

Flawed CheckEnd(const proof::Checkpoint& checkpoint,
                const std::optional<hash::Hash>& chain_head,
                const ComputedEnd& end, const CountRule& count) {
  count(rule::kCheckpointSize);
  if (checkpoint.size != end.size) {
    return Broken(rule::kCheckpointSize, "检查点的大小与条目数不符",
                  "the checkpoint's size is not the number of entries");
  }
  count(rule::kCheckpointRoot);
  if (checkpoint.root != end.root) {
    return Broken(rule::kCheckpointRoot, "检查点的根与重算不符",
                  "the checkpoint's root is not the one computed again");
  }
  count(rule::kCheckpointChainHead);
  if (chain_head != end.chain_head) {
    return Broken(rule::kCheckpointChainHead, "检查点的链头与重算不符",
                  "the checkpoint's chain head is not the one computed again");
  }
  if (end.last_type.empty()) return std::nullopt;
  count(rule::kCheckpointLastLeaf);
  if (end.last_type != proof::kSealType) {
    return Broken(rule::kCheckpointLastLeaf, "检查点的最后一条不是封印",
                  "the checkpoint's last leaf is not a seal");
  }
  return std::nullopt;
}

}  // namespace

std::optional<TransitionFlaw> CheckNote(absl::string_view note,
                                        const Trust& trust,
                                        const ComputedEnd& end,
                                        const CountRule& count) {
  std::vector<crypto::NoteVerifier> keys = trust.ledger_keys;
  keys.insert(keys.end(), trust.witness_keys.begin(), trust.witness_keys.end());
  count(rule::kCheckpointForm);
  const auto verified = crypto::VerifyNote(note, keys);
  if (!verified.ok() && absl::IsInvalidArgument(verified.status())) {
    return Broken(rule::kCheckpointForm, "检查点不是签名文本",
                  std::string(verified.status().message()));
  }
  count(rule::kCheckpointSignatures);
  if (!verified.ok()) {
    return Broken(rule::kCheckpointSignatures, "检查点的签名不成立",
                  std::string(verified.status().message()));
  }
  if (Flawed flaw = CheckSignatures(*verified, trust, count)) return flaw;
  const auto checkpoint = proof::ParseCheckpoint(verified->text);
  if (!checkpoint.ok()) {
    return Broken(rule::kCheckpointForm,
                  proof::DescribeChinese(checkpoint.flaw),
                  proof::Describe(checkpoint.flaw));
  }
  count(rule::kCheckpointOrigin);
  if (checkpoint->origin != trust.origin) {
    return TransitionFlaw{
        {rule::kCheckpointOrigin, "是另一账本，信任文件未列",
         "another ledger, which the trust file does not name"},
        true};
  }
  return CheckEnd(*checkpoint, verified->chain_head, end, count);
}

}  // namespace dataip::verify
