// What the words and flags of `dataip certificate` stand for.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/cli/arguments.h"
#include "client/cli/decision.h"
#include "client/cli/invocation.h"
#include "dataip/registry/v1/certificate.pb.h"
#include "dataip/registry/v1/certificate_order.pb.h"
#include "dataip/registry/v1/certificate_request.pb.h"

namespace dataip::client {

// The newest sheet of the registration that the first word names: a number of
// any of its sheets, its own, or one of an older system.
absl::StatusOr<registry::v1::Certificate> NamedCertificate(
    Invocation& invocation);

// Files the request for the certificate of the first word.
absl::StatusOr<int> Ask(Invocation& invocation,
                        const registry::v1::RequestBody& body,
                        std::vector<registry::v1::Opening> openings = {});
// The command that does, for one certificate.
CommandSpec AskSpec(std::string name, std::string summary,
                    std::vector<FlagRule> flags, std::string example,
                    RunCommand run);

// What shall stand on a certificate: flags, and the message of those given.
std::vector<FlagRule> ChangeFlags();
absl::StatusOr<registry::v1::ChangeRequest> ChangeOf(
    const Invocation& invocation);

// `PARTY[:BP]`, the party by number or code; BP of 10,000.
absl::StatusOr<registry::v1::NewHolder> ParseHolder(RegistryClient& registry,
                                                    absl::string_view text);

// A revocation by its number (officers and root only), or the newest one of
// the certificate whose number it is.
absl::StatusOr<registry::v1::Revocation> FindRevocation(
    RegistryClient& registry, const std::string& word);

// A freeze in force by its number, or the only one on the certificate whose
// number it is.
absl::StatusOr<registry::v1::Freeze> FindFreeze(RegistryClient& registry,
                                                const std::string& word);
// The version that an order on a freeze names: that of the newest sheet of the
// registration that it lies on.
VersionOf FrozenVersion();

// 32 random bytes: the salt of an overlay's commitment.
std::string OverlaySalt();

}  // namespace dataip::client
