#include "core/crypto/checkpoint.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"

namespace dataip::crypto {
namespace {

struct Fault {
  CheckpointFault fault;
  std::string zh;
  std::string en;
};

std::optional<Fault> CheckLedgerKeys(const proof::SignedNote& note,
                                     const CheckpointTrust& trust,
                                     hash::Hash& chain_head) {
  const auto verified = VerifyNote(note, trust.ledger_keys);
  if (!verified.ok()) {
    return Fault{CheckpointFault::kSignatures, "账本签名不成立",
                 std::string(verified.status().message())};
  }
  if (!AllSigned(*verified) || !verified->chain_head.has_value()) {
    return Fault{CheckpointFault::kSignatures, "缺少账本某一密钥的签名",
                 "one of the ledger's keys has not signed it"};
  }
  chain_head = *verified->chain_head;
  return std::nullopt;
}

std::optional<Fault> CheckWitnesses(const proof::SignedNote& note,
                                    const CheckpointTrust& trust) {
  const auto verified = VerifyNote(note, trust.witness_keys);
  if (!verified.ok()) {
    return Fault{CheckpointFault::kSignatures, "见证签名不成立",
                 std::string(verified.status().message())};
  }
  const auto witnesses = static_cast<uint64_t>(
      std::count(verified->signed_by.begin(), verified->signed_by.end(), true));
  if (witnesses >= trust.quorum) return std::nullopt;
  return Fault{CheckpointFault::kWitnesses,
               absl::StrCat("只有 ", witnesses, " 个见证签名，须有 ",
                            trust.quorum, " 个"),
               absl::StrCat("too few witnesses have signed it: ", witnesses,
                            " of ", trust.quorum)};
}

std::optional<Fault> CheckOrigin(const proof::Checkpoint& checkpoint,
                                 const CheckpointTrust& trust) {
  if (absl::string_view(checkpoint.origin) == trust.origin) {
    return std::nullopt;
  }
  return Fault{CheckpointFault::kOrigin,
               absl::StrCat("属于另一账本 ", checkpoint.origin),
               absl::StrCat("it is of another ledger, ", checkpoint.origin)};
}

}  // namespace

CheckedCheckpoint CheckCheckpoint(absl::string_view note,
                                  const CheckpointTrust& trust) {
  CheckedCheckpoint checked;
  const auto parsed =
      proof::ParseNote(std::string_view(note.data(), note.size()));
  auto checkpoint = parsed.ok() ? proof::ParseCheckpoint(parsed->text)
                                : proof::Parsed<proof::Checkpoint>(parsed.flaw);
  if (!checkpoint.ok()) {
    checked.fault = CheckpointFault::kForm;
    checked.zh = proof::DescribeChinese(checkpoint.flaw);
    checked.en = proof::Describe(checkpoint.flaw);
    return checked;
  }
  checked.checkpoint = *std::move(checkpoint);
  auto fault = CheckLedgerKeys(*parsed, trust, checked.chain_head);
  if (!fault.has_value()) fault = CheckWitnesses(*parsed, trust);
  if (!fault.has_value()) fault = CheckOrigin(checked.checkpoint, trust);
  if (!fault.has_value()) return checked;
  checked.fault = fault->fault;
  checked.zh = std::move(fault->zh);
  checked.en = std::move(fault->en);
  return checked;
}

}  // namespace dataip::crypto
