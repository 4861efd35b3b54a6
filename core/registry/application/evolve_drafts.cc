#include <algorithm>
#include <string>

#include "core/registry/application/rules.h"
#include "core/registry/state/state.h"

namespace dataip::registry {
namespace {

// The draft to change, its version raised; null when there is none.
v1::Draft* Touch(State& state, const std::string& draft_no) {
  const auto found = state.drafts.find(draft_no);
  if (found == state.drafts.end()) return nullptr;
  found->second.set_version(found->second.version() + 1);
  found->second.set_updated_at_ms(state.last_decided_at_ms);
  return &found->second;
}

}  // namespace

void EvolveApplicationPrepared(State& state, const v1::Event& event) {
  const v1::Draft& draft = event.application_prepared().draft();
  const bool fresh =
      state.drafts.insert_or_assign(draft.draft_no(), draft).second;
  if (fresh) ++state.counters.drafts;
  state.open_drafts.insert(draft.draft_no());
}

void EvolveApplicationCosigned(State& state, const v1::Event& event) {
  const v1::ApplicationCosigned& cosigned = event.application_cosigned();
  v1::Draft* draft = Touch(state, cosigned.draft_no());
  if (draft == nullptr) return;
  draft->add_cosigned(cosigned.party_number());
  std::sort(draft->mutable_cosigned()->begin(),
            draft->mutable_cosigned()->end());
}

void EvolveDraftDiscarded(State& state, const v1::Event& event) {
  v1::Draft* draft = Touch(state, event.draft_discarded().draft_no());
  if (draft == nullptr) return;
  draft->set_closed(true);
  state.open_drafts.erase(draft->draft_no());
}

void EvolveDraftSubmitted(State& state, const v1::Application& application) {
  v1::Draft* draft = Touch(state, application.draft_no());
  if (draft == nullptr) return;
  draft->set_closed(true);
  draft->set_application_no(application.application_no());
  state.open_drafts.erase(draft->draft_no());
}

void EvolveAttorneyGranted(State& state, const v1::Event& event) {
  const v1::PowerOfAttorney& power = event.attorney_granted().attorney();
  state.attorneys[power.attorney_no()] = power;
  state.attorneys_between[{power.principal(), power.agent()}].push_back(
      power.attorney_no());
  ++state.counters.attorneys;
}

void EvolveAttorneyRevoked(State& state, const v1::Event& event) {
  const v1::AttorneyRevoked& revoked = event.attorney_revoked();
  const auto found = state.attorneys.find(revoked.attorney_no());
  if (found == state.attorneys.end()) return;
  found->second.set_version(found->second.version() + 1);
  found->second.set_revoked_on(revoked.revoked_on());
}

}  // namespace dataip::registry
