// Who reads, and what it may see: officers and root everything, a party its
// own, others the public part.
#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "core/registry/state.h"

namespace dataip::registryd {

namespace v1 = ::dataip::registry::v1;

// A reader as its TLS certificate names it; nobody without one. A value.
struct Caller {
  std::optional<std::string> actor;
};

// Whether it is root or an officer of this registry.
bool SeesAll(const Caller& caller, const registry::State& state);
// Whether it is this party.
bool IsParty(const Caller& caller, absl::string_view party_number);

bool SeesApplication(const Caller& caller, const registry::State& state,
                     const v1::Application& application);
// The application without what is not public (rules 5.4): states, times and
// grounds stay; of its form, from the notice on, what the frozen snapshot of
// the notice shows, before it only what tells applications apart.
v1::Application PublicPart(const registry::State& state,
                           const v1::Application& application);

bool SeesLicence(const Caller& caller, const registry::State& state,
                 const v1::Licence& licence);
// Without price and contract.
v1::Licence PublicPart(const v1::Licence& licence);

}  // namespace dataip::registryd
