// Whose time a case takes: the applicant's, the law's, and the rest, which is
// the registry's own (rules 1.5: three durations, never one).
#pragma once

#include <compare>
#include <cstdint>

#include "dataip/registry/v1/application.pb.h"
#include "dataip/registry/v1/transition.pb.h"

namespace dataip::registry {

struct State;

// What runs outside the registry. The time of a correction is counted where
// its deadline is.
enum class Stretch {
  kNotice,     // waiting, until the notice is over
  kSuspended,  // waiting for proceedings elsewhere
  kReply,      // the applicant's: an objection is to be answered
};

struct OpenStretch {
  Stretch kind = Stretch::kNotice;
  int64_t since_ms = 0;

  friend auto operator<=>(const OpenStretch&, const OpenStretch&) = default;
};

// After the event was folded: adds the stretch that it ended to the times of
// the application, and opens the one that it began. Claims, numbers and the
// like change nothing.
void CountTime(State& state, const v1::Event& event);

// Sums to the time from filing to the end, or to `now_ms` while it is open.
struct TimeSpent {
  int64_t staff_ms = 0;
  int64_t applicant_ms = 0;
  int64_t waiting_ms = 0;
};
TimeSpent TimeSpentOn(const State& state, const v1::Application& application,
                      int64_t now_ms);

}  // namespace dataip::registry
