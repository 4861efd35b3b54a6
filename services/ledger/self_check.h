// What a ledger proves to itself before it serves (architecture.md, "At
// start"): the database is this ledger's, nothing that the world has seen is
// missing, and the end of it hashes to what was signed.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "core/proof/tree.h"
#include "services/ledger/checkpointer.h"
#include "services/ledger/map_tree.h"
#include "services/ledger/published.h"
#include "services/ledger/store.h"
#include "services/ledger/tree.h"

namespace dataip::ledger {

// A ledger that passed.
struct CheckedLedger {
  Head head;
  std::unique_ptr<Tree> tree;
  std::unique_ptr<MapTree> map;                  // after all entries
  std::shared_ptr<const MapVersion> sealed_map;  // at the last seal
  PublishedCheckpoint published;  // signed last; size 0: none yet
  // Of the archive: what was served last; size 0: nothing. At most one
  // checkpoint behind `published`, or more when checkpoints were held for
  // want of witnesses.
  Store::StoredCheckpoint served;
  proof::Frontier signed_edge;  // the tree of `published`
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
//  - the stored map has the root that its seal states, by its root page: what
//    lies below is compared when it is read. From that seal, mostly the last
//    one, it is rolled forward to the end, and has the root of each seal on
//    the way.
// DATA_LOSS says in both languages what was found and what to do.
absl::StatusOr<CheckedLedger> CheckAtStart(Store& store, PublishedFile& file,
                                           const Signing& signing,
                                           size_t map_cache_bytes);

}  // namespace dataip::ledger
