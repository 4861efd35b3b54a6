// Which public keys the signatures of a command are to be checked with.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/crypto/key.h"
#include "core/registry/state/state.h"
#include "dataip/registry/v1/command.pb.h"

namespace dataip::registry {

// One key for each id, in their order: enrolled in the state, or named by the
// command's own body (the root key of OpenRegistry; the new key of
// RegisterOfficer, RegisterParty and EnrolKey, whose signature proves
// possession). PERMISSION_DENIED when an id is neither, INVALID_ARGUMENT when
// the body's key is not a key. Says nothing about who may sign: Decide does.
absl::StatusOr<std::vector<crypto::PublicKey>> SigningKeys(
    const State& state, const v1::Command& command,
    const std::vector<std::string>& key_ids);

// The key in a message; INVALID_ARGUMENT for an unknown algorithm or a point
// that is none.
absl::StatusOr<crypto::PublicKey> KeyOf(const v1::PublicKey& key);
// Of its bytes, unchecked.
std::string KeyIdOfMessage(const v1::PublicKey& key);

}  // namespace dataip::registry
