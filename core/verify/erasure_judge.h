// Whether the orders that a replay has used are the ledger's. They are read
// before they are judged, so each must have been judged when the replay ends.
#pragma once

#include <cstdint>
#include <set>

#include "core/verify/erasure.h"
#include "core/verify/prepared.h"
#include "core/verify/replay.h"
#include "core/verify/trust.h"

namespace dataip::verify {

// Of one replay. Not thread safe.
class ErasureJudge {
 public:
  // Both outlive it.
  ErasureJudge(const ReplayOptions& options, const Trust& trust)
      : options_(options), trust_(trust) {}

  // A transition at `index` that passed every check.
  void Believe(const v1::Transition& transition, uint64_t index);
  // An entry whose place and payload hold, when there is no state to decide
  // with: what it orders is believed if root has signed it.
  void ReadOrder(const Prepared& entry);

  // Adds to the report of a replay of `size` entries the first erased payload
  // whose order was not found lawful at its own index; cannot decide where
  // root's key does not stand on the ledger. Nothing to a report that has a
  // finding: what comes after it was not judged.
  void Judge(uint64_t size, ReplayReport& report) const;

 private:
  void Believe(const v1::ErasePayload& order, uint64_t index);

  const ReplayOptions& options_;
  const Trust& trust_;
  std::set<uint64_t> lawful_;  // entries that were lawfully ordered erased
};

}  // namespace dataip::verify
