#include "core/registry/state/signing.h"

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace dataip::registry {
namespace {

// The key whose own signature the command carries; null for most commands.
const v1::PublicKey* KeyInBody(const v1::Command& command) {
  switch (command.body_case()) {
    case v1::Command::kOpenRegistry:
      return &command.open_registry().root_key();
    case v1::Command::kRegisterOfficer:
      return &command.register_officer().key();
    case v1::Command::kRegisterParty:
      return &command.register_party().key();
    case v1::Command::kEnrolKey:
      return &command.enrol_key().key();
    default:
      return nullptr;
  }
}

}  // namespace

std::string KeyIdOfMessage(const v1::PublicKey& key) {
  if (!crypto::IsKnownAlgorithm(static_cast<uint64_t>(key.algorithm()))) {
    return "";
  }
  return crypto::KeyIdOf(static_cast<crypto::Algorithm>(key.algorithm()),
                         hash::AsBytes(key.raw()));
}

absl::StatusOr<crypto::PublicKey> KeyOf(const v1::PublicKey& key) {
  if (!crypto::IsKnownAlgorithm(static_cast<uint64_t>(key.algorithm()))) {
    return absl::InvalidArgumentError("a key of no known algorithm");
  }
  return crypto::PublicKey::FromRaw(
      static_cast<crypto::Algorithm>(key.algorithm()),
      hash::AsBytes(key.raw()));
}

absl::StatusOr<std::vector<crypto::PublicKey>> SigningKeys(
    const State& state, const v1::Command& command,
    const std::vector<std::string>& key_ids) {
  const v1::PublicKey* in_body = KeyInBody(command);
  const std::string body_id =
      in_body == nullptr ? "" : KeyIdOfMessage(*in_body);
  std::vector<crypto::PublicKey> keys;
  keys.reserve(key_ids.size());
  for (const std::string& key_id : key_ids) {
    const auto enrolled = state.keys.find(key_id);
    if (enrolled != state.keys.end()) {
      keys.push_back(enrolled->second.key);
    } else if (!body_id.empty() && key_id == body_id) {
      ASSIGN_OR_RETURN(crypto::PublicKey key, KeyOf(*in_body));
      keys.push_back(std::move(key));
    } else {
      return absl::PermissionDeniedError(
          absl::StrCat("key ", key_id, " is not enrolled"));
    }
  }
  return keys;
}

}  // namespace dataip::registry
