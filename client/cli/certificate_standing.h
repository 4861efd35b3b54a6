// What a certificate's state alone does not say: how a revocation works, and
// that a term which is over waits for the decision on a renewal.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "client/cli/invocation.h"
#include "dataip/registry/v1/certificate.pb.h"
#include "dataip/registry/v1/certificate_order.pb.h"

namespace dataip::client {

// "自登记之日起（自始）" or "自决定之日起" of a revoked one, by what the
// registry says of the day of its first record. Empty of another state, and
// where it was revoked on that very day, of which the answer is the same.
absl::StatusOr<std::string> RevokedSince(
    RegistryClient& registry, const registry::v1::Certificate& certificate);

// The block of RevocationText, of a decided one with how it works.
absl::StatusOr<std::string> RevocationBlock(
    RegistryClient& registry, const registry::v1::Revocation& revocation);

// Effect, grounds and findings of the revocation of a revoked certificate; of
// those that not everybody sees nothing, to who does not see them.
absl::StatusOr<std::string> RevocationLines(
    RegistryClient& registry, const registry::v1::Certificate& certificate);

// Whether it stands although its last day was over before `day`: a renewal that
// was filed in time is undecided. `state` is that of this day.
bool WaitsForRenewal(registry::v1::CertificateState state,
                     const std::string& valid_to, const std::string& day);
// The label of the state, and whether it waits.
std::string StandingText(registry::v1::CertificateState state, bool waits);

// Today by the registry's clock, as `YYYY-MM-DD`.
absl::StatusOr<std::string> RegistryToday(Invocation& invocation);

}  // namespace dataip::client
