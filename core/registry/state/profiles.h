// Which version of which profile rules a case (rules 2.4): the one in force
// when it began, to its end.
#pragma once

#include "core/registry/state/state.h"
#include "dataip/registry/v1/command.pb.h"
#include "dataip/registry/v1/profile.pb.h"

namespace dataip::registry {

// What is in force on a day; empty before the tables are loaded.
v1::ProfileRef ProfileOn(const State& state, const CivilDate& day);

// What rules this command: the profile of the application, objection, request
// or certificate that it is about, of a batch's first item, else what is in
// force.
v1::ProfileRef ProfileFor(const State& state, const v1::Command& command,
                          int64_t decided_at_ms);

// Its values; null when the state does not know it.
const Profile* ValuesOf(const State& state, const v1::ProfileRef& ref);

}  // namespace dataip::registry
