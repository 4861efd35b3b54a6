// The part of the command loop that decides; command_loop.cc has the part
// that waits, sends and recovers.
#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "core/crypto/random.h"
#include "core/registry/decide.h"
#include "core/registry/evolve.h"
#include "core/registry/precheck/findings.h"
#include "core/registry/state/context.h"
#include "core/registry/state/signing.h"
#include "core/registry/values/canonical.h"
#include "core/registry/values/civil_date.h"
#include "services/common/error.h"
#include "services/common/logging.h"
#include "services/registry/command_loop.h"

namespace dataip::registryd {
namespace {

constexpr size_t kSaltBytes = 32;
static_assert(limits::kGatheredBytes + limits::kPayloadBytes <
              limits::kAppendMessageBytes);

absl::Status StatusOf(registry::Refusal refusal) {
  return services::MakeStatus(
      refusal.reason,
      {std::move(refusal.message_en), std::move(refusal.message_zh)},
      std::move(refusal.violations));
}

absl::Status OtherBytes() {
  rpc::v1::FieldViolation violation;
  violation.set_field("command_id");
  violation.set_rule("COMMAND_ID");
  violation.set_message_en(
      "this command_id was used by the actor for another command: sign a new "
      "one with a new id");
  violation.set_message_zh(
      "该主体已用此 command_id 提交过另一条指令，请换用新的编号重新签名");
  return services::MakeStatus(rpc::v1::ALREADY_EXISTS,
                              {violation.message_en(), violation.message_zh()},
                              {violation});
}

absl::Status ClockAhead(const char* field) {
  rpc::v1::FieldViolation violation;
  violation.set_field(field);
  violation.set_rule("CLOCK");
  violation.set_message_en("is later than the real clock");
  violation.set_message_zh("晚于真实时间");
  return services::MakeStatus(
      rpc::v1::RULE_REFUSES,
      {"a demonstration's clock never passes the real one: name an earlier "
       "time",
       "演示时钟不得超过真实时间，请改用更早的时间"},
      {violation});
}

int64_t DecidedAtMs(const v1::Context& context) {
  return registry::ToUnixMs(context.decided_at()).value_or(0);
}

}  // namespace

absl::Status CommandLoop::CheckOwn(const v1::Command& command) const {
  const int64_t now = now_ms_();
  if (command.has_advance_clock() &&
      registry::ToUnixMs(command.advance_clock().to()).value_or(0) > now) {
    return ClockAhead("to");
  }
  if (!command.has_open_registry()) return absl::OkStatus();
  const v1::OpenRegistry& open = command.open_registry();
  if (open.demonstration() &&
      registry::ToUnixMs(open.demonstration_start()).value_or(0) > now) {
    return ClockAhead("demonstration_start");
  }
  RETURN_IF_ERROR(clock_actor_.CheckRegistry(open));
  return signer_.CheckRegistry(open);
}

// (actor, command id) is unique for ever; asked before anything else, expiry
// included (formats.md 7).
bool CommandLoop::AnswerIfSeen(Waiting& waiting) {
  const v1::Command& command = waiting.submission.command;
  const hash::Hash* seen =
      working_.commands.Find(command.actor(), command.command_id());
  if (seen == nullptr) return false;
  if (*seen != waiting.submission.command_sha256) {
    AnswerLater(std::move(waiting), OtherBytes());
    return true;
  }
  for (Pending& pending : gathered_) {
    const v1::Command& other = pending.submission.command;
    if (other.actor() != command.actor() ||
        other.command_id() != command.command_id()) {
      continue;
    }
    std::move(waiting.answers.begin(), waiting.answers.end(),
              std::back_inserter(pending.answers));
    return true;
  }
  std::erase_if(waiting.answers, [&](const Answer& answer) {
    return line_.Join(command.actor(), command.command_id(), answer);
  });
  for (const Answer& answer : waiting.answers) {
    answer(Outcome{.repeated = true});
  }
  return true;
}

void CommandLoop::AnswerLater(Waiting waiting,
                              absl::StatusOr<Outcome> outcome) {
  if (waiting.answers.empty()) return;
  Held held{std::move(waiting.submission), std::move(waiting.answers),
            std::move(outcome)};
  if (!gathered_.empty()) {
    gathered_.back().held.push_back(std::move(held));
    return;
  }
  if (line_.Hold(held)) return;
  for (const Answer& answer : held.answers) answer(held.outcome);
}

// Whoever opens a registry becomes its root: only the one that the operator
// named may.
absl::Status CommandLoop::CheckRoot(const v1::OpenRegistry& open) const {
  if (root_key_.empty()) {
    return services::MakeStatus(
        rpc::v1::NOT_ALLOWED,
        {"this registry is not yet opened and its configuration names no root: "
         "set `root_key` to the root's key id (`dataip keys show FILE`) and "
         "start it again",
         "登记系统尚未开启，且配置中没有 root_key：请将其设为根密钥的编号"
         "（dataip keys show FILE）后重新启动"});
  }
  if (registry::KeyIdOfMessage(open.root_key()) == root_key_) {
    return absl::OkStatus();
  }
  return services::MakeStatus(
      rpc::v1::NOT_ALLOWED,
      {"root_key of OpenRegistry is not the root that this registry's "
       "configuration names",
       "OpenRegistry 的 root_key 与本登记系统配置的根密钥不符"});
}

absl::StatusOr<Pending> CommandLoop::Decide(Waiting& waiting) {
  Submission& submission = waiting.submission;
  const v1::Command& command = submission.command;
  if (command.has_open_registry() && !working_.opened) {
    RETURN_IF_ERROR(CheckRoot(command.open_registry()));
  }
  Pending pending;
  v1::Transition& transition = pending.transition;
  *transition.mutable_context() = registry::ContextOf(
      working_, command,
      registry::DecisionTimeMs(working_, command, now_ms_()));
  auto decision = registry::Decide(
      working_, {command, submission.signer_key_ids}, transition.context());
  if (auto* refusal = std::get_if<registry::Refusal>(&decision)) {
    return StatusOf(std::move(*refusal));
  }
  RETURN_IF_ERROR(CheckOwn(command));
  RETURN_IF_ERROR(submission.openings_status);
  auto& events = std::get<registry::Events>(decision);
  if (!submission.validate_only) {
    ASSIGN_OR_RETURN(auto signatures, signer_.Sign(line_.origin(), events));
    for (auto& signature : signatures) {
      *transition.add_certificate_signatures() = std::move(signature);
    }
  }
  pending.parts = registry::HeaderOf(events);
  // Only where somebody asks; the clock does not.
  if (!waiting.answers.empty()) {
    pending.findings =
        registry::FindingsOf(working_, {command, submission.signer_key_ids,
                                        DecidedAtMs(transition.context()), ""});
  }
  for (v1::Event& event : events) *transition.add_events() = std::move(event);
  return pending;
}

void CommandLoop::Admit(Waiting waiting) {
  if (AnswerIfSeen(waiting)) return;
  if (waiting.submission.command.has_erase_payload()) {
    AdmitErasure(std::move(waiting));
  } else {
    AdmitDecided(std::move(waiting));
  }
}

void CommandLoop::AdmitDecided(Waiting waiting) {
  auto decided = Decide(waiting);
  if (!decided.ok()) {
    AnswerLater(std::move(waiting), decided.status());
    return;
  }
  Pending pending = *std::move(decided);
  v1::Transition& transition = pending.transition;
  if (waiting.submission.validate_only) {
    Outcome outcome;
    outcome.events.assign(transition.events().begin(),
                          transition.events().end());
    outcome.findings = std::move(pending.findings);
    AnswerLater(std::move(waiting), std::move(outcome));
    return;
  }
  *transition.mutable_command() = waiting.submission.signed_command;
  transition.set_salt(crypto::RandomBytes(kSaltBytes));
  registry::Fold(working_, waiting.submission.command,
                 waiting.submission.command_sha256, transition.context(),
                 transition.events());
  pending.payload = registry::SerializeCanonical(transition);
  pending.submission = std::move(waiting.submission);
  pending.answers = std::move(waiting.answers);
  gathered_bytes_ += pending.payload.size();
  gathered_.push_back(std::move(pending));
  if (gathered_bytes_ >= limits::kGatheredBytes) Flush();
}

// What fell due goes before any other command, after a start and whenever time
// has gone on.
void CommandLoop::ActOnDue() {
  if (!working_.opened || !registry::HasAllTables(working_)) return;
  for (;;) {
    const int64_t now = registry::DecisionTimeMs(working_, {}, now_ms_());
    const std::optional<registry::Due> due = registry::NextDue(working_, now);
    if (!due.has_value()) return;
    auto submission = clock_actor_.Act(line_.origin(), working_, *due, now);
    if (submission.ok()) Admit({*std::move(submission), {}});
    if (registry::NextDue(working_, now) == due) {
      services::Log(
          services::Severity::kError,
          "the clock could not act on what fell due",
          {{"deadline", registry::NameEn(due->kind)}, {"object", due->key}});
      return;
    }
    if (gathered_.size() >= limits::kCommandsPerAppend) Flush();
  }
}

// Openings are synced before the append that commits to them.
void CommandLoop::Flush() {
  if (gathered_.empty()) return;
  std::vector<StoredOpening> openings;
  int64_t first_ms = std::numeric_limits<int64_t>::max();
  int64_t last_ms = 0;
  for (Pending& pending : gathered_) {
    for (StoredOpening& opening : pending.submission.openings) {
      // What was ordered erased does not come back by another filing.
      if (working_.erased_openings.count(opening.digest.text()) > 0) continue;
      openings.push_back(opening);
    }
    const int64_t decided_at_ms = DecidedAtMs(pending.transition.context());
    first_ms = std::min(first_ms, decided_at_ms);
    last_ms = std::max(last_ms, decided_at_ms);
  }
  if (const absl::Status stored = store_.PutOpenings(openings); !stored.ok()) {
    services::Fatal("openings could not be stored",
                    {{"error", services::LogText(stored)}});
  }
  AppendLine::Bounds bounds;
  bounds.not_before_ms =
      std::max<int64_t>(0, last_ms - limits::kDecisionAheadMs);
  if (!working_.registry.demonstration()) {
    bounds.not_after_ms = first_ms + limits::kDecisionBehindMs;
  }
  const AtLedger at_ledger(*this);
  line_.Send(std::exchange(gathered_, {}), bounds);
  gathered_bytes_ = 0;
}

}  // namespace dataip::registryd
