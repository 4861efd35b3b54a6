// The seal: the entry by which the ledger states its map and chain
// (formats.md 5). Payload: map_root[32] || chain_head[32].
#pragma once

#include <string>

#include "core/hash/hash.h"
#include "core/proof/flaw.h"
#include "core/proof/header.h"

namespace dataip::proof {

inline constexpr size_t kSealPayloadBytes = 64;

struct Seal {
  Hash map_root;    // of the entries before the seal
  Hash chain_head;  // the `prev` of its own header

  friend bool operator==(const Seal&, const Seal&) = default;
};

std::string EncodeSeal(const Seal& seal);
Parsed<Seal> DecodeSeal(Bytes payload);

// The seal of an entry: its header has the seal's type, an empty stream and
// no updates, both digests are the payload's, and the chain head is the
// header's prev. That the map root is right is for a replay to find.
Parsed<Seal> CheckSeal(const EntryHeader& header, Bytes payload);

}  // namespace dataip::proof
