// Licensees who are told what becomes of the certificate (rules 2.3 C6).
#pragma once

#include <set>
#include <string>

#include "core/registry/state/state.h"
#include "dataip/registry/v1/transition.pb.h"

namespace dataip::registryd {

namespace v1 = ::dataip::registry::v1;

// Party numbers of those whom the event takes their certificate from, or gives
// them another licensor: a transfer or cancellation that is granted, a
// revocation, a status record by which the certificate ends or another sheet
// takes its place. Those whose licence lies on the certificate in `before`; of
// a revocation, which may reach back, all there ever were. Nobody of other
// events.
std::set<std::string> LicenseesToldOf(const registry::State& before,
                                      const v1::Event& event);

}  // namespace dataip::registryd
