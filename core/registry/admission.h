// What holds for every command before its own rule is asked: context, time,
// opening, identity, signers. For decide.cc.
#pragma once

#include <string>
#include <vector>

#include "core/registry/decide.h"
#include "core/registry/state/refusal.h"
#include "core/registry/values/civil_date.h"

namespace dataip::registry {

struct Case;

// Who signs a command.
enum class Signers {
  kNamedRoot,         // the root key that OpenRegistry names
  kRoot,              // root
  kRootAndNewKey,     // root and the key in the body
  kOfficerAndNewKey,  // the actor, an officer, and the key in the body
  kActorAndNewKey,    // the actor, party or officer, and the key in the body
  kParty,             // the actor, a party
  kPartyOrClock,      // the actor, a party, or the clock
  kApplicants,        // every applicant of the form, or an agent of them all;
                      // with a draft, which they signed: the actor, a party
  kOfficer,           // the actor, an officer: examiner or approver
  kExaminer,          // the actor, an officer with the role
  kTwoOfficers,       // the actor as examiner, another one as approver
  kClock,             // the clock
};

// In order: the context is the state's; time does not go back; the command is
// well formed and new; the registry is as far opened as it must be; the time
// of decision lies in the command's window; exactly the right keys signed.
// `proposal` is that of the case.
MaybeRefusal Admit(const Case& a_case, const Proposal& proposal,
                   const v1::Context& context, Signers signers);

// The latest `expires_at` of a command of two officers that is issued then: by
// the profile's cosign.window, in hours, or in working days to the end of the
// last one in Shanghai; that of any command when there is none.
int64_t CosignUntilMs(const State& state, const Profile* values,
                      int64_t issued_ms);

// The signers alone, on the day of decision: an agent's powers have days.
MaybeRefusal CheckSigners(const State& state, const Proposal& proposal,
                          Signers signers, const CivilDate& day);

}  // namespace dataip::registry
