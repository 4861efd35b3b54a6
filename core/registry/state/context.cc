#include "core/registry/state/context.h"

#include <algorithm>

#include "core/registry/state/profiles.h"
#include "core/registry/values/civil_date.h"

namespace dataip::registry {

v1::Context ContextOf(const State& state, const v1::Command& command,
                      int64_t decided_at_ms) {
  v1::Context context;
  *context.mutable_decided_at() = FromUnixMs(decided_at_ms);
  const v1::ProfileRef profile = ProfileFor(state, command, decided_at_ms);
  context.set_profile_id(profile.profile_id());
  context.set_profile_sha256(profile.sha256());
  for (const auto& [name, table] : state.tables) {
    v1::TableRef* ref = context.add_tables();
    ref->set_name(name);
    ref->set_sha256(std::string(table.sha256.text()));
  }
  context.set_decider(kDecider);
  return context;
}

int64_t DecisionTimeMs(const State& state, const v1::Command& command,
                       int64_t now_ms) {
  if (state.opened && state.registry.demonstration()) return state.clock_ms;
  if (!state.opened && command.has_open_registry() &&
      command.open_registry().demonstration()) {
    return ToUnixMs(command.open_registry().demonstration_start())
        .value_or(now_ms);
  }
  return std::max(now_ms, state.last_decided_at_ms);
}

}  // namespace dataip::registry
