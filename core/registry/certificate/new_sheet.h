// What hangs on a certificate and moves to the sheet that takes its place.
#pragma once

#include "core/registry/state/state.h"

namespace dataip::registry {

// A sheet was issued, its content and first status record set: its profile,
// its numbers, its expiry; and when it replaces another one, whatever was open
// there (requests, a revocation), licences, pledges and older numbers.
void SettleNewSheet(State& state, v1::Certificate& sheet);

// Puts the expiry of a certificate into `due`, or takes it out: a certificate
// that is not valid does not expire, and one for which a renewal is open
// waits for it.
void SettleExpiry(State& state, const v1::Certificate& certificate);

}  // namespace dataip::registry
