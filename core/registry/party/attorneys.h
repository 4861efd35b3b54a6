// Who may act for whom (B22).
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "core/registry/state/case.h"
#include "core/registry/state/refusal.h"
#include "core/registry/state/state.h"

namespace dataip::registry {

struct Acting {
  absl::string_view actor;      // who signs
  absl::string_view principal;  // for whom
  v1::AttorneyAct act = v1::ATTORNEY_ACT_UNSPECIFIED;
  // Application, certificate or registration number; empty for a new one.
  absl::string_view object;
};

bool IsApplicant(const v1::ApplicationForm& form, absl::string_view party);

// The party itself, or an agent whose power covers the act, the object and
// the day.
bool MayActFor(const State& state, const Acting& acting, const CivilDate& day);

// The same as a refusal: NOT_ALLOWED with rule B22 when the actor holds a power
// that does not cover it, else with `rule`.
MaybeRefusal CheckActingFor(const State& state, const Acting& acting,
                            const CivilDate& day, absl::string_view rule);

// The same without a name, for what not everybody may know the parties of.
MaybeRefusal CheckActingUnnamed(const State& state, const Acting& acting,
                                const CivilDate& day, absl::string_view rule);

// For the primary applicant, who is named from the public notice on.
MaybeRefusal CheckActingForApplicant(const Case& a_case,
                                     const v1::Application& application,
                                     v1::AttorneyAct act,
                                     absl::string_view rule);

// The refusal for who has no part in something, whatever state it is in.
Refusal NotYours(absl::string_view rule);

}  // namespace dataip::registry
