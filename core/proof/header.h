// The header of an entry: what the tree and the chain hash (formats.md 1).
//
//   uint8 version = 1 | uint64 index | int64 time_ms | byte prev[32]
//   | string type<1..64> | string stream<0..255> | uint64 payload_size
//   | byte payload_sha256[32] | byte payload_sm3[32] | uint16 update_count
//   | repeat { string key<1..255> | byte value_sha256[32] }
//
// Integers are big-endian, a string stands behind one length byte.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/hash/hash.h"
#include "core/proof/flaw.h"

namespace dataip::proof {

using hash::Hash;

// Types that begin with this are written by the ledger alone.
inline constexpr std::string_view kLedgerTypePrefix = "dataip.ledger.";
inline constexpr std::string_view kSealType = "dataip.ledger.v1.Seal";
inline constexpr std::string_view kTimeStampType = "dataip.ledger.v1.TimeStamp";
inline constexpr std::string_view kTransitionType =
    "dataip.registry.v1.Transition";

// A change of the map (formats.md 4).
struct Update {
  std::string key;
  Hash value;

  friend bool operator==(const Update&, const Update&) = default;
};

struct EntryHeader {
  uint64_t index = 0;
  int64_t time_ms = 0;
  Hash prev;
  std::string type;
  std::string stream;
  uint64_t payload_size = 0;
  Hash payload_sha256;
  Hash payload_sm3;
  std::vector<Update> updates;

  friend bool operator==(const EntryHeader&, const EntryHeader&) = default;
};

// Whether the ranges and characters are those that a decoder accepts. kNone
// means that EncodeHeader succeeds; it covers the encoded length too.
Flaw CheckHeader(const EntryHeader& header);

// The bytes, or the flaw for which DecodeHeader would refuse them. Keys are
// written in the order given: a writer gives them ascending.
Parsed<std::string> EncodeHeader(const EntryHeader& header);

// What the ledger gives an entry beside what its writer asked for.
struct Position {
  uint64_t index = 0;
  int64_t time_ms = 0;
  Hash prev;
};

// Puts another position into what EncodeHeader made; all else stays.
void SetPosition(const Position& position, std::string& bytes);
// An encoded header without its position: equal for equal wishes.
Bytes AfterPosition(Bytes bytes);

// Refuses everything but what EncodeHeader makes:
// EncodeHeader(*DecodeHeader(b)) == b.
Parsed<EntryHeader> DecodeHeader(Bytes bytes);

// Whether the header's size and both digests are those of `payload`.
bool PayloadMatches(const EntryHeader& header, Bytes payload);

}  // namespace dataip::proof
