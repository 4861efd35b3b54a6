// What orders on the ledger say in place of the entries that they name
// (formats 6), as far as they were read.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "absl/status/status.h"
#include "dataip/ledger/v1/ledger.pb.h"
#include "services/registry/ledger_entry.h"

namespace dataip::registryd {

// An order for the ledger to carry out.
using ErasureToDo = ledger::v1::ErasePayloadRequest;

// An order stands later than what it names, so that who reads from the start
// has to ask for it before the chain comes to it. What was learnt ahead is the
// ledger's word only: every entry of the chain is shown to Confirm, and nothing
// may rest on what was read while Ahead() names one. A value, as large as the
// substitutes of all orders. Not thread safe.
class Erasures {
 public:
  // Takes the orders in a transition of the ledger; whether it named an
  // earlier entry that was not known to be named by it or a former one. The
  // first order that names an entry counts.
  bool Learn(uint64_t order_index, const v1::Transition& transition);
  // The order by which `erased` is said to have been erased. DATA_LOSS when
  // it does not stand later, is no transition with its payload, or does not
  // name it.
  absl::Status LearnAhead(const ledger::v1::Entry& erased,
                          const ledger::v1::Entry& order);

  // An entry of the chain. DATA_LOSS when another one was learnt ahead as the
  // order of that index.
  absl::Status Confirm(const SeenEntry& entry);
  // Index of an order that was learnt ahead and not confirmed.
  std::optional<uint64_t> Ahead() const;

  // What stands in for the entry; null when no order names it.
  const OrderedSubstitute* Find(uint64_t index) const;
  // Index of the order that names it, which must have been learnt.
  uint64_t OrderOf(uint64_t index) const;
  // That order.
  const ErasureToDo& OrderAt(uint64_t order_index) const;

 private:
  struct Named {
    uint64_t order_index = 0;
    OrderedSubstitute substitute;
  };

  std::map<uint64_t, Named> named_;         // by the entry that is named
  std::map<uint64_t, ErasureToDo> orders_;  // by their own entry
  std::map<uint64_t, Hash> ahead_;          // leaf hash by their own entry
};

}  // namespace dataip::registryd
