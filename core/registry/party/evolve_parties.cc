#include <utility>

#include "absl/strings/string_view.h"
#include "core/registry/party/rules.h"
#include "core/registry/state/signing.h"
#include "core/registry/values/civil_date.h"

namespace dataip::registry {
namespace {

void Enrol(State& state, const std::string& actor, const v1::PublicKey& key) {
  auto parsed = KeyOf(key);
  if (!parsed.ok()) return;
  const std::string key_id = parsed->KeyId();
  state.keys.emplace(key_id, EnrolledKey{actor, *std::move(parsed)});
}

}  // namespace

void EvolveRegistryOpened(State& state, const v1::Event& event) {
  const v1::OpenRegistry& registry = event.registry_opened().registry();
  state.opened = true;
  state.registry = registry;
  state.issuing_sm2_key_id = KeyIdOfMessage(registry.issuing_sm2());
  state.issuing_p256_key_id = KeyIdOfMessage(registry.issuing_p256());
  if (registry.demonstration()) {
    state.clock_ms = ToUnixMs(registry.demonstration_start()).value_or(0);
  }
  Enrol(state, kRootActor, registry.root_key());
  Enrol(state, kClockActor, registry.clock_key());
  Enrol(state, kIssuingActor, registry.issuing_sm2());
  Enrol(state, kIssuingActor, registry.issuing_p256());
}

void EvolveOfficerRegistered(State& state, const v1::Event& event) {
  const v1::OfficerRegistered& registered = event.officer_registered();
  const std::string& id = registered.officer().officer_id();
  state.officers[id] = registered.officer();
  Enrol(state, kOfficerPrefix + id, registered.key());
}

void EvolvePartyRegistered(State& state, const v1::Event& event) {
  const v1::PartyRegistered& registered = event.party_registered();
  const v1::Party& party = registered.party();
  state.parties[party.party_number()] = party;
  if (!party.identity().uscc().empty()) {
    state.usccs[party.identity().uscc()] = party.party_number();
  }
  Enrol(state, party.party_number(), registered.key());
  ++state.counters.parties;
}

void EvolveKeyEnrolled(State& state, const v1::Event& event) {
  const v1::KeyEnrolled& enrolled = event.key_enrolled();
  const absl::string_view kPrefix = kOfficerPrefix;
  const std::string key_id = KeyIdOfMessage(enrolled.key());
  const auto party = state.parties.find(enrolled.actor());
  if (party != state.parties.end()) {
    party->second.add_key_ids(key_id);
    party->second.set_version(enrolled.version());
  } else {
    if (FindOfficer(state, enrolled.actor()) == nullptr) return;
    v1::Officer& officer =
        state.officers[enrolled.actor().substr(kPrefix.size())];
    officer.add_key_ids(key_id);
    officer.set_version(enrolled.version());
  }
  Enrol(state, enrolled.actor(), enrolled.key());
}

void EvolveClockAdvanced(State& state, const v1::Event& event) {
  state.clock_ms =
      ToUnixMs(event.clock_advanced().to()).value_or(state.clock_ms);
}

}  // namespace dataip::registry
