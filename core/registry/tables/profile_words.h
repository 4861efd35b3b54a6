// The words of a profile: what they may name.
#pragma once

#include "absl/status/status.h"
#include "core/registry/tables/profile.h"

namespace dataip::registry {

// Grounds of revocation that are a judgment's to find, a list of their codes;
// none without it.
inline constexpr char kGroundsOfJudgments[] = "revocation.on_judgment";

// INVALID_ARGUMENT, with key and word, unless `notice.fields` names fields of
// v1::PublicSnapshot, `checklist.notice` those of v1::Checklist,
// `form.required` and `tier.<field>` those of v1::ApplicationForm, the
// `object.*` lists and `transfer.single_party` values of their enums,
// `revocation.on_judgment` grounds of revocation of the profile itself, and
// unless what is one of a few words is one of them. A word that is not there is
// not looked for: Profile::RequiredKeys says what must be.
absl::Status CheckProfileWords(const Profile& profile);

}  // namespace dataip::registry
