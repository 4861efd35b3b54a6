// Proofs for readers, all at a published size (formats.md 2, 4 and 5).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "core/base/mutex.h"
#include "core/proof/map.h"
#include "core/proof/tree.h"
#include "services/ledger/map_rebuild.h"
#include "services/ledger/states.h"
#include "services/ledger/store.h"
#include "services/ledger/tree.h"

namespace dataip::ledger {

struct ProofsWanted {
  std::vector<std::string> keys;
  std::vector<uint64_t> indices;
};

// In the order of what was wanted.
struct StateProofs {
  proof::Path seal;
  std::vector<proof::Path> inclusions;
  std::vector<proof::MapProof> map_proofs;
};

// Thread safe.
class Proofs {
 public:
  struct Parts {
    const Store& store;
    const Tree& tree;
    const States& states;
  };
  // Rebuilt maps lie in `rebuilds_folder` while they are used.
  Proofs(Parts parts, std::string rebuilds_folder)
      : store_(parts.store),
        tree_(parts.tree),
        states_(parts.states),
        rebuilds_(std::move(rebuilds_folder)) {}

  // The state at a published size, 0 for the newest. Null when it must be
  // rebuilt first. NOT_FOUND when nothing was published at this size.
  absl::StatusOr<std::shared_ptr<const State>> Find(uint64_t size) const;

  // Rebuilds the map of a published size from the headers (map_rebuild.h):
  // takes as long as reading all of them. Remembers the last one. DATA_LOSS
  // when it does not have the root that the seal states.
  absl::StatusOr<std::shared_ptr<const State>> Rebuild(uint64_t size);
  // Rebuild ends soon, now and later, with NOT_SERVING. Does not wait.
  void StopRebuilds() { rebuilds_.Stop(); }

  // `state` has its map. INVALID_ARGUMENT when an index is not below its
  // size, DATA_LOSS when a tile cannot be read or the stored map is not what
  // the seal states.
  absl::StatusOr<StateProofs> Prove(const State& state,
                                    const ProofsWanted& wanted) const;

  struct Sizes {
    uint64_t old_size = 0;
    uint64_t new_size = 0;
  };
  // Leads to the root that was signed for new_size, or for the newest size when
  // that one was never published. INVALID_ARGUMENT unless 1 <= old_size <=
  // new_size <= published size; DATA_LOSS when the stored tiles do not.
  absl::StatusOr<proof::Path> Consistency(const Sizes& sizes) const;

 private:
  absl::StatusOr<Hash> RootOfSize(uint64_t size, const State& newest) const;
  // Verified up to `new_root`.
  absl::StatusOr<proof::Path> PathTo(const Hash& new_root,
                                     const Sizes& sizes) const;

  const Store& store_;
  const Tree& tree_;
  const States& states_;
  base::Mutex mutex_;
  MapRebuilds rebuilds_;  // one at a time: under mutex_
  std::shared_ptr<const State> rebuilt_ DATAIP_GUARDED_BY(mutex_);
};

// The state of a published checkpoint without its map, from stored bytes.
absl::StatusOr<State> ReadState(const Store& store, uint64_t size,
                                std::string note);

}  // namespace dataip::ledger
