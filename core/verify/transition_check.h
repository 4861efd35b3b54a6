// Decides a recorded transition again and folds it into the state.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/registry/erasure/redaction.h"
#include "core/registry/state/state.h"
#include "core/verify/prepared.h"
#include "core/verify/trust.h"

namespace dataip::verify {

// Public keys by key id, so that signatures can be verified before the state
// that enrols them is known: an id is the hash of its key.
using KeyRing = std::map<std::string, crypto::PublicKey>;

// Adds the key, if it is one.
void CollectKey(const v1::PublicKey& message, KeyRing& ring);

// Adds the keys that a command's body names; those that are none are left
// out. The key ring is not who may sign: the state is.
void CollectKeys(const v1::Command& command, KeyRing& ring);

// What the mathematics said of the signatures of one transition.
struct SignatureAnswers {
  bool command_valid = true;      // every key known and every signature good
  bool certificate_valid = true;  // each by the key that it names
};

// A signature that has to be verified.
struct SignatureToVerify {
  crypto::PublicKey key;
  std::string message;
  std::string signature;
  bool* answer = nullptr;  // set to false when it does not hold
};

// Appends what is to be verified for `prepared`; unknown keys answer false at
// once. `answers` outlives the list.
void ListSignatures(const Prepared& prepared, const std::string& origin,
                    const KeyRing& ring, SignatureAnswers& answers,
                    std::vector<SignatureToVerify>& list);

// Why a transition does not stand: broken, or not to be decided.
struct TransitionFlaw {
  Breach breach;
  bool undecided = false;
};

using CountRule = std::function<void(const std::string& rule)>;

struct TransitionToCheck {
  const Prepared& prepared;
  const SignatureAnswers& answers;
  const Trust& trust;
  // Folded in place of the transition's own events, when an order names it.
  const registry::Substitute* substitute = nullptr;
};

// Checks signatures, context, decision, header and certificate signatures in
// this order against `state`, and on success folds the events into it. Each
// rule that is checked is counted.
std::optional<TransitionFlaw> CheckTransition(const TransitionToCheck& check,
                                              registry::State& state,
                                              const CountRule& count);

}  // namespace dataip::verify
