// Orders to erase payloads, as they stand in a ledger's entries.
#pragma once

#include <cstdint>
#include <vector>

#include "client/export/ledger_export.h"
#include "core/hash/hash.h"
#include "core/proof/header.h"

namespace dataip::client {

struct OrderedErasure {
  uint64_t index = 0;  // earlier than the order
  hash::Hash payload_sha256;
  hash::Hash payload_sm3;
};

// What this entry orders erased: nothing unless it is a transition of the
// registry whose events are an erasure. Whether the order is lawful is the
// auditor's to decide.
std::vector<OrderedErasure> OrdersIn(const proof::EntryHeader& header,
                                     const ExportedEntry& entry);

}  // namespace dataip::client
