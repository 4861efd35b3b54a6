// Whose history an event belongs to: that of the object that it is about, of
// the one that the entry is told under, and of the case that both stand in
// (an objection's application, a request's certificate). A pure function of
// the entry's events and of the state before them, kept by the projection.
#pragma once

#include <string>
#include <vector>

#include "dataip/registry/v1/transition.pb.h"
#include "services/registry/event_object.h"

namespace dataip::registryd {

// One event in one history.
struct HistoryLine {
  std::string stream;  // `applications/20240000001`
  size_t part = 0;     // position of the event in its entry
  std::string event;
  Audience audience = Audience::kAll;
  // The objection that the event, or the entry's first one, is about: it may
  // be the objector that acted. Empty when there is none.
  std::string objection_no;

  friend bool operator==(const HistoryLine&, const HistoryLine&) = default;
};

// In the order of the events, each in a history once. `before` is the state
// that they were decided on, `stream` that of the entry.
std::vector<HistoryLine> HistoryOf(const registry::State& before,
                                   const std::string& stream,
                                   const v1::Transition& transition);

// Actors of the keys that signed the transition's command, ascending, each
// once. `after` is the state that it led to.
std::vector<std::string> SignersOf(const registry::State& after,
                                   const v1::Transition& transition);

}  // namespace dataip::registryd
