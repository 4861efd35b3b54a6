// What the orders on certificates have in common: which sheet they are about,
// and whether it is in a state that they act on.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "core/registry/state/case.h"
#include "core/registry/state/refusal.h"
#include "core/registry/state/state.h"

namespace dataip::registry {

// The sheet of this number itself, whatever took its place; null when none.
const v1::Certificate* FindSheet(const State& state, absl::string_view number);

// The newest sheet of the registration that the number (of a sheet, a
// registration, an older system) belongs to; null when none.
const v1::Certificate* NewestSheet(const State& state,
                                   absl::string_view number);

// Where an order names its certificate, and the rule that it is under.
struct OrderOn {
  absl::string_view field;
  absl::string_view rule;
  const std::string& number;
  // Whether it acts on a certificate that expired, too.
  bool or_expired = false;
};

// The sheet exists and its status record has the command's version.
MaybeRefusal CheckSheet(const Case& a_case, const OrderOn& order);

// The same, and it is VALID, or EXPIRED where the order acts on such.
MaybeRefusal CheckValidSheet(const Case& a_case, const OrderOn& order);

// `有效` and so on.
absl::string_view StateNameZh(v1::CertificateState state);

}  // namespace dataip::registry
