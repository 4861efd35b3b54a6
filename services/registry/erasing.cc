// The part of the command loop that takes orders to erase. An order changes
// what the ledger says of earlier entries, so nothing may be decided between
// its rehearsal and the state that it leads to.
#include <algorithm>
#include <utility>

#include "core/base/status_macros.h"
#include "core/registry/decide.h"
#include "core/registry/erasure/rehearsal.h"
#include "core/registry/state/context.h"
#include "dataip/ledger/v1/ledger.pb.h"
#include "services/common/error.h"
#include "services/common/logging.h"
#include "services/registry/command_loop.h"
#include "services/registry/refusals.h"

namespace dataip::registryd {
namespace {

using services::Log;
using services::Severity;

constexpr std::chrono::milliseconds kFirstPause{50};
constexpr std::chrono::milliseconds kLastPause{1'000};

absl::Status CannotErase(const absl::Status& why) {
  const std::string text(why.message());
  rpc::v1::FieldViolation violation;
  violation.set_field("erase_payload.entries");
  violation.set_rule("ERASURE");
  violation.set_clause("formats 6");
  violation.set_message_en(text);
  violation.set_message_zh("命令与账上的记录不符：" + text);
  return services::MakeStatus(
      rpc::v1::RULE_REFUSES,
      {"the order does not fit the ledger: " + text, violation.message_zh()},
      {violation});
}

// Reads the whole ledger, which must be the one that was read up to `known`,
// with the order's substitutes in place.
absl::Status RehearseOver(client::EntryStream& entries,
                          const Acknowledged& acknowledged,
                          const LedgerTail& known, const std::string& origin,
                          const v1::ErasePayload& order) {
  auto rehearsal = registry::Rehearsal::Create(origin, order);
  if (!rehearsal.ok()) return CannotErase(rehearsal.status());
  LedgerTail tail;
  for (;;) {
    ASSIGN_OR_RETURN(const auto run, entries.Next());
    if (!run.has_value()) break;
    for (const ledger::v1::Entry& entry : run->entries()) {
      const auto substitute = acknowledged.SubstituteFor(entry.index());
      ASSIGN_OR_RETURN(
          const SeenEntry seen,
          tail.Take(entry, substitute.has_value() ? &*substitute : nullptr));
      RETURN_IF_ERROR(tail.CheckFollows(known));
      if (!seen.decided.has_value()) continue;
      const auto header = proof::DecodeHeader(hash::AsBytes(seen.header));
      const absl::Status taken = rehearsal->Take(
          {*header, seen.decided->transition, seen.decided->command,
           seen.decided->command_sha256, seen.substituted});
      if (!taken.ok()) return CannotErase(taken);
    }
  }
  RETURN_IF_ERROR(tail.CheckReached(known));
  const absl::Status all = rehearsal->Finish();
  return all.ok() ? all : CannotErase(all);
}

}  // namespace

// A stop does not wait for it.
absl::Status CommandLoop::Rehearse(const std::string& origin,
                                   const v1::ErasePayload& order) {
  const LedgerTail known = acknowledged_.tail();
  ledger::v1::ReadEntriesRequest request;
  request.set_with_payloads(true);
  const auto entries = ledger_.ReadEntries(request);
  {
    base::MutexLock lock(mutex_);
    if (stopping_) return Stopping();
    rehearsed_.insert(entries.get());
  }
  absl::Status rehearsed =
      RehearseOver(*entries, acknowledged_, known, origin, order);
  base::MutexLock lock(mutex_);
  rehearsed_.erase(entries.get());
  return stopping_ && absl::IsCancelled(rehearsed) ? Stopping() : rehearsed;
}

void CommandLoop::RehearseAside(Waiting waiting) {
  auto decided = Decide(waiting);
  if (!decided.ok()) {
    AnswerLater(std::move(waiting), decided.status());
    return;
  }
  Outcome outcome;
  outcome.events.assign(decided->transition.events().begin(),
                        decided->transition.events().end());
  const auto shared = std::make_shared<Waiting>(std::move(waiting));
  const bool posted = rehearsals_.Post(
      [this, shared, origin = line_.origin(), outcome = std::move(outcome)] {
        const absl::Status fits =
            Rehearse(origin, shared->submission.command.erase_payload());
        for (const Answer& answer : shared->answers) {
          answer(fits.ok() ? absl::StatusOr<Outcome>(outcome) : fits);
        }
      });
  if (posted) return;
  for (const Answer& answer : shared->answers) answer(Overloaded());
}

// False when the stream broke, or the loop has to end, before everything sent
// was acknowledged.
bool CommandLoop::AwaitAcknowledged() {
  base::MutexLock lock(mutex_);
  for (;;) {
    if (line_.broken().has_value()) return false;
    if (line_.messages_in_flight() == 0) return true;
    if (!stop_by_.has_value()) {
      changed_.Wait(mutex_);
    } else if (!changed_.WaitUntil(mutex_, *stop_by_)) {
      return false;
    }
  }
}

// Decide first: it refuses at once what a rehearsal takes long to find.
absl::Status CommandLoop::CheckErasure(Waiting& waiting) {
  RETURN_IF_ERROR(Decide(waiting).status());
  return Rehearse(line_.origin(), waiting.submission.command.erase_payload());
}

void CommandLoop::AdmitErasure(Waiting waiting) {
  if (waiting.submission.validate_only) {
    RehearseAside(std::move(waiting));
    return;
  }
  const AtLedger at_ledger(*this);
  Flush();
  if (!AwaitAcknowledged()) {
    base::MutexLock lock(mutex_);
    queue_.push_front(std::move(waiting));
    return;
  }
  if (const absl::Status wrong = CheckErasure(waiting); !wrong.ok()) {
    AnswerLater(std::move(waiting), wrong);
    return;
  }
  AdmitDecided(std::move(waiting));
  Flush();
  if (AwaitAcknowledged()) ReadAgain();
}

// Without the state that the order leads to nothing is decided: tries until it
// is there. A broken stream is the recovery's, which reads again too.
void CommandLoop::ReadAgain() {
  std::chrono::milliseconds pause = kFirstPause;
  for (;;) {
    const absl::Status read = line_.ReadToTail();
    if (read.ok()) break;
    if (line_.broken().has_value()) return;
    if (!MayPass(read)) return Halt(read);
    Log(Severity::kWarning, "an order to erase waits for the ledger",
        {{"status", services::LogText(read)}});
    if (!WaitToRetry(pause)) {
      base::MutexLock lock(mutex_);
      halted_ = Stopping();
      return;
    }
    pause = std::min(pause * 2, kLastPause);
  }
  working_ = acknowledged_.Copy();
}

}  // namespace dataip::registryd
