// Every command that was decided, so that each is decided once.
#pragma once

#include <compare>
#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/strings/string_view.h"
#include "core/hash/hash.h"

namespace dataip::registry {

// (actor, command id) -> SHA-256 of the command. Millions of them are asked for
// with every new command: ids, which are random, stand in a tree of wide nodes,
// the rest beside it. A value; one writer.
class DecidedCommands {
 public:
  struct Decided {
    std::string actor;
    std::string command_id;
    hash::Hash sha256;
  };

  // Null when it was not decided.
  const hash::Hash* Find(absl::string_view actor,
                         absl::string_view command_id) const;
  // In place of the digest that is there, if one is.
  void Put(absl::string_view actor, absl::string_view command_id,
           const hash::Hash& sha256);
  size_t size() const { return decided_.size(); }

  // By id, then by actor.
  std::vector<Decided> All() const;

 private:
  // The first 16 bytes of an id: all of one that Decide takes.
  struct Id {
    explicit Id(absl::string_view command_id);
    auto operator<=>(const Id&) const = default;

    uint64_t high = 0;
    uint64_t low = 0;
  };

  // Its place in decided_; their number when it is not there.
  size_t PlaceOf(absl::string_view actor, absl::string_view command_id) const;

  absl::btree_multimap<Id, uint32_t> places_;
  std::deque<Decided> decided_;
};

}  // namespace dataip::registry
