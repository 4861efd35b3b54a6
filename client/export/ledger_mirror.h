// A verified copy of a ledger that goes on: the tree of files of an export
// (formats.md 6) without a manifest, always whole for whoever serves it.
//
// Order of an advance from one checkpoint to the next: entries are hashed and
// their files staged; the tree that results must have the new checkpoint's
// root, grown from the edge that the mirror holds, so that the new tree
// contains the old one whatever the ledger says; then files are served, tiles
// and bundles first, `checkpoint` last. What is served is never rewritten but
// for payloads that an order on the ledger erases.
//
// Full bundles that were staged when a run ended early need not come again: the
// next one hashes them and goes on behind them.
//
// Begun under a name that may not read payloads, it lacks them, knows how many,
// and takes them in later (mirror_withheld.h). With evidence of a fork in it
// (mirror_evidence.h) it does not advance.
//
// What stays and goes: a full file stays for ever. Partial hash tiles and
// entry bundles stay until their file is full and one advance has passed;
// partial payload bundles of the last two checkpoints stay.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/export/ledger_export.h"
#include "client/export/mirror_withheld.h"
#include "core/hash/hash.h"
#include "core/verify/trust.h"

namespace dataip::client {

// Files only: no gRPC, the caller brings checkpoints and entries. One thread.
// After an error Open it anew.
class LedgerMirror {
 public:
  // Takes the mirror up, or begins one in a new folder. Fails as
  // MirrorFolder::Open does; DATA_LOSS when what it holds does not lead to
  // its own checkpoint, that is not signed by the keys of `trust`, or it holds
  // evidence of a fork.
  // `trust` outlives it.
  static absl::StatusOr<std::unique_ptr<LedgerMirror>> Open(
      const std::string& dir, const verify::Trust& trust);
  ~LedgerMirror();

  // Of the checkpoint that is served; 0 and "" for a new mirror.
  uint64_t size() const;
  const std::string& note() const;

  // How many of the payloads of size() were withheld from whom it ran as.
  uint64_t withheld() const;
  // Between advances: asks for them, as mirror_withheld.h says; whether any
  // came. After that, Open it anew.
  absl::StatusOr<bool> FillIn(const FetchEntries& fetch);

  enum class Comparison {
    kSame,    // nothing to do
    kBehind,  // smaller, and of this very tree
    kAhead,   // Add the entries from size() on, then Commit
  };
  // Takes a checkpoint that the ledger shows. DATA_LOSS when its keys have
  // not signed it, or when it contradicts the mirror's: then both are kept as
  // evidence, and the message says where and what to do with them.
  absl::StatusOr<Comparison> Begin(absl::string_view note);

  // Of the checkpoint that was begun.
  uint64_t target_size() const;

  // Entries in order from size() on. DATA_LOSS when one does not continue the
  // chain, or a payload is not the header's.
  absl::Status Add(const ExportedEntry& entry);

  // How many entries there are with those added, by an earlier run too.
  uint64_t added() const;
  // A payload that was added had been erased by an order at this size - 1 or
  // before; until a checkpoint of at least this size is begun, the mirror
  // would hold an erasure without its order.
  uint64_t needed_size() const;

  using ConsistencyProof =
      std::function<absl::StatusOr<std::vector<hash::Hash>>(uint64_t old_size,
                                                            uint64_t new_size)>;
  // Why Add refused an entry with `broken`: a fork (DATA_LOSS, both kept as
  // evidence) when the ledger's proof says that its checkpoint is not
  // consistent with the mirror's; else, without a proof too, `broken`.
  absl::Status Explain(const absl::Status& broken,
                       const ConsistencyProof& consistency) const;

  // Takes the checkpoint and what was added in. DATA_LOSS, and nothing
  // changes, when they do not lead to its root; both checkpoints are kept as
  // evidence then. `consistency` asks the ledger for its own proof, old size
  // first: for the message only, it is never believed.
  absl::Status Commit(const ConsistencyProof& consistency);

 private:
  struct Mirroring;
  explicit LedgerMirror(std::unique_ptr<Mirroring> mirroring);
  std::unique_ptr<Mirroring> mirroring_;
};

}  // namespace dataip::client
