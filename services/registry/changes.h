// What an entry changed, for the feed of changes (FollowChanges): names of
// events and numbers of objects, never content. A pure function of the entry's
// events and of the state before them, kept by the projection.
//
// Public is what lists and reads show to anybody already: the registry's
// opening, tables, profiles, clock, parties, officers, applications, licences
// and certificates. For their parties and for officers are drafts, powers of
// attorney, objections, requests, revocations, freezes, pledges, batches and
// usage; what one of them does to a public state is told of that object too.
// Licensees have a part in what ends their certificate (licensees.h).
// Who has taken up a case, and which openings were erased, is for officers. A
// party whose part is not public is not found out by asking for its changes.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/registry/state/state.h"
#include "dataip/registry/v1/transition.pb.h"
#include "services/registry/event_object.h"

namespace dataip::registryd {

// One object that an entry changed.
struct ChangedLine {
  std::string event;
  std::string object_no;
  Audience audience = Audience::kAll;
  // Numbers of those who have a part in it; `quiet` are those whose part not
  // everybody is told of (agents, applicants before the public notice).
  std::set<std::string> parties;
  std::set<std::string> quiet;

  friend bool operator==(const ChangedLine&, const ChangedLine&) = default;
};

// An entry with at least one line.
struct ChangedEntry {
  uint64_t index = 0;
  int64_t decided_at_ms = 0;
  std::vector<ChangedLine> lines;

  friend bool operator==(const ChangedEntry&, const ChangedEntry&) = default;
};

// In the order of the events. `before` is the state that they were decided on.
std::vector<ChangedLine> ChangesOf(const registry::State& before,
                                   absl::string_view actor,
                                   const v1::Transition& transition);

// As the projection keeps them; the index stands in the key.
std::string EncodeChanges(const ChangedEntry& entry);
// DATA_LOSS when EncodeChanges did not make it.
absl::StatusOr<ChangedEntry> DecodeChanges(uint64_t index,
                                           absl::string_view bytes);

}  // namespace dataip::registryd
