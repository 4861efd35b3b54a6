// Entries of the ledger as the registry takes them in: checked, parsed, ready
// to be folded into state.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/hash/hash.h"
#include "core/proof/header.h"
#include "core/registry/state/header_of.h"
#include "dataip/registry/v1/command.pb.h"
#include "dataip/registry/v1/transition.pb.h"
#include "services/registry/changes.h"
#include "services/registry/history.h"
#include "services/registry/store.h"

namespace dataip::ledger::v1 {
class Entry;
}  // namespace dataip::ledger::v1

namespace dataip::registryd {

// A decided command with what was decided.
struct Decided {
  v1::Transition transition;
  v1::Command command;
  Hash command_sha256;
};

// What an order to erase says in the place of an entry that it names.
struct OrderedSubstitute {
  // Of the payload that it stands in for, as the order has them.
  std::string payload_sha256;
  std::string payload_sm3;
  Decided decided;
  registry::EntryParts parts;  // of its events
};

// One entry. Without `decided` it is one of the ledger's own (a seal).
struct SeenEntry {
  LedgerMark mark;
  std::string header;  // encoded
  std::string stream;
  std::optional<Decided> decided;
  // `decided` is what an order to erase put in its place, and whether the
  // payload still stands nevertheless.
  bool substituted = false;
  bool standing = false;
  // Set when it is folded: what it changed, and whose history it goes into.
  std::vector<ChangedLine> changes;
  std::vector<HistoryLine> history;
  // Set with them: whose keys signed the command, ascending. Nobody's of a
  // substitute, which has no signatures.
  std::vector<std::string> signers;
};

// Commitments whose openings the entry orders erased.
std::vector<Hash> OrderedErased(const SeenEntry& entry);

// Parses the payload of a Transition. DATA_LOSS when it is not canonical.
absl::StatusOr<Decided> ParseTransition(const std::string& payload);

// A transition by itself, before its place in the chain is known: its header
// decodes and has the entry's index, its payload has both digests and is
// canonical. DATA_LOSS otherwise, and the errors of LedgerTail::Take.
absl::StatusOr<SeenEntry> SeeTransition(const ledger::v1::Entry& entry);

// How far the ledger was read: what the next entry must follow. A value.
class LedgerTail {
 public:
  // Index of the next entry that was not seen.
  uint64_t next_index() const { return next_index_; }
  // The last entry, and the last one that is not the ledger's own.
  const std::optional<LedgerMark>& last() const { return last_; }
  const std::optional<LedgerMark>& last_transition() const {
    return last_transition_;
  }

  // Checks that `entry` is the next one: its header decodes, its chain link
  // holds where the header before is known, its payload has both digests and
  // is canonical, the tables that it loads can be read. Advances. DATA_LOSS
  // otherwise; PERMISSION_DENIED when the ledger does not give us payloads;
  // WRONG_LEDGER for a type or a decider that this program does not know.
  // `substitute` is what an order to erase says in the entry's place, null when
  // none names it; without one an erased payload is DATA_LOSS, and so is one
  // that does not fit the entry's header.
  absl::StatusOr<SeenEntry> Take(const ledger::v1::Entry& entry,
                                 const OrderedSubstitute* substitute = nullptr);

  // For a ledger that is read a second time. WRONG_LEDGER when it is as far as
  // the first time and ends with another entry; the chain does the rest.
  absl::Status CheckFollows(const LedgerTail& first) const;
  // WRONG_LEDGER when it is less far.
  absl::Status CheckReached(const LedgerTail& first) const;

  // Advances over an entry of ours whose header came back with the
  // acknowledgement; entries of the ledger's own may lie before it.
  // `header` is the decoded form of `entry.header`.
  void Advance(const SeenEntry& entry, const proof::EntryHeader& header);

 private:
  uint64_t next_index_ = 0;
  std::optional<LedgerMark> last_;
  std::optional<LedgerMark> last_transition_;
  Hash next_prev_;
};

}  // namespace dataip::registryd
