#include "services/registry/ledger_entry.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/proof/chain.h"
#include "core/registry/state/context.h"
#include "core/registry/tables/loaded_table.h"
#include "core/registry/values/canonical.h"
#include "dataip/ledger/v1/ledger.pb.h"
#include "services/common/error.h"

namespace dataip::registryd {
namespace {

absl::Status Broken(uint64_t index, const char* what_en, const char* what_zh) {
  return services::MakeStatus(
      rpc::v1::DATA_LOSS,
      {absl::StrCat("entry ", index, " of the ledger ", what_en),
       absl::StrCat("账本第 ", index, " 条记录", what_zh)});
}

absl::Status NoPayload(uint64_t index, ledger::v1::PayloadStatus status) {
  if (status == ledger::v1::NOT_FOR_THIS_READER) {
    return services::MakeStatus(
        rpc::v1::NOT_FOR_THIS_READER,
        {"the ledger gives this registry no payloads: name it as a reader in "
         "the ledger's settings",
         "账本不向本登记系统提供内容：请在账本配置中将其列为读者"});
  }
  return Broken(index,
                "has no payload, and no order to erase it is known; the state "
                "cannot be rebuilt",
                "没有内容，也不知何令删除，无法重建状态");
}

absl::Status AnotherThanRead(uint64_t index) {
  return services::MakeStatus(
      rpc::v1::WRONG_LEDGER,
      {absl::StrCat("entry ", index,
                    " of the ledger is not there any more as it was read "
                    "before: this is another ledger, or it has lost entries"),
       absl::StrCat("账本第 ", index,
                    " 条与先前读到的不同：这是另一账本，或账本丢失了记录")});
}

absl::Status UnknownType(const proof::EntryHeader& header) {
  return services::MakeStatus(
      rpc::v1::WRONG_LEDGER,
      {absl::StrCat("entry ", header.index, " has the type ", header.type,
                    ", which this program does not know: use a newer one"),
       absl::StrCat("第 ", header.index, " 条记录的类型 ", header.type,
                    " 本程序不认识，请使用更新的版本")});
}

// What another program has decided cannot be carried on by this one: it would
// make another state of it, in silence.
absl::Status CheckDecider(uint64_t index, const Decided& decided) {
  const uint32_t decider = decided.transition.context().decider();
  if (registry::KnowsDecider(decider)) return absl::OkStatus();
  return services::MakeStatus(
      rpc::v1::WRONG_LEDGER,
      {absl::StrCat("entry ", index, " of the ledger was decided by decider ",
                    decider, ", which this program (decider ",
                    registry::kDecider,
                    ") does not know: use a version of dataip-registryd that "
                    "knows it; nothing was changed"),
       absl::StrCat("账本第 ", index, " 条按第 ", decider,
                    " 版决定规则作出，本程序（第 ", registry::kDecider,
                    " 版）不认识：请使用认识它的 dataip-registryd 版本；"
                    "未作任何更改")});
}

// Decide refuses a table that cannot be read, and the state would go on without
// it in silence: who wrote this entry read it otherwise.
absl::Status CheckTables(uint64_t index, const Decided& decided) {
  for (const v1::Event& event : decided.transition.events()) {
    if (!event.has_table_loaded()) continue;
    const v1::TableLoaded& loaded = event.table_loaded();
    const auto parsed =
        registry::ParsedTable::Parse(loaded.name(), loaded.content());
    if (parsed.ok()) continue;
    const std::string why(parsed.status().message());
    return services::MakeStatus(
        rpc::v1::DATA_LOSS,
        {absl::StrCat("entry ", index, " of the ledger loads the table ",
                      loaded.name(), ", which cannot be read: ", why,
                      "; nothing was changed"),
         absl::StrCat("账本第 ", index, " 条载入的表 ", loaded.name(),
                      " 无法读取：", why, "；未作任何更改")});
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<Hash> OrderedErased(const SeenEntry& entry) {
  std::vector<Hash> digests;
  if (!entry.decided.has_value()) return digests;
  for (const v1::Event& event : entry.decided->transition.events()) {
    for (const std::string& digest :
         event.openings_erased().order().commitments()) {
      const auto hash = Hash::From(hash::AsBytes(digest));
      if (hash.has_value()) digests.push_back(*hash);
    }
  }
  return digests;
}

absl::StatusOr<Decided> ParseTransition(const std::string& payload) {
  Decided decided;
  auto transition = registry::ParseCanonical<v1::Transition>(payload);
  if (!transition.ok()) {
    return absl::DataLossError(absl::StrCat("payload of a transition: ",
                                            transition.status().message()));
  }
  decided.transition = *std::move(transition);
  const std::string& bytes = decided.transition.command().command();
  auto command = registry::ParseCanonical<v1::Command>(bytes);
  if (!command.ok()) {
    return absl::DataLossError(
        absl::StrCat("command of a transition: ", command.status().message()));
  }
  decided.command = *std::move(command);
  decided.command_sha256 = hash::Sha256(hash::AsBytes(bytes));
  return decided;
}

namespace {

bool Fits(const OrderedSubstitute& substitute,
          const proof::EntryHeader& header) {
  return substitute.payload_sha256 == header.payload_sha256.text() &&
         substitute.payload_sm3 == header.payload_sm3.text() &&
         substitute.parts ==
             registry::EntryParts{header.type, header.stream, header.updates};
}

// The transition of an entry, or what stands in for it.
absl::Status TakePayload(const ledger::v1::Entry& entry,
                         const proof::EntryHeader& header,
                         const OrderedSubstitute* substitute, SeenEntry& seen) {
  const bool present = entry.payload_status() == ledger::v1::PRESENT;
  const bool erased = entry.payload_status() == ledger::v1::ERASED;
  if (!present && !(erased && substitute != nullptr)) {
    return NoPayload(header.index, entry.payload_status());
  }
  if (present &&
      !proof::PayloadMatches(header, hash::AsBytes(entry.payload()))) {
    return Broken(header.index, "has a payload with other digests",
                  "的内容与摘要不符");
  }
  if (substitute != nullptr) {
    if (!Fits(*substitute, header)) {
      return Broken(header.index,
                    "is named by an order to erase that does not fit its "
                    "header",
                    "为一道删除命令所列，而命令与其记录头不符");
    }
    seen.decided = substitute->decided;
    seen.substituted = true;
    seen.standing = present;
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(seen.decided, ParseTransition(entry.payload()));
  return absl::OkStatus();
}

SeenEntry SeenWithout(const ledger::v1::Entry& entry,
                      const proof::EntryHeader& header) {
  SeenEntry seen;
  seen.mark = {header.index, hash::LeafHash(hash::AsBytes(entry.header()))};
  seen.header = entry.header();
  seen.stream = header.stream;
  return seen;
}

}  // namespace

absl::StatusOr<SeenEntry> SeeTransition(const ledger::v1::Entry& entry) {
  const auto header = proof::DecodeHeader(hash::AsBytes(entry.header()));
  if (!header.ok() || header->index != entry.index() ||
      header->type != proof::kTransitionType) {
    return Broken(entry.index(), "has not the header of a transition",
                  "的记录头不是登记条目的记录头");
  }
  SeenEntry seen = SeenWithout(entry, *header);
  RETURN_IF_ERROR(TakePayload(entry, *header, nullptr, seen));
  return seen;
}

absl::Status LedgerTail::CheckFollows(const LedgerTail& first) const {
  if (next_index_ != first.next_index_ || last_ == first.last_) {
    return absl::OkStatus();
  }
  return AnotherThanRead(next_index_ - 1);
}

absl::Status LedgerTail::CheckReached(const LedgerTail& first) const {
  if (next_index_ >= first.next_index_) return absl::OkStatus();
  return AnotherThanRead(next_index_);
}

absl::StatusOr<SeenEntry> LedgerTail::Take(
    const ledger::v1::Entry& entry, const OrderedSubstitute* substitute) {
  const auto header = proof::DecodeHeader(hash::AsBytes(entry.header()));
  if (!header.ok()) {
    return Broken(next_index_, "has a header that does not decode",
                  "的记录头无法解析");
  }
  if (entry.index() != next_index_ || header->index != next_index_) {
    return Broken(next_index_, "came out of order", "次序不对");
  }
  if (last_.has_value() && last_->index + 1 == next_index_ &&
      header->prev != next_prev_) {
    return Broken(next_index_,
                  "does not follow the entry before: is this "
                  "the same ledger?",
                  "与前一条记录不相连：是同一个账本吗？");
  }
  SeenEntry seen = SeenWithout(entry, *header);
  if (header->type == proof::kTransitionType) {
    RETURN_IF_ERROR(TakePayload(entry, *header, substitute, seen));
    RETURN_IF_ERROR(CheckDecider(header->index, *seen.decided));
    RETURN_IF_ERROR(CheckTables(header->index, *seen.decided));
  } else if (header->type.compare(0, proof::kLedgerTypePrefix.size(),
                                  proof::kLedgerTypePrefix) != 0) {
    return UnknownType(*header);
  }
  Advance(seen, *header);
  return seen;
}

void LedgerTail::Advance(const SeenEntry& entry,
                         const proof::EntryHeader& header) {
  DATAIP_ASSERT(header.index >= next_index_);
  last_ = entry.mark;
  if (entry.decided.has_value()) last_transition_ = entry.mark;
  next_index_ = header.index + 1;
  next_prev_ = proof::NextPrev(hash::AsBytes(entry.header));
}

}  // namespace dataip::registryd
