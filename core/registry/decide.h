// Decide: what a signed command does to the registry, or why it does nothing.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/registry/state/refusal.h"
#include "core/registry/state/state.h"
#include "dataip/registry/v1/command.pb.h"
#include "dataip/registry/v1/transition.pb.h"

namespace dataip::registry {

// A command whose signatures hold mathematically, made by these keys. The
// command lives as long as the call.
struct Proposal {
  const v1::Command& command;
  std::vector<std::string> signer_key_ids;  // in any order
};

// Pure and total: the same three give the same bytes, whatever the machine,
// clock or order of memory. Events are at least one. Reads no file, clock,
// opening or ledger position, and copies no part of the state that it does
// not answer with.
Decision Decide(const State& state, const Proposal& proposal,
                const v1::Context& context);

// Whether others sign besides the actor, by whose consent it is: a licence is
// filed or changed (C4), with every pledgee of the certificate, and a change
// with the licensee that has confirmed the licence.
bool TakesConsents(const v1::Command& command);

// Number of keys that must sign: 2 for commands of two officers and for those
// that enrol a key, one an applicant for SubmitApplication of a form by one of
// them, else 1; and of TakesConsents those of the others besides, whose party
// numbers the command itself does not say.
size_t RequiredSigners(const v1::Command& command,
                       const std::set<std::string>& others = {});

// Whether two different officers must sign (T6, T7, T14), which lengthens the
// life that a command may have.
bool NeedsTwoOfficers(const v1::Command& command);

}  // namespace dataip::registry
