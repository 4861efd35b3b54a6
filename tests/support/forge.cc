#include "tests/support/forge.h"

#include <variant>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "core/crypto/random.h"
#include "core/registry/decide.h"
#include "core/registry/evolve.h"
#include "core/registry/state/context.h"
#include "core/registry/state/header_of.h"
#include "core/registry/values/canonical.h"
#include "core/registry/values/civil_date.h"

namespace dataip::test {
namespace {

constexpr int64_t kLifeMs = 3'600'000;

hash::Hash CommandSha256(const v1::Transition& transition) {
  return hash::Sha256(hash::AsBytes(transition.command().command()));
}

v1::Command CommandOf(const v1::Transition& transition) {
  v1::Command command;
  command.ParseFromString(transition.command().command());
  return command;
}

// But for the certificate's signatures, which are never the same twice.
bool SameDecision(v1::Transition a, v1::Transition b) {
  a.clear_certificate_signatures();
  b.clear_certificate_signatures();
  return registry::SerializeCanonical(a) == registry::SerializeCanonical(b);
}

}  // namespace

Forger::Forger(LoadedBook book, KeyRing keys,
               std::vector<crypto::NoteSigner> signers)
    : origin_(std::move(book.origin)),
      drafts_(std::move(book.drafts)),
      keys_(std::move(keys)),
      note_signers_(std::move(signers)) {}

bool Forger::IsTransition(uint64_t index) const {
  return index < drafts_.size() && drafts_[index].IsTransition();
}

v1::Command::BodyCase Forger::KindOf(uint64_t index) const {
  return IsTransition(index) ? CommandAt(index).body_case()
                             : v1::Command::BODY_NOT_SET;
}

v1::Transition Forger::TransitionAt(uint64_t index) const {
  v1::Transition transition;
  transition.ParseFromString(drafts_[index].payload);
  return transition;
}

v1::Command Forger::CommandAt(uint64_t index) const {
  return CommandOf(TransitionAt(index));
}

std::vector<std::string> Forger::SignersAt(uint64_t index) const {
  std::vector<std::string> key_ids;
  const v1::Transition transition = TransitionAt(index);
  for (const v1::Signature& signature : transition.command().signatures()) {
    key_ids.push_back(signature.key_id());
  }
  return key_ids;
}

int64_t Forger::DecidedAtMs(uint64_t index) const {
  return registry::ToUnixMs(TransitionAt(index).context().decided_at())
      .value_or(0);
}

registry::State Forger::StateBefore(uint64_t index) const {
  registry::State state;
  state.origin = origin_;
  for (uint64_t i = 0; i < index; ++i) {
    if (!IsTransition(i)) continue;
    const v1::Transition transition = TransitionAt(i);
    registry::Fold(state, CommandOf(transition), CommandSha256(transition),
                   transition.context(), transition.events());
  }
  return state;
}

absl::StatusOr<std::string> Forger::NewKey() {
  ASSIGN_OR_RETURN(const auto key,
                   crypto::PrivateKey::Generate(crypto::Algorithm::kSm2));
  keys_.emplace(key.KeyId(), key);
  return key.KeyId();
}

void Forger::Refresh(v1::Command& command, int64_t decided_at_ms) const {
  command.set_command_id(crypto::RandomBytes(limits::kCommandIdBytes));
  *command.mutable_issued_at() = registry::FromUnixMs(decided_at_ms);
  *command.mutable_expires_at() = registry::FromUnixMs(decided_at_ms + kLifeMs);
}

absl::StatusOr<v1::Transition> Forger::Forge(const Lie& lie) const {
  v1::Transition transition;
  ASSIGN_OR_RETURN(
      *transition.mutable_command(),
      SignCommand(origin_, registry::SerializeCanonical(lie.command),
                  lie.signers, keys_));
  *transition.mutable_context() =
      registry::ContextOf(lie.state, lie.command, lie.decided_at_ms);
  const registry::Decision decision = registry::Decide(
      lie.state, {lie.command, lie.signers}, transition.context());
  if (const auto* refusal = std::get_if<registry::Refusal>(&decision)) {
    return absl::FailedPreconditionError(
        absl::StrCat(refusal->violations[0].rule(), ": ", refusal->message_en));
  }
  for (const v1::Event& event : std::get<registry::Events>(decision)) {
    *transition.add_events() = event;
  }
  RETURN_IF_ERROR(SignCertificate(origin_, keys_, transition));
  transition.set_salt(crypto::RandomBytes(hash::kHashBytes));
  return transition;
}

absl::StatusOr<v1::SignedCommand> Forger::Sign(
    const v1::Command& command, const std::vector<std::string>& key_ids) const {
  return SignCommand(origin_, registry::SerializeCanonical(command), key_ids,
                     keys_);
}

void Forger::Put(uint64_t index, const v1::Transition& transition) {
  const registry::EntryParts parts = registry::HeaderOf(transition.events());
  drafts_[index].type = parts.type;
  drafts_[index].stream = parts.stream;
  drafts_[index].updates = parts.updates;
  PutPayload(index, transition);
}

void Forger::PutPayload(uint64_t index, const v1::Transition& transition) {
  drafts_[index].payload = registry::SerializeCanonical(transition);
}

void Forger::Insert(uint64_t index, const v1::Transition& transition) {
  Draft draft;
  draft.time_ms = drafts_[index == 0 ? 0 : index - 1].time_ms;
  drafts_.insert(drafts_.begin() + static_cast<ptrdiff_t>(index), draft);
  Put(index, transition);
}

absl::StatusOr<v1::Transition> Forger::Again(
    uint64_t index, const registry::State& state) const {
  v1::Transition transition = TransitionAt(index);
  const v1::Command command = CommandOf(transition);
  const v1::Context context = registry::ContextOf(
      state, command,
      registry::DecisionTimeMs(state, command, DecidedAtMs(index)));
  const registry::Decision decision =
      registry::Decide(state, {command, SignersAt(index)}, context);
  const auto* events = std::get_if<registry::Events>(&decision);
  if (events == nullptr) return transition;
  *transition.mutable_context() = context;
  *transition.mutable_events() = {events->begin(), events->end()};
  RETURN_IF_ERROR(SignCertificate(origin_, keys_, transition));
  return transition;
}

absl::Status Forger::Rebuild(uint64_t index) {
  registry::State state = StateBefore(index);
  for (uint64_t i = index; i < drafts_.size(); ++i) {
    if (!IsTransition(i)) continue;
    const v1::Transition before = TransitionAt(i);
    ASSIGN_OR_RETURN(v1::Transition transition, Again(i, state));
    if (SameDecision(before, transition)) {
      transition = before;
    } else {
      Put(i, transition);
    }
    registry::Fold(state, CommandOf(transition), CommandSha256(transition),
                   transition.context(), transition.events());
  }
  return absl::OkStatus();
}

absl::StatusOr<Book> Forger::Finish() const {
  return MakeBook(origin_, drafts_, note_signers_);
}

std::optional<uint64_t> FirstFit(const NamedEdit& edit, const Forger& forger) {
  for (uint64_t i = 0; i < forger.size(); ++i) {
    if (edit.fits(forger, i)) return i;
  }
  return std::nullopt;
}

absl::StatusOr<Book> ForgeBook(Forger forger, const NamedEdit& edit,
                               uint64_t index) {
  RETURN_IF_ERROR(edit.apply(forger, index));
  RETURN_IF_ERROR(forger.Rebuild(index + 1));
  return forger.Finish();
}

}  // namespace dataip::test
