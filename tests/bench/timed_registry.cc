#include "tests/bench/timed_registry.h"

#include <time.h>

#include <cstring>
#include <variant>

#include "core/hash/hash.h"
#include "core/registry/evolve.h"
#include "core/registry/state/context.h"
#include "core/registry/state/due.h"
#include "core/registry/values/canonical.h"
#include "core/registry/values/civil_date.h"
#include "tests/bench/options.h"

namespace dataip::bench {
namespace {

namespace v1 = registry::v1;
// Time that this thread had a core, whatever else the machine does.
Seconds Now() {
  struct timespec now {};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::chrono::seconds(now.tv_sec) +
         std::chrono::nanoseconds(now.tv_nsec);
}

std::string KindOf(const v1::Command& command) {
  const auto* field =
      v1::Command::descriptor()->FindFieldByNumber(command.body_case());
  return field == nullptr ? "" : field->name();
}

uint64_t CasesIn(const v1::Command& command) {
  const int items = command.request_corrections().items_size() +
                    command.open_notices().items_size() +
                    command.register_applications().items_size();
  return items == 0 ? 1 : static_cast<uint64_t>(items);
}

std::string Said(const registry::Refusal& refusal) {
  std::string text = refusal.message_en;
  for (const auto& violation : refusal.violations) {
    text += "\n  " + violation.field() + " " + violation.rule() + " " +
            violation.message_en();
  }
  return text;
}

// What any registry must do with the bytes of a command.
Seconds Floor(const std::string& bytes) {
  const auto begin = Now();
  const auto parsed = registry::ParseCanonical<v1::Command>(bytes);
  Require(parsed.ok(), "a command does not parse");
  const std::string again = registry::SerializeCanonical(*parsed);
  const hash::Hash digest = hash::Sha256(hash::AsBytes(again));
  const Seconds took = Now() - begin;
  Require(again == bytes && digest != hash::Hash(), "other bytes");
  return took;
}

}  // namespace

v1::Command TimedRegistry::NewCommand(const std::string& actor,
                                      uint64_t version) {
  v1::Command command;
  // As random as the real ones, so that they fall anywhere in the map.
  ++commands_;
  std::string number(sizeof(commands_), '\0');
  std::memcpy(number.data(), &commands_, sizeof(commands_));
  command.set_command_id(
      std::string(hash::Sha256(hash::AsBytes(number)).text().substr(0, 16)));
  *command.mutable_issued_at() = registry::FromUnixMs(now_ms());
  *command.mutable_expires_at() = registry::FromUnixMs(now_ms() + 86'400'000);
  command.set_actor(actor);
  command.set_version(version);
  return command;
}

registry::Events TimedRegistry::RunOne(
    const v1::Command& command,
    const std::vector<std::string>& signer_key_ids) {
  const std::string bytes = registry::SerializeCanonical(command);
  const hash::Hash sha256 = hash::Sha256(hash::AsBytes(bytes));
  const auto begin = Now();
  const v1::Context context =
      registry::ContextOf(state_, command, state_.clock_ms);
  const auto ready = Now();
  registry::Decision decision =
      registry::Decide(state_, {command, signer_key_ids}, context);
  const auto decided = Now();
  if (const auto* refusal = std::get_if<registry::Refusal>(&decision)) {
    Require(false, KindOf(command) + " was refused: " + Said(*refusal));
  }
  registry::Events events = std::get<registry::Events>(std::move(decision));
  const auto folding = Now();
  registry::Fold(state_, command, sha256, context, events);
  const auto folded = Now();
  if (!counting_) return events;
  Cost& cost = costs_[KindOf(command)];
  ++cost.commands;
  cost.cases += CasesIn(command);
  cost.decide += decided - ready;
  cost.fold += (ready - begin) + (folded - folding);
  cost.floor += Floor(bytes);
  return events;
}

void TimedRegistry::RunOverdue() {
  while (const auto due = registry::NextDue(state_, state_.clock_ms)) {
    v1::Command command = NewCommand(registry::kClockActor, 0);
    registry::SetClockCommand(state_, *due, command);
    RunOne(command, clock_);
  }
}

registry::Events TimedRegistry::Run(
    const v1::Command& command,
    const std::vector<std::string>& signer_key_ids) {
  RunOverdue();
  return RunOne(command, signer_key_ids);
}

}  // namespace dataip::bench
