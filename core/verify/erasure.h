// Orders to erase payloads, as a replay needs them: read before the entries
// that they name (formats 6; registry/redaction.h).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "core/registry/erasure/redaction.h"
#include "core/registry/state/state.h"
#include "core/verify/prepared.h"
#include "core/verify/replay.h"
#include "core/verify/transition_check.h"

namespace dataip::verify {

inline constexpr char kOrderStream[] = "registry";

// What an order says of one entry.
struct ErasureOrder {
  uint64_t order_index = 0;  // of the order's own entry
  v1::ErasedEntry entry;
  // INVALID_ARGUMENT: the order has no substitute that could stand in.
  absl::StatusOr<registry::Substitute> substitute;
  bool rehearsed = false;  // stands on no ledger
};

// Whether a transition orders payloads erased.
bool OrdersErasure(const v1::Transition& transition);

// The root key of this id, if the payload is a transition that opens a
// registry under it. An id is the hash of its key: it needs no other proof.
std::optional<crypto::PublicKey> RootKeyIn(Bytes payload,
                                           const std::string& key_id);

struct OrderToRead {
  const std::string& origin;
  const crypto::PublicKey& root;
  const proof::EntryHeader& header;
  Bytes payload;
};

// The order, as far as it can be judged without the state: canonical, signed
// by root and nobody else, the one event as signed, the header that of the
// event, and naming at most kErasuresPerOrder entries, all of them earlier.
// Nothing for anything else.
std::optional<v1::ErasePayload> OrderOfRoot(const OrderToRead& entry);

// All orders of a ledger. Reading believes nothing: the replay checks the
// order's own entry when it comes to it.
class ErasureOrders {
 public:
  // Takes the orders out of an entry; any entry, in any order.
  void Read(const ReplayEntry& entry);
  // As if an entry behind all others ordered it.
  void AddRehearsed(const v1::ErasePayload& order);

  // The first order that names the entry; null when none does.
  const ErasureOrder* Find(uint64_t index) const;
  // Whether this is what was read: `index` orders just this of the entry.
  bool Holds(uint64_t index, const v1::ErasedEntry& entry) const;
  // The key of this id, if the entries that were read open a registry under it.
  const crypto::PublicKey* RootKey(const std::string& key_id) const;

  // Keys that substitutes enrol: their commands' bodies are gone.
  void CollectKeysInto(KeyRing& ring) const;

 private:
  void Add(ErasureOrder order);

  std::map<uint64_t, ErasureOrder> orders_;  // by the entry that is named
  KeyRing root_keys_;
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
