#include "tests/support/scribe.h"

#include <variant>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/crypto/random.h"
#include "core/registry/evolve.h"
#include "core/registry/state/context.h"
#include "core/registry/state/header_of.h"
#include "core/registry/values/canonical.h"
#include "core/registry/values/civil_date.h"

namespace dataip::test {
namespace {

constexpr int64_t kStepMs = 50;
constexpr int64_t kLifeMs = 3'600'000;

std::string CommandId(size_t serial) {
  const hash::Hash hash =
      hash::Sha256(hash::AsBytes(absl::StrCat("command ", serial)));
  return std::string(hash.text().substr(0, 16));
}

}  // namespace

Scribe::Scribe(std::string origin, int64_t first_time_ms)
    : origin_(std::move(origin)), first_time_ms_(first_time_ms) {
  state_.origin = origin_;
}

absl::Status Scribe::AddKey(const std::string& name,
                            crypto::Algorithm algorithm) {
  ASSIGN_OR_RETURN(const auto key, crypto::PrivateKey::Generate(algorithm));
  key_ids_[name] = key.KeyId();
  keys_.emplace(key.KeyId(), key);
  return absl::OkStatus();
}

v1::PublicKey Scribe::PublicKeyOf(const std::string& name) const {
  const crypto::PublicKey& key = keys_.at(KeyIdOf(name)).public_key();
  v1::PublicKey message;
  message.set_algorithm(static_cast<v1::KeyAlgorithm>(key.algorithm()));
  message.set_raw(key.raw_string());
  return message;
}

const std::string& Scribe::KeyIdOf(const std::string& name) const {
  return key_ids_.at(name);
}

int64_t Scribe::NextTimeMs() const {
  return first_time_ms_ + kStepMs * static_cast<int64_t>(drafts_.size());
}

int64_t Scribe::NowMs(const v1::Command& command) const {
  return registry::DecisionTimeMs(state_, command, NextTimeMs());
}

absl::StatusOr<registry::Events> Scribe::Do(
    const std::string& actor, const std::vector<std::string>& signers,
    v1::Command command) {
  const int64_t now_ms = NowMs(command);
  command.set_command_id(CommandId(drafts_.size()));
  command.set_actor(actor);
  *command.mutable_issued_at() = registry::FromUnixMs(now_ms);
  *command.mutable_expires_at() = registry::FromUnixMs(now_ms + kLifeMs);
  std::vector<std::string> key_ids;
  for (const std::string& name : signers) key_ids.push_back(KeyIdOf(name));
  const std::string bytes = registry::SerializeCanonical(command);
  v1::Transition transition;
  ASSIGN_OR_RETURN(*transition.mutable_command(),
                   SignCommand(origin_, bytes, key_ids, keys_));
  *transition.mutable_context() = registry::ContextOf(state_, command, now_ms);
  auto decision =
      registry::Decide(state_, {command, key_ids}, transition.context());
  if (const auto* refusal = std::get_if<registry::Refusal>(&decision)) {
    return absl::FailedPreconditionError(absl::StrCat(
        refusal->violations[0].rule(), " ", refusal->violations[0].field(),
        ": ", refusal->message_en));
  }
  auto events = std::get<registry::Events>(std::move(decision));
  for (const v1::Event& event : events) *transition.add_events() = event;
  RETURN_IF_ERROR(SignCertificate(origin_, keys_, transition));
  transition.set_salt(crypto::RandomBytes(hash::kHashBytes));
  const registry::EntryParts parts = registry::HeaderOf(events);
  drafts_.push_back({NextTimeMs(), parts.type, parts.stream, parts.updates,
                     registry::SerializeCanonical(transition), std::nullopt});
  registry::Fold(state_, command, hash::Sha256(hash::AsBytes(bytes)),
                 transition.context(), events);
  return events;
}

void Scribe::Seal() { drafts_.push_back(SealDraft(NextTimeMs())); }

}  // namespace dataip::test
