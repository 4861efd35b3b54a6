#include "client/audit/statements.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "core/crypto/note_signer.h"
#include "core/proof/header.h"
#include "core/proof/note.h"
#include "core/proof/tree.h"
#include "core/registry/canonical.h"
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

void Statements::Broken(const Statement& statement, const std::string& rule,
                        const std::string& zh, const std::string& en) {
  replayer_.RecordBroken({0, rule, absl::StrCat(statement.name, "：", zh),
                          absl::StrCat(statement.name, ": ", en)});
}

void Statements::Undecided(const Statement& statement, const std::string& rule,
                           const std::string& zh, const std::string& en) {
  replayer_.RecordUndecided({0, rule, absl::StrCat(statement.name, "：", zh),
                             absl::StrCat(statement.name, ": ", en)});
}

bool Statements::AddCheckpoint(const Statement& statement,
                               const std::string& note,
                               const std::string& rule) {
  const auto parsed = proof::ParseNote(note);
  if (!parsed.ok()) return false;
  const auto checkpoint = proof::ParseCheckpoint(parsed->text);
  if (!checkpoint.ok()) return false;
  if (checkpoint->origin != trust_.origin) {
    Undecided(statement, rule, "是另一账本的检查点",
              "a checkpoint of another ledger");
    return true;
  }
  const auto verified = crypto::VerifyNote(note, trust_.ledger_keys);
  if (!verified.ok() || !crypto::AllSigned(*verified)) {
    Broken(statement, rule, "检查点的签名不成立",
           "the checkpoint's signatures do not hold");
    return true;
  }
  replayer_.WatchSize(checkpoint->size);
  roots_.push_back({statement.name, rule, checkpoint->size, checkpoint->root});
  return true;
}

bool Statements::AddReceipt(const Statement& statement) {
  using registry::v1::Receipt;
  const auto receipt = registry::ParseCanonical<Receipt>(statement.bytes);
  if (!receipt.ok() || receipt->format() == 0) return false;
  if (receipt->format() > 1) {
    Undecided(statement, rule::kSeenOnLedger, "格式更新，无法判定",
              "a higher format");
    return true;
  }
  if (receipt->origin() != trust_.origin) {
    Undecided(statement, rule::kSeenOnLedger, "是另一账本的回执",
              "a receipt of another ledger");
    return true;
  }
  headers_.push_back({statement.name, receipt->index(), receipt->header()});
  if (receipt->checkpoint().empty()) return true;
  if (!AddCheckpoint(statement, receipt->checkpoint(), rule::kSeenOnLedger)) {
    Broken(statement, rule::kSeenOnLedger, "回执的检查点不规范",
           "the receipt's checkpoint is not one");
    return true;
  }
  const auto path = PathOf(receipt->path());
  const bool included =
      path.has_value() && !roots_.empty() &&
      proof::VerifyInclusion(hash::LeafHash(hash::AsBytes(receipt->header())),
                             receipt->index(), roots_.back().size, *path,
                             roots_.back().root);
  if (!included) {
    Broken(statement, rule::kSeenOnLedger, "回执的包含证明不成立",
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
    Undecided(statement, rule::kSeenOnLedger, "证书包无法判定",
              "the bundle cannot be decided");
    return true;
  }
  if (report->conclusion == verify::Conclusion::kNotGenuine) {
    Broken(statement, rule::kSeenOnLedger, "证书包不真实",
           "the bundle is not genuine");
    return true;
  }
  headers_.push_back(
      {statement.name, report->issue_index, bundle->issue_header()});
  AddCheckpoint(statement, bundle->checkpoint(), rule::kSeenOnLedger);
  return true;
}

void Statements::AddSince(const Statement& since) {
  if (!AddCheckpoint(since, since.bytes, rule::kSinceConsistent)) {
    Broken(since, rule::kSinceConsistent, "不是检查点", "not a checkpoint");
  }
}

void Statements::AddSeen(const Statement& seen) {
  if (AddCheckpoint(seen, seen.bytes, rule::kSeenOnLedger) ||
      AddReceipt(seen) || AddBundle(seen)) {
    return;
  }
  if (IsHigherFormat(seen.bytes)) {
    return Undecided(seen, rule::kSeenOnLedger, "格式更新，无法判定",
                     "a higher format: update this program");
  }
  Broken(seen, rule::kSeenOnLedger, "不是回执、证书包或检查点",
         "not a receipt, bundle or checkpoint");
}

void Statements::TakeHeader(uint64_t index, const std::string& header) {
  for (Header& wanted : headers_) {
    wanted.found |= wanted.index == index && wanted.bytes == header;
  }
}

void Statements::Compare() {
  for (const Root& wanted : roots_) {
    replayer_.CountCheck(wanted.rule);
    if (replayer_.RootAtWatched(wanted.size) == wanted.root) continue;
    Broken({wanted.name, ""}, wanted.rule,
           absl::StrCat("大小 ", wanted.size, " 时的根与此账本不同"),
           absl::StrCat("its root at size ", wanted.size,
                        " is not this ledger's"));
  }
  for (const Header& wanted : headers_) {
    replayer_.CountCheck(rule::kSeenOnLedger);
    if (wanted.found) continue;
    Broken({wanted.name, ""}, rule::kSeenOnLedger,
           absl::StrCat("条目 ", wanted.index, " 不在此账本上"),
           absl::StrCat("its entry ", wanted.index, " is not on this ledger"));
  }
}

}  // namespace dataip::client
