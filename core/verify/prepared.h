// What can be said of an entry by itself, before any state is known: the part
// of a replay that may run on many threads.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/hash/hash.h"
#include "core/proof/header.h"
#include "core/verify/replay.h"
#include "dataip/registry/v1/transition.pb.h"

namespace dataip::verify {

namespace v1 = dataip::registry::v1;

// A rule that an entry breaks, with what is wrong.
struct Breach {
  std::string rule;
  std::string message_zh;
  std::string message_en;
};

struct Prepared {
  Bytes header_bytes;
  hash::Hash leaf_hash;
  hash::Hash next_prev;  // SM3 of the header
  std::optional<proof::EntryHeader> header;
  // First breach of form or payload digests; the rules up to it hold.
  std::optional<Breach> breach;
  bool present = false;  // the payload is here
  bool erased = false;   // it is not, since an order erased it
  Bytes payload;

  // Of a transition that parsed, with its command.
  std::optional<v1::Transition> transition;
  std::optional<v1::Command> command;
  hash::Hash command_sha256;
  std::vector<std::string> key_ids;
  // Why there is none of them.
  std::optional<Breach> transition_breach;
};

// One for each entry, hashed side by side. The entries' bytes outlive the
// result. With `hashes_only` a payload is not parsed.
std::vector<Prepared> PrepareMany(std::span<const EntryView> entries,
                                  bool hashes_only);
// Of one; `entry` outlives the result.
Prepared Prepare(const ReplayEntry& entry, bool hashes_only);

}  // namespace dataip::verify
