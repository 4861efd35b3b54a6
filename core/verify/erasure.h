// Orders to erase payloads, as a replay needs them: read before the entries
// that they name (formats 6; registry/redaction.h).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "core/registry/redaction.h"
#include "core/registry/state.h"
#include "core/verify/prepared.h"
#include "core/verify/replay.h"
#include "core/verify/transition_check.h"

namespace dataip::verify {

// What an order says of one entry.
struct ErasureOrder {
  uint64_t order_index = 0;  // of the order's own entry
  v1::ErasedEntry entry;
  // INVALID_ARGUMENT: the order has no substitute that could stand in.
  absl::StatusOr<registry::Substitute> substitute;
};

// Whether a transition orders payloads erased.
bool OrdersErasure(const v1::Transition& transition);

// All orders of a ledger. Reading believes nothing: the replay checks the
// order's own entry when it comes to it.
class ErasureOrders {
 public:
  // Takes the orders out of an entry; any entry, in any order.
  void Read(const ReplayEntry& entry);
  // As if an entry of this index ordered it.
  void Add(uint64_t order_index, const v1::ErasePayload& order);

  // The first order that names the entry; null when none does.
  const ErasureOrder* Find(uint64_t index) const;
  bool empty() const { return orders_.empty(); }

  // Keys that substitutes enrol: their commands' bodies are gone.
  void CollectKeysInto(KeyRing& ring) const;

 private:
  std::map<uint64_t, ErasureOrder> orders_;  // by the entry that is named
};

// Whether the order fits the entry that it names: digests and header, and the
// payload where it still stands. The finding is on the order's entry.
std::optional<Finding> CheckOrdered(const Prepared& entry,
                                    const ErasureOrder& order);

// Checks what can be checked of an erased transition: time of decision and
// certificate signatures, by the issuing keys in force; then folds the
// substitute. The finding is on the order's entry.
std::optional<Finding> TakeSubstitute(const proof::EntryHeader& header,
                                      const ErasureOrder& order,
                                      registry::State& state);

// Whether the orders were read before this one came by, and it names earlier
// entries only.
std::optional<TransitionFlaw> CheckOrderEntry(const Prepared& order,
                                              bool orders_read);

}  // namespace dataip::verify
