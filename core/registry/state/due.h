// What time itself decides: what ends a case, a licence, a freeze or a term.
// The clock acts through signed commands of its own, in the order in which
// things fell due, so that a registry that stood still ends in the state of one
// that did not (architecture.md, "Deadlines").
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

#include "dataip/registry/v1/command.pb.h"

namespace dataip::registry {

struct State;

enum class DueKind {
  kCorrection,  // T5: key is an application number
  kReply,       // T12: an objection number
  kFreeze,      // C9: a freeze number
  kLicence,     // C4: a licence number
  kExpiry,      // C8: a certificate number
};

struct Due {
  int64_t at_ms = 0;  // its last millisecond; overdue from the next one on
  DueKind kind = DueKind::kCorrection;
  std::string key;

  friend auto operator<=>(const Due&, const Due&) = default;
};

// The first that is overdue at `now_ms`.
std::optional<Due> NextDue(const State& state, int64_t now_ms);

// Body and version of the clock's command for it; the rest stays.
void SetClockCommand(const State& state, const Due& due, v1::Command& command);

// Whether the command is the clock's for it.
bool IsFor(const v1::Command& command, const Due& due);

// `补正期限`, `correction`.
const char* NameZh(DueKind kind);
const char* NameEn(DueKind kind);

}  // namespace dataip::registry
