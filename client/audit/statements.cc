#include "client/audit/statements.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/crypto/checkpoint.h"
#include "core/proof/header.h"
#include "core/proof/tree.h"
#include "core/registry/values/canonical.h"
#include "core/verify/check.h"
#include "core/verify/rules.h"
#include "dataip/bundle/v1/bundle.pb.h"
#include "dataip/registry/v1/transition.pb.h"

namespace dataip::client {
namespace {

namespace rule = verify::rule;

std::optional<proof::Path> PathOf(
    const google::protobuf::RepeatedPtrField<std::string>& hashes) {
  proof::Path path;
  for (const std::string& bytes : hashes) {
    const auto hash = hash::Hash::From(hash::AsBytes(bytes));
    if (!hash.has_value()) return std::nullopt;
    path.push_back(*hash);
  }
  return path;
}

// `format` is field 1, a varint, of receipts and bundles alike.
bool IsHigherFormat(const std::string& bytes) {
  constexpr char kFormatTag = 0x08;
  return bytes.size() > 2 && bytes[0] == kFormatTag &&
         static_cast<unsigned char>(bytes[1]) > 1;
}

}  // namespace

Statements::Statements(const verify::Trust& trust, verify::Replayer& replayer)
    : trust_(trust), replayer_(replayer) {}

void Statements::Broken(const std::string& name, const std::string& rule,
                        const std::string& zh, const std::string& en) {
  replayer_.RecordBroken(
      {0, rule, absl::StrCat(name, "：", zh), absl::StrCat(name, ": ", en)});
}

void Statements::CannotUse(const std::string& name, const std::string& rule,
                           const std::string& zh, const std::string& en) {
  doubts_.push_back(
      {rule, absl::StrCat(name, "：此凭据无法使用：", zh),
       absl::StrCat(name, ": this statement cannot be used: ", en)});
}

void Statements::IsNewer(const std::string& name, const std::string& rule) {
  doubts_.push_back(
      {rule, absl::StrCat(name, "：晚于本次导出，请重新导出后再核对"),
       absl::StrCat(name, ": newer than this export; export again")});
}

bool Statements::AddCheckpoint(const Statement& statement,
                               const std::string& note,
                               const std::string& rule) {
  // Signed by the ledger's keys it accuses, witnessed or not.
  const crypto::CheckedCheckpoint checked =
      crypto::CheckCheckpoint(note, {trust_.origin, trust_.ledger_keys});
  if (checked.fault == crypto::CheckpointFault::kForm) return false;
  const proof::Checkpoint& checkpoint = checked.checkpoint;
  if (checkpoint.origin != trust_.origin) {
    CannotUse(statement.name, rule, "是另一账本的检查点",
              "a checkpoint of another ledger");
    return true;
  }
  if (!checked.counts()) {
    CannotUse(statement.name, rule, "检查点的签名不成立",
              "the checkpoint's signatures do not hold");
    return true;
  }
  replayer_.WatchSize(checkpoint.size);
  roots_.push_back({statement.name, rule, checkpoint.size, checkpoint.root});
  return true;
}

bool Statements::AddReceipt(const Statement& statement) {
  using registry::v1::Receipt;
  const auto receipt = registry::ParseCanonical<Receipt>(statement.bytes);
  if (!receipt.ok() || receipt->format() == 0) return false;
  const std::string& name = statement.name;
  if (receipt->format() > 1) {
    CannotUse(name, rule::kSeenOnLedger, "格式更新，请升级本程序",
              "a higher format: update this program");
    return true;
  }
  if (receipt->origin() != trust_.origin) {
    CannotUse(name, rule::kSeenOnLedger, "是另一账本的回执",
              "a receipt of another ledger");
    return true;
  }
  Header header{name, receipt->index(), receipt->header()};
  if (receipt->checkpoint().empty()) {
    headers_.push_back(std::move(header));
    return true;
  }
  const size_t roots_before = roots_.size();
  if (!AddCheckpoint(statement, receipt->checkpoint(), rule::kSeenOnLedger)) {
    CannotUse(name, rule::kSeenOnLedger, "回执的检查点不规范",
              "the receipt's checkpoint is not one");
  }
  if (roots_.size() == roots_before) return true;
  const auto path = PathOf(receipt->path());
  header.proved =
      path.has_value() &&
      proof::VerifyInclusion(hash::LeafHash(hash::AsBytes(receipt->header())),
                             receipt->index(), roots_.back().size, *path,
                             roots_.back().root);
  if (header.proved) {
    headers_.push_back(std::move(header));
  } else {
    CannotUse(name, rule::kSeenOnLedger, "回执的包含证明不成立",
              "the receipt's inclusion proof does not hold");
  }
  return true;
}

bool Statements::AddBundle(const Statement& statement) {
  const auto bundle =
      registry::ParseCanonical<bundle::v1::Bundle>(statement.bytes);
  if (!bundle.ok() || bundle->format() == 0) return false;
  const auto report = verify::Check(hash::AsBytes(statement.bytes), trust_, {});
  if (!report.ok() || report->conclusion == verify::Conclusion::kCannotDecide) {
    CannotUse(statement.name, rule::kSeenOnLedger, "证书包无法判定",
              "the bundle cannot be decided");
    return true;
  }
  if (report->conclusion == verify::Conclusion::kNotGenuine) {
    CannotUse(statement.name, rule::kSeenOnLedger, "证书包不真实",
              "the bundle is not genuine");
  } else {
    headers_.push_back({statement.name, report->issue_index,
                        bundle->issue_header(), /*proved=*/true});
  }
  // Signed by the ledger's keys, it counts whatever stands beside it.
  AddCheckpoint(statement, bundle->checkpoint(), rule::kSeenOnLedger);
  return true;
}

void Statements::AddSince(const Statement& since) {
  if (!AddCheckpoint(since, since.bytes, rule::kSinceConsistent)) {
    CannotUse(since.name, rule::kSinceConsistent, "不是检查点",
              "not a checkpoint");
  }
}

void Statements::AddSeen(const Statement& seen) {
  if (AddCheckpoint(seen, seen.bytes, rule::kSeenOnLedger) ||
      AddReceipt(seen) || AddBundle(seen)) {
    return;
  }
  if (IsHigherFormat(seen.bytes)) {
    CannotUse(seen.name, rule::kSeenOnLedger, "格式更新，请升级本程序",
              "a higher format: update this program");
  } else {
    CannotUse(seen.name, rule::kSeenOnLedger, "不是回执、证书包或检查点",
              "not a receipt, bundle or checkpoint");
  }
}

void Statements::TakeHeaders(uint64_t first, const verify::Batch& batch) {
  entries_ = first + batch.size();
  for (Header& wanted : headers_) {
    if (wanted.index < first || wanted.index >= entries_) continue;
    const Bytes header = batch.header(wanted.index - first);
    wanted.found |= std::equal(header.begin(), header.end(),
                               hash::AsBytes(wanted.bytes).begin(),
                               hash::AsBytes(wanted.bytes).end());
  }
}

void Statements::Compare() {
  for (const Root& wanted : roots_) {
    if (wanted.size > entries_) {
      IsNewer(wanted.name, wanted.rule);
      continue;
    }
    replayer_.CountCheck(wanted.rule);
    // Every ledger extends the empty tree.
    const auto root = wanted.size == 0 ? std::optional(proof::Frontier().Root())
                                       : replayer_.RootAtWatched(wanted.size);
    if (root == wanted.root) continue;
    Broken(wanted.name, wanted.rule,
           absl::StrCat("大小 ", wanted.size, " 时的根与此账本不同"),
           absl::StrCat("its root at size ", wanted.size,
                        " is not this ledger's"));
  }
  for (const Header& wanted : headers_) {
    if (wanted.index >= entries_) {
      IsNewer(wanted.name, rule::kSeenOnLedger);
      continue;
    }
    replayer_.CountCheck(rule::kSeenOnLedger);
    if (wanted.found) continue;
    const std::string zh = absl::StrCat("条目 ", wanted.index, " 不在此账本上");
    const std::string en =
        absl::StrCat("its entry ", wanted.index, " is not on this ledger");
    if (wanted.proved) {
      Broken(wanted.name, rule::kSeenOnLedger, zh, en);
    } else {
      CannotUse(wanted.name, rule::kSeenOnLedger,
                absl::StrCat(zh, "，且没有账本签名为证"),
                absl::StrCat(en, ", and no signature of the ledger says it"));
    }
  }
}

void Statements::Report() {
  if (doubts_.empty()) return;
  verify::Finding finding{0, doubts_.front().rule, "", ""};
  std::set<std::string> said;
  for (const Doubt& doubt : doubts_) {
    if (!said.insert(doubt.en).second) continue;
    const absl::string_view zh_separator = said.size() > 1 ? "；" : "";
    const absl::string_view separator = said.size() > 1 ? "; " : "";
    absl::StrAppend(&finding.message_zh, zh_separator, doubt.zh);
    absl::StrAppend(&finding.message_en, separator, doubt.en);
  }
  replayer_.RecordUndecided(std::move(finding));
}

}  // namespace dataip::client
