#include <optional>
#include <utility>

#include "core/registry/rules.h"
#include "core/registry/tables/loaded_table.h"
#include "core/registry/values/civil_date.h"

namespace dataip::registry {
namespace {

// The registry's own profile holds from its first loading; later versions and
// others come into force by AdoptProfile.
void TakeProfile(State& state, const v1::TableLoaded& loaded,
                 std::shared_ptr<const Profile> profile) {
  state.profiles[loaded.sha256()] = profile;
  if (!state.adoptions.empty() ||
      loaded.name() != kProfileTablePrefix + state.registry.profile_id()) {
    return;
  }
  Adoption first;
  first.effective_from = ShanghaiDate(state.last_decided_at_ms);
  first.profile.set_profile_id(state.registry.profile_id());
  first.profile.set_sha256(loaded.sha256());
  state.adoptions.push_back(std::move(first));
  state.profile = std::move(profile);
}

}  // namespace

void EvolveTableLoaded(State& state, const v1::Event& event) {
  const v1::TableLoaded& loaded = event.table_loaded();
  const auto sha256 = hash::Hash::From(hash::AsBytes(loaded.sha256()));
  auto parsed = ParsedTable::Parse(loaded.name(), loaded.content());
  if (!sha256 || !parsed.ok()) return;
  state.tables[loaded.name()] =
      LoadedTable{*sha256, loaded.rows(), loaded.version()};
  const std::string& name = loaded.name();
  if (name == kCalendarTable) {
    state.calendar = std::move(parsed->calendar);
  } else if (name == kIndustriesTable) {
    state.industries = std::move(parsed->codes);
  } else if (name == kRegionsTable) {
    state.regions = std::move(parsed->codes);
  } else {
    TakeProfile(state, loaded, std::move(parsed->profile));
  }
}

void EvolveProfileAdopted(State& state, const v1::Event& event) {
  const v1::AdoptProfile& body = event.profile_adopted().adoption();
  const std::optional<CivilDate> day = ParseDate(body.effective_from());
  if (!day) return;
  state.adoptions.push_back(Adoption{*day, body.profile()});
}

}  // namespace dataip::registry
