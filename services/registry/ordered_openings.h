// Orders to erase openings: what Decide, which reads no opening, cannot ask.
#pragma once

#include "absl/status/status.h"
#include "services/registry/acknowledged.h"
#include "services/registry/store.h"
#include "services/registry/submission.h"

namespace dataip::registryd {

// OK for another command, and for one that root did not sign, which Decide
// refuses: nothing is looked up for it. NOT_FOUND naming the first commitment
// of an order to erase openings that neither the store nor anything in the
// state knows: a slip of the pen, which would stay on the ledger for ever. One
// that stands in the state and whose opening is lost may be ordered erased, so
// that a backup does not bring it back.
absl::Status CheckOrderedOpenings(const Submission& submission,
                                  const Acknowledged& acknowledged,
                                  const Store& store);

// Whether the command is on the ledger now and openings are to be purged.
bool OrdersPurge(const Outcome& outcome);

}  // namespace dataip::registryd
