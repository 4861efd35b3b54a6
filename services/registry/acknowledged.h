// The acknowledged state: what the entries that are durable on the ledger
// have made. Reads, projections and answers come from here only
// (architecture.md, "Deciding").
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "core/base/mutex.h"
#include "core/proof/header.h"
#include "core/registry/state/state.h"
#include "services/registry/erasures.h"
#include "services/registry/ledger_entry.h"
#include "services/registry/projection.h"
#include "services/registry/store.h"

namespace dataip::registryd {

// Thread safe; written by one thread at a time.
class Acknowledged {
 public:
  // Both outlive it. The store's and the projection's marks are what the
  // replay has to meet.
  Acknowledged(Projection& projection, Store& store);

  // The next entry read from the ledger, at `read_from`. Errors of
  // LedgerTail::Take, and WRONG_LEDGER when the ledger has another entry where
  // the store or the projection have their mark.
  absl::StatusOr<SeenEntry> Take(const ledger::v1::Entry& entry);

  // Index of the next entry to read. Behind the tail while everything is read
  // again, since an order to erase has put something else in the place of an
  // entry that was taken: what is read then makes a second state, which takes
  // the first one's place when it is as far. Take is WRONG_LEDGER then unless
  // it ends with the same entry.
  uint64_t read_from() const;
  // Whether everything is to be read again; Take begins with entry 0 then.
  bool BeginAgainIfNeeded();
  bool reading_again() const;

  // An erased entry's order, when it lies ahead of what was read. DATA_LOSS
  // when the entry is none. Take is DATA_LOSS when it comes to another entry
  // at the order's index; until it has come there, the projection and the
  // store take nothing, and the order is not handed over.
  bool KnowsErasure(uint64_t index) const;
  absl::Status LearnOrder(const ledger::v1::Entry& erased,
                          const ledger::v1::Entry& order);
  bool AwaitsOrder() const;
  // What an entry of a transition says, or, when it was erased, what stands in
  // for it. DATA_LOSS when it has no payload and no order names it.
  absl::StatusOr<Decided> DecidedAt(const ledger::v1::Entry& entry) const;
  // What stands in for an entry that an order names.
  std::optional<OrderedSubstitute> SubstituteFor(uint64_t index) const;

  // When the ledger's tail was read: DATA_LOSS when it ended before an order
  // that was learnt ahead, WRONG_LEDGER when a second reading ended before the
  // first one did.
  absl::Status CheckAllRead() const;
  // When there is nothing to read again: removes from the projection what
  // orders have put something else in place of, and hands over the orders.
  absl::Status EndReading();

  // Sees every order with payloads that still stand, perhaps more than once.
  // Called under the lock: hand it over. Must be set before the first entry.
  using OrderSink = std::function<void(const ErasureToDo& order)>;
  void SetOrderSink(OrderSink sink);

  // Our own entries, whose headers came back acknowledged.
  struct Own {
    SeenEntry seen;
    proof::EntryHeader header;
  };
  void TakeOwn(std::vector<Own> entries);

  // WRONG_LEDGER when the ledger ended before the marks: it has lost entries
  // or is another one.
  absl::Status CheckMarksReached() const;

  // Must be set before the first entry is taken.
  void SetOrigin(const std::string& origin);

  // Sees every decided entry that Take takes, until it is set to nothing.
  using Observer = std::function<void(const Decided& decided)>;
  void SetObserver(Observer observer);

  // Called under the lock, each time that the projection has grown, with the
  // index after its last entry.
  using GrowthListener = std::function<void(uint64_t end)>;
  void SetGrowthListener(GrowthListener listener);

  // The same with each entry, once openings that it orders erased are.
  using EntrySink = std::function<void(const SeenEntry& entry)>;
  void SetEntrySink(EntrySink sink);

  LedgerTail tail() const;
  // Waits until every entry below `size` was taken; false when `patience` is
  // over before.
  bool AwaitSize(uint64_t size, std::chrono::milliseconds patience) const;
  registry::State Copy() const;

  // Calls `read(const registry::State&)` while neither state nor projection
  // changes; what it answers must not refer into the state. Keep it short.
  template <typename Read>
  auto With(const Read& read) const {
    base::MutexLock lock(mutex_);
    return read(std::as_const(state_));
  }
  // The same with the index of the last entry, 0 when there is none.
  template <typename Read>
  auto WithIndex(const Read& read) const {
    base::MutexLock lock(mutex_);
    const auto& last = tail_.last();
    return read(std::as_const(state_), last.has_value() ? last->index : 0);
  }

  const Projection& projection() const { return projection_; }

 private:
  absl::Status CheckMark(const SeenEntry& entry) const;
  absl::StatusOr<SeenEntry> TakeAgain(const ledger::v1::Entry& entry)
      DATAIP_REQUIRES(mutex_);
  void NoteOrders(const SeenEntry& entry) DATAIP_REQUIRES(mutex_);
  void RememberOnceSure(const SeenEntry& entry) DATAIP_REQUIRES(mutex_);
  void Remember(std::span<const SeenEntry> entries) DATAIP_REQUIRES(mutex_);

  Projection& projection_;
  Store& store_;
  std::vector<LedgerMark> marks_;  // of the start
  uint64_t remembered_ = 0;        // entries behind the store's mark
  mutable base::Mutex mutex_;
  mutable base::CondVar grown_;
  registry::State state_ DATAIP_GUARDED_BY(mutex_);
  LedgerTail tail_ DATAIP_GUARDED_BY(mutex_);
  Observer observer_ DATAIP_GUARDED_BY(mutex_);
  GrowthListener growth_listener_ DATAIP_GUARDED_BY(mutex_);
  EntrySink entry_sink_ DATAIP_GUARDED_BY(mutex_);

  // A state that is made a second time.
  struct Again {
    registry::State state;
    LedgerTail tail;
  };
  Erasures erasures_ DATAIP_GUARDED_BY(mutex_);
  OrderSink order_sink_ DATAIP_GUARDED_BY(mutex_);
  bool again_needed_ DATAIP_GUARDED_BY(mutex_) = false;
  std::optional<Again> again_ DATAIP_GUARDED_BY(mutex_);
  // Whether projection and store wait for what is read again.
  bool unsure_ DATAIP_GUARDED_BY(mutex_) = false;
  // Orders with payloads that stand, by their index; to be handed over.
  std::set<uint64_t> standing_ DATAIP_GUARDED_BY(mutex_);
  // Substituted entries that the projection may hold as they were.
  std::vector<SeenEntry> substituted_ DATAIP_GUARDED_BY(mutex_);
};

}  // namespace dataip::registryd
