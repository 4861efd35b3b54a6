// The as-of question: what was the state of a certificate on a day.
#pragma once

#include <optional>

#include "absl/strings/string_view.h"
#include "core/registry/state/state.h"
#include "core/registry/values/civil_date.h"

namespace dataip::registry {

// As of the end of the day in Shanghai, from the status records of the sheet
// and the chain of its registration's sheets; nothing when no certificate has
// this number. Of a sheet's own number the sheet is told (REPLACED once another
// took its place); of the number of a registration or of an older system, and
// of a sheet's before that sheet was issued, the sheet then in force. Time
// counts by itself: a term that was over is EXPIRED even before the clock
// recorded it, and a registration revoked as from its beginning is REVOKED on
// every day of it, whatever the record said then. Before the first sheet was
// issued, state, status and number are empty, and at no other time.
std::optional<v1::StatusOn> StatusOn(const State& state,
                                     absl::string_view number,
                                     const CivilDate& day);

}  // namespace dataip::registry
