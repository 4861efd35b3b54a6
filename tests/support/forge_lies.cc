#include "tests/support/forge_lies.h"

#include <algorithm>
#include <utility>

#include "core/base/status_macros.h"
#include "core/registry/decide.h"
#include "core/registry/values/civil_date.h"

namespace dataip::test {
namespace {

std::string KeyOf(const registry::State& state, const std::string& actor) {
  for (const auto& [key_id, key] : state.keys) {
    if (key.actor == actor) return key_id;
  }
  return "";
}

std::string OfficerWith(const registry::State& state, v1::OfficerRole role) {
  for (const auto& [id, officer] : state.officers) {
    const auto& roles = officer.roles();
    if (std::find(roles.begin(), roles.end(), role) != roles.end()) {
      return registry::kOfficerPrefix + id;
    }
  }
  return "";
}

// As many as must, the actor first.
std::vector<std::string> SignersFor(const registry::State& state,
                                    const v1::Command& command) {
  std::vector<std::string> signers = {KeyOf(state, command.actor())};
  if (registry::NeedsTwoOfficers(command)) {
    signers.push_back(KeyOf(state, OfficerWith(state, v1::APPROVER)));
  }
  return signers;
}

}  // namespace

std::function<absl::Status(Forger&, uint64_t)> InsertLie(Liar liar) {
  return [liar = std::move(liar)](Forger& forger, uint64_t index) {
    registry::State state = forger.StateBefore(index);
    const int64_t now_ms = state.clock_ms;
    const registry::State real = state;
    v1::Command command = liar(forger, index, state);
    forger.Refresh(command, now_ms);
    ASSIGN_OR_RETURN(
        const v1::Transition transition,
        forger.Forge({state, command, SignersFor(real, command), now_ms}));
    forger.Insert(index, transition);
    return absl::OkStatus();
  };
}

std::function<absl::Status(Forger&, uint64_t)> DecideOn(Doctor doctor) {
  return [doctor = std::move(doctor)](Forger& forger, uint64_t index) {
    registry::State state = forger.StateBefore(index);
    v1::Command command = forger.CommandAt(index);
    doctor(state, command);
    ASSIGN_OR_RETURN(const v1::Transition transition,
                     forger.Forge({state, command, forger.SignersAt(index),
                                   forger.DecidedAtMs(index)}));
    forger.Put(index, transition);
    return absl::OkStatus();
  };
}

std::function<absl::Status(Forger&, uint64_t)> ChangeEvents(EventEdit edit) {
  return [edit = std::move(edit)](Forger& forger, uint64_t index) {
    v1::Transition transition = forger.TransitionAt(index);
    edit(transition);
    forger.Put(index, transition);
    return absl::OkStatus();
  };
}

std::function<absl::Status(Forger&, uint64_t)> SwapCommand(CommandEdit edit) {
  return [edit = std::move(edit)](Forger& forger, uint64_t index) {
    v1::Transition transition = forger.TransitionAt(index);
    v1::Command command = forger.CommandAt(index);
    edit(command, transition);
    ASSIGN_OR_RETURN(*transition.mutable_command(),
                     forger.Sign(command, forger.SignersAt(index)));
    forger.Put(index, transition);
    return absl::OkStatus();
  };
}

Fits At(v1::Command::BodyCase kind) {
  return [kind](const Forger& forger, uint64_t index) {
    return forger.KindOf(index) == kind;
  };
}

Fits After(v1::Command::BodyCase kind) {
  return [kind](const Forger& forger, uint64_t index) {
    return index > 0 && forger.KindOf(index - 1) == kind;
  };
}

Fits When(Fits fits, StateTest test) {
  return [fits = std::move(fits), test = std::move(test)](const Forger& forger,
                                                          uint64_t index) {
    return fits(forger, index) && test(forger.StateBefore(index));
  };
}

Fits AtEvent(v1::Command::BodyCase kind, EventTest test) {
  return [kind, test = std::move(test)](const Forger& forger, uint64_t index) {
    if (forger.KindOf(index) != kind) return false;
    const v1::Transition transition = forger.TransitionAt(index);
    return std::any_of(transition.events().begin(), transition.events().end(),
                       test);
  };
}

Fits AfterEvent(v1::Command::BodyCase kind, EventTest test) {
  return [at = AtEvent(kind, std::move(test))](const Forger& forger,
                                               uint64_t index) {
    return index > 0 && at(forger, index - 1);
  };
}

std::string Today(const registry::State& state) {
  return registry::FormatDate(registry::ShanghaiDate(state.clock_ms));
}

std::string ExaminerOf(const registry::State& state) {
  return OfficerWith(state, v1::EXAMINER);
}

bool Has(const v1::Certificate& sheet, v1::OverlayKind kind) {
  const auto& overlays = sheet.status().overlays();
  return std::any_of(overlays.begin(), overlays.end(),
                     [&](const auto& one) { return one.kind() == kind; });
}

void Drop(v1::Certificate& sheet, v1::OverlayKind kind) {
  auto* overlays = sheet.mutable_status()->mutable_overlays();
  for (int i = overlays->size() - 1; i >= 0; --i) {
    if (overlays->Get(i).kind() == kind) overlays->DeleteSubrange(i, 1);
  }
}

const std::string& HolderOf(const v1::Certificate& sheet) {
  return sheet.content().holders(0).party_number();
}

v1::StatusRecord RecordIn(const v1::Event& event) {
  v1::StatusRecord record;
  record.ParseFromString(event.status_changed().status_record());
  return record;
}

}  // namespace dataip::test
