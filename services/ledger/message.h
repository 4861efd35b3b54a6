// One message of appends, checked and hashed before it queues: this runs in
// the handlers' threads, so that the sequencer only has to number and link.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/hash/hash.h"
#include "core/proof/header.h"
#include "core/proof/seal.h"
#include "services/ledger/map_page.h"

namespace dataip::ledger {

namespace v1 {
class AppendRequest;
}  // namespace v1

using hash::Hash;

struct PreparedEntry {
  // Encoded, its position still zero: the sequencer sets it.
  std::string header;
  std::string payload;
  std::vector<MapChange> changes;  // of the map
};

struct PreparedMessage {
  uint64_t epoch = 0;
  uint64_t sequence = 0;
  int64_t not_before_ms = 0;  // 0 = no bound
  int64_t not_after_ms = 0;   // 0 = no bound
  std::vector<PreparedEntry> entries;
  // Two messages have the same digest when they ask for the same: all fields
  // but epoch and sequence.
  Hash digest;
  size_t bytes = 0;  // that it occupies: headers, payloads, changes
};

// Takes the request apart. INVALID_ARGUMENT with the field path: no entries
// or too many, a type that is the ledger's own, a length or character that
// formats.md 1 refuses, keys that do not ascend, a negative bound.
absl::StatusOr<PreparedMessage> Prepare(v1::AppendRequest request);

// The entry that seals (formats.md 5).
PreparedEntry PrepareSeal(const proof::Seal& seal);

}  // namespace dataip::ledger
