// What orders on the ledger say in place of the entries that they name
// (formats 6), as far as they were read.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "absl/status/status.h"
#include "dataip/ledger/v1/ledger.pb.h"
#include "services/registry/ledger_entry.h"

namespace dataip::registryd {

// An order for the ledger to carry out.
using ErasureToDo = ledger::v1::ErasePayloadRequest;

// A value, as large as the substitutes of all orders. Not thread safe.
class Erasures {
 public:
  // Takes the orders in a transition of the ledger; whether it named an entry
  // that was not known to be named.
  bool Learn(uint64_t order_index, const v1::Transition& transition);
  // The same of an entry that orders; DATA_LOSS when it does not parse or
  // holds no order.
  absl::Status LearnEntry(const ledger::v1::Entry& order);

  // What stands in for the entry; null when no order names it.
  const Decided* Find(uint64_t index) const;
  // The order that names it, which must have been learnt.
  const ErasureToDo& OrderFor(uint64_t index) const;

 private:
  struct Named {
    uint64_t order_index = 0;
    Decided substitute;
  };

  std::map<uint64_t, Named> named_;         // by the entry that is named
  std::map<uint64_t, ErasureToDo> orders_;  // by their own entry
};

}  // namespace dataip::registryd
