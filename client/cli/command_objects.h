// What the registry knows of the objects that commands in a file act on.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/cli/command_view.h"
#include "dataip/registry/v1/command.pb.h"

namespace dataip::client {

class RegistryClient;

// Names of certificates, requests, revocations and freezes as they stand, and
// who signs too by its consent. What the caller may not read,
// or is not there, is left out.
void AddObjects(RegistryClient& registry,
                const std::vector<registry::v1::Command>& commands,
                CommandSurroundings& known);

// Party numbers of those by whose consent a licence is filed or changed: who
// holds a pledge on the certificate, and the licensee that has confirmed what
// is changed; none for other commands.
absl::StatusOr<std::set<std::string>> ConsentsFor(
    RegistryClient& registry, const registry::v1::Command& command);

}  // namespace dataip::client
