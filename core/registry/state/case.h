// What every rule is given, and the checks that many of them share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>

#include "absl/strings/string_view.h"
#include "core/registry/state/refusal.h"
#include "core/registry/state/state.h"
#include "core/registry/values/civil_date.h"
#include "core/registry/values/number_scheme.h"

namespace dataip::registry {

// What a rule looks at.
struct Case {
  const State& state;
  const v1::Command& command;
  int64_t decided_at_ms = 0;
  // The profile that rules the case, and its values; never null where a rule
  // is asked after the tables were loaded.
  v1::ProfileRef profile;
  const Profile* values = nullptr;
  // The last ones that the same command has given before, to earlier items of
  // a batch; 0 when none. The next numbers follow them.
  SerialsGiven given_before;

  CivilDate today() const { return ShanghaiDate(decided_at_ms); }
};

// The version that the command names is `current`, 0 for a new object.
MaybeRefusal CheckVersion(const Case& a_case, uint64_t current);

// `待审核` and so on.
absl::string_view StateNameZh(v1::ApplicationState state);

// The application exists, has the command's version and is in one of the
// states; `rule` is that of the transition.
MaybeRefusal CheckApplication(const Case& a_case,
                              const std::string& application_no,
                              absl::string_view rule,
                              std::initializer_list<v1::ApplicationState> in);

// The party number of the primary applicant; empty when there is none.
const std::string& PrimaryOf(const v1::ApplicationForm& form);

// The text has `least` to `most` characters.
MaybeRefusal CheckReason(absl::string_view field, absl::string_view text,
                         size_t least, size_t most);

// Values of the case's profile; it has them all once it is loaded.
uint32_t WorkingDaysOf(const Case& a_case, absl::string_view key);

Refusal NotFound(absl::string_view field, absl::string_view zh,
                 absl::string_view en);

}  // namespace dataip::registry
