// How the lifecycle's forgeries are made: a command that is recorded although
// the rules refuse it, a decision made on a doctored state, and events or a
// command that are not those decided.
#pragma once

#include <functional>
#include <string>

#include "tests/support/forge.h"

namespace dataip::test {

// Builds the command and doctors `state`, which is that before `index`, so
// that it is allowed. Actor and body are the command's own; the rest is filled
// in.
using Liar =
    std::function<v1::Command(Forger&, uint64_t index, registry::State& state)>;
// The forged entry stands at `index`; what was there follows.
std::function<absl::Status(Forger&, uint64_t)> InsertLie(Liar liar);

// The command of the entry decided on another state. The doctor may alter the
// command too, which is then signed anew.
using Doctor =
    std::function<void(registry::State& state, v1::Command& command)>;
std::function<absl::Status(Forger&, uint64_t)> DecideOn(Doctor doctor);

// Other events than those decided.
using EventEdit = std::function<void(v1::Transition& transition)>;
std::function<absl::Status(Forger&, uint64_t)> ChangeEvents(EventEdit edit);

// Another command than the one decided, and events to go with it.
using CommandEdit =
    std::function<void(v1::Command& command, v1::Transition& transition)>;
std::function<absl::Status(Forger&, uint64_t)> SwapCommand(CommandEdit edit);

using Fits = std::function<bool(const Forger&, uint64_t)>;
Fits At(v1::Command::BodyCase kind);
Fits After(v1::Command::BodyCase kind);
// And the state before `index` is such a one.
using StateTest = std::function<bool(const registry::State&)>;
Fits When(Fits fits, StateTest test);
// At an entry of `kind` with an event like that.
using EventTest = std::function<bool(const v1::Event&)>;
Fits AtEvent(v1::Command::BodyCase kind, EventTest test);
// Behind one.
Fits AfterEvent(v1::Command::BodyCase kind, EventTest test);

// Of the simulated clock, YYYY-MM-DD.
std::string Today(const registry::State& state);
// `officers/<id>` of an examiner.
std::string ExaminerOf(const registry::State& state);

// Whether such an overlay stands on the sheet; and takes them off.
bool Has(const v1::Certificate& sheet, v1::OverlayKind kind);
void Drop(v1::Certificate& sheet, v1::OverlayKind kind);
// Party number of its first holder.
const std::string& HolderOf(const v1::Certificate& sheet);
// Of a status_changed.
v1::StatusRecord RecordIn(const v1::Event& event);

// The first that is so; null when none is.
template <typename Map, typename Test>
const typename Map::mapped_type* FirstIn(const Map& map, const Test& test) {
  for (const auto& [number, one] : map) {
    if (test(one)) return &one;
  }
  return nullptr;
}

}  // namespace dataip::test
