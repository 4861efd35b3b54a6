// Whether a ledger would still be decided as it was if an order to erase
// payloads stood on it (formats 6). Before it is given, since an order that
// changes what was decided later cannot be taken back.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/proof/header.h"
#include "core/registry/erasure/redaction.h"
#include "core/registry/state/state.h"
#include "dataip/registry/v1/erasure.pb.h"

namespace dataip::registry {

// Fed all transitions of a ledger in order. Not thread safe.
class Rehearsal {
 public:
  // INVALID_ARGUMENT when a substitute is none.
  static absl::StatusOr<Rehearsal> Create(const std::string& origin,
                                          const v1::ErasePayload& order);

  struct Entry {
    const proof::EntryHeader& header;
    const v1::Transition& transition;
    const v1::Command& command;
    const hash::Hash& command_sha256;
    // `transition` is the substitute of an earlier order.
    bool substituted = false;
  };

  // INVALID_ARGUMENT with the entry named: a named entry was erased before,
  // has other digests or another header, or its substitute is no redaction of
  // it; a later command would be decided otherwise, or could not be decided.
  absl::Status Take(const Entry& entry);

  // INVALID_ARGUMENT when the order names an entry that no transition was.
  absl::Status Finish() const;

  // What the ledger says with the substitutes in place.
  const State& state() const { return state_; }

 private:
  struct Named {
    v1::ErasedEntry entry;
    Substitute substitute;
    bool seen = false;
  };

  explicit Rehearsal(const std::string& origin);
  absl::Status TakeNamed(const Entry& entry, Named& named);
  absl::Status DecideAgain(const Entry& entry) const;

  State state_;
  std::map<uint64_t, Named> named_;
  bool folded_one_ = false;
};

}  // namespace dataip::registry
