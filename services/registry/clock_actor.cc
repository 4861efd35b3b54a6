#include "services/registry/clock_actor.h"

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "core/crypto/command_signature.h"
#include "core/registry/state/signing.h"
#include "core/registry/state/state.h"
#include "core/registry/values/canonical.h"
#include "core/registry/values/civil_date.h"
#include "services/registry/named_key.h"

namespace dataip::registryd {

absl::Status ClockActor::CheckRegistry(const v1::OpenRegistry& registry) const {
  return CheckNamedKey(registry.clock_key(), key_, {"clock_key", path_});
}

absl::StatusOr<Submission> ClockActor::Act(const std::string& origin,
                                           const registry::State& state,
                                           const registry::Due& due,
                                           int64_t decided_at_ms) const {
  Submission submission;
  v1::Command& command = submission.command;
  registry::SetClockCommand(state, due, command);
  const std::string about = absl::StrCat(registry::NameEn(due.kind), "/",
                                         due.key, "/", command.version());
  command.set_command_id(std::string(hash::Sha256(hash::AsBytes(about))
                                         .text()
                                         .substr(0, limits::kCommandIdBytes)));
  *command.mutable_issued_at() = registry::FromUnixMs(decided_at_ms);
  *command.mutable_expires_at() =
      registry::FromUnixMs(decided_at_ms + limits::kClockCommandLifeMs);
  command.set_actor(registry::kClockActor);
  const std::string bytes = registry::SerializeCanonical(command);
  submission.command_sha256 = hash::Sha256(hash::AsBytes(bytes));
  submission.signed_command.set_command(bytes);
  v1::Signature& signature = *submission.signed_command.add_signatures();
  signature.set_key_id(key_.KeyId());
  const std::string message = crypto::CommandMessage(
      {origin, signature.key_id(), hash::AsBytes(bytes)});
  ASSIGN_OR_RETURN(*signature.mutable_signature(),
                   key_.Sign(hash::AsBytes(message)));
  submission.signer_key_ids.push_back(key_.KeyId());
  return submission;
}

}  // namespace dataip::registryd
