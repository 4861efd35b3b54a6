// What a ledger proves to itself before it serves (architecture.md, "At
// start"): the database is this ledger's, nothing that the world has seen is
// missing, and the end of it hashes to what was signed.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "core/proof/map.h"
#include "core/proof/tree.h"
#include "services/ledger/checkpointer.h"
#include "services/ledger/published.h"
#include "services/ledger/store.h"
#include "services/ledger/tree.h"

namespace dataip::ledger {

// A ledger that passed.
struct CheckedLedger {
  Head head;
  std::unique_ptr<Tree> tree;
  proof::Map map;                 // after all entries
  std::map<Hash, Hash> unmapped;  // changes since `sealed_map`
  proof::Map sealed_map;          // at the last seal
  PublishedCheckpoint published;  // size 0: none yet
  proof::Frontier signed_edge;    // the tree of `published`
  uint64_t last_epoch = 0;
};

// What binds a data directory to a ledger, as stored in the database.
std::string IdentityOf(const Signing& signing);

// Creates the identity and the published file of a new ledger, or checks one
// that exists:
//  - identity: schema, origin and both keys (FAILED_PRECONDITION,
//    WRONG_LEDGER);
//  - the last entry bundle: headers decode, number, link, and hash to the
//    tile and the chain head;
//  - the tiles fold to the roots of the published file and of the last stored
//    checkpoint, and the published file is neither missing nor older nor
//    newer than the database;
//  - the stored map has the root that the last seal states; it is then rolled
//    forward.
// DATA_LOSS says in both languages what was found and what to do.
absl::StatusOr<CheckedLedger> CheckAtStart(Store& store, PublishedFile& file,
                                           const Signing& signing);

}  // namespace dataip::ledger
