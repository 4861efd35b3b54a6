// What the filing of a licence and a change of one are both held to (rules 2.3
// C4).
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "core/registry/state/case.h"
#include "core/registry/state/refusal.h"
#include "core/registry/state/state.h"

namespace dataip::registry {

// A licence as it would stand.
struct LicenceAsked {
  // The command's body in messages: `file_licence`.
  absl::string_view body;
  const v1::Licence& licence;
  const std::string& salt;
};

// Kind, price, contract and salt: shape.
MaybeRefusal CheckLicenceTerms(const LicenceAsked& asked);

// The certificate is valid, its term not over, and nothing freezes it; `field`
// names what led to it.
MaybeRefusal CheckLicensable(const Case& a_case,
                             const v1::Certificate& certificate,
                             absl::string_view field);

// Two days that lie in the certificate's term, the last not before today.
MaybeRefusal CheckLicencePeriod(const Case& a_case,
                                const v1::CertificateContent& content,
                                const LicenceAsked& asked);

// No other licence of the certificate overlaps it when either of the two bars
// others. `day` is the member that is to be changed.
MaybeRefusal CheckLicenceOverlap(const State& state, const LicenceAsked& asked,
                                 absl::string_view day);

// Commitment of the licence with the salt.
v1::Overlay LicenceOverlay(const v1::Licence& licence, const std::string& salt);

}  // namespace dataip::registry
