// Replays a whole ledger: recomputes hashes, chain, tree, map and seals, and
// decides every command again (architecture.md, "The idea in five
// sentences" 4). Files, threads and clocks are the caller's.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/hash/hash.h"
#include "core/verify/trust.h"
#include "core/verify/value_totals.h"

namespace dataip::verify {

class ErasureOrders;

class Batch;
struct EntryView;

// An entry as an export or a ledger gives it.
struct ReplayEntry {
  enum class Payload { kPresent, kErased, kNotForThisReader };

  std::string header;
  std::string payload;
  Payload status = Payload::kPresent;

  EntryView view() const;  // lives no longer than this
};

// The same in bytes that someone else owns.
struct EntryView {
  Bytes header;
  Bytes payload;
  ReplayEntry::Payload status = ReplayEntry::Payload::kPresent;
};

inline EntryView ReplayEntry::view() const {
  return {hash::AsBytes(header), hash::AsBytes(payload), status};
}

// A rule that was found broken, or could not be checked.
struct Finding {
  uint64_t index = 0;  // of the entry; the size for a finding on the whole
  std::string rule;    // stable name, see AllRules; or a rule of Decide
  std::string message_zh;
  std::string message_en;
};

// An entry that an order on the ledger names.
struct ErasedByOrder {
  uint64_t index = 0;
  uint64_t order_index = 0;
  // The payload is still here; else it was not decided again.
  bool standing = false;
};

struct ReplayReport {
  // The first broken entry, in order of index; nothing after it was decided.
  std::optional<Finding> broken;
  // The first entry that could not be decided.
  std::optional<Finding> undecided;
  // How often each rule was checked; every name of AllRules is there.
  std::map<std::string, uint64_t> checks;
  std::vector<std::string> never_exercised;  // ascending
  std::vector<ErasedByOrder> erased;         // ascending by index
  // There are orders or erased payloads, and ReplayOptions::orders was not
  // set: read the orders and replay again.
  bool orders_unread = false;
  uint64_t size = 0;
  uint64_t transitions = 0;
  uint64_t seals = 0;
  uint64_t certificates = 0;
  uint64_t signatures = 0;
  bool demonstration = false;
  hash::Hash root;
  hash::Hash chain_head;
  hash::Hash map_root;
  int64_t last_time_ms = 0;
  // `certificates/<number>`, `parties/<number>`, `total`; true at
  // `size - 1`.
  std::map<std::string, RealisedTotal> realised;

  // 0 clean, 20 broken, 22 could not be decided.
  int ExitCode() const;
};

// Calls work(0..count-1), from any threads, and returns when all are done.
using ParallelFor =
    std::function<void(size_t count, const std::function<void(size_t)>& work)>;

struct ReplayOptions {
  // Payload digests, chain and tree only.
  bool hashes_only = false;
  // Absent: one after the other.
  ParallelFor parallel_for;
  // All orders to erase of this ledger; outlives the Replayer. Without them a
  // ledger that has one, or an erased payload, cannot be decided. An entry that
  // an order names is decided again if its payload is still here, and either
  // way it is the order's substitute that is folded into state, so that what
  // follows is the same before and after the order is carried out. An order
  // is read before it is judged, so Finish finds an erased payload broken
  // (payload.erased) when the replay has not judged its order lawful at the
  // order's own index; with hashes only it is root's signature that counts.
  const ErasureOrders* orders = nullptr;
};

// Every rule that a replay counts, ascending: its own and one for each command
// (`decide.<command>`), which stands for all rules of Decide for that command
// (registry::DecideRuleNames).
std::vector<std::string> AllRules();

// Fed all entries from 0 in order, in batches of any size. Not thread safe.
class Replayer {
 public:
  // `trust` outlives the Replayer.
  Replayer(const Trust& trust, ReplayOptions options);
  ~Replayer();
  Replayer(const Replayer&) = delete;
  Replayer& operator=(const Replayer&) = delete;

  // Goes on past a broken entry with hashes only, so that the tree's root is
  // known whatever the entries say.
  void Feed(std::span<const ReplayEntry> batch);

  // The same in steps (core/verify/batch.h). Each of the two is called for all
  // batches in order, on one thread at a time; but they may run at the same
  // time, and the first may be batches ahead. With hashes only there are no
  // signatures to list.
  void ListSignatures(Batch& batch);
  void Take(Batch& batch);
  // False when no later command will be decided: its signatures need not be
  // looked at. From the thread that takes.
  bool deciding() const;

  // A root that an earlier or other statement gave: remembered when the tree
  // has this size, see SeenRoot. Call before feeding.
  void WatchSize(uint64_t size);
  // The root at a watched size that was reached; else nothing.
  std::optional<hash::Hash> RootAtWatched(uint64_t size) const;

  // Checks the signed note against what was fed: signatures, origin, size,
  // root, chain head, last leaf. Call after the last batch, once.
  void CheckCheckpoint(absl::string_view note);

  // Records a finding of the caller's own (a file that is missing).
  void RecordBroken(Finding finding);
  void RecordUndecided(Finding finding);
  // Counts a check of the caller's own rule, which must be one of AllRules.
  void CountCheck(const std::string& rule, uint64_t times = 1);

  ReplayReport Finish() const;

 private:
  struct Progress;
  std::unique_ptr<Progress> progress_;
};

}  // namespace dataip::verify
