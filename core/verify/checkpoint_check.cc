#include "core/verify/checkpoint_check.h"

#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/crypto/checkpoint.h"
#include "core/proof/note.h"
#include "core/proof/seal.h"
#include "core/verify/rules.h"

namespace dataip::verify {
namespace {

using Flawed = std::optional<TransitionFlaw>;

Flawed Broken(const char* rule, std::string zh, std::string en) {
  return TransitionFlaw{{rule, std::move(zh), std::move(en)}, false};
}

// Each rule that was looked at, up to the one that is broken.
Flawed CheckCounts(const crypto::CheckedCheckpoint& checked,
                   const CountRule& count) {
  using Fault = crypto::CheckpointFault;
  constexpr std::array<std::pair<Fault, const char*>, 4> kRules = {{
      {Fault::kForm, rule::kCheckpointForm},
      {Fault::kSignatures, rule::kCheckpointSignatures},
      {Fault::kWitnesses, rule::kCheckpointWitnesses},
      {Fault::kOrigin, rule::kCheckpointOrigin},
  }};
  for (const auto& [fault, name] : kRules) {
    count(name);
    if (checked.fault != fault) continue;
    return TransitionFlaw{
        {name, absl::StrCat("检查点无效：", checked.zh),
         absl::StrCat("the checkpoint does not count: ", checked.en)},
        fault == Fault::kOrigin};
  }
  return std::nullopt;
}

Flawed CheckEnd(const proof::Checkpoint& checkpoint,
                const hash::Hash& chain_head, const ComputedEnd& end,
                const CountRule& count) {
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
  const crypto::CheckedCheckpoint checked =
      crypto::CheckCheckpoint(note, {trust.origin, trust.ledger_keys,
                                     trust.witness_keys, trust.witness_quorum});
  if (Flawed flaw = CheckCounts(checked, count)) return flaw;
  return CheckEnd(checked.checkpoint, checked.chain_head, end, count);
}

}  // namespace dataip::verify
