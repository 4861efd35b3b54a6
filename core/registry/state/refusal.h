// What the rules answer: events, or why not.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "dataip/registry/v1/transition.pb.h"
#include "dataip/rpc/v1/error.pb.h"

namespace dataip::registry {

// An answer with reasons; it leaves nothing on the ledger.
struct Refusal {
  rpc::v1::Reason reason = rpc::v1::REASON_UNSPECIFIED;
  // One sentence each, with the remedy.
  std::string message_zh;
  std::string message_en;
  // At least one, in the order of the message; `rule` names what refuses.
  std::vector<rpc::v1::FieldViolation> violations;
};

using Events = std::vector<v1::Event>;
using Decision = std::variant<Events, Refusal>;

// One thing that is wrong. Both messages say how to mend it.
struct Fault {
  std::string field;  // path in the message
  std::string rule;   // `B11`, `T7`, `USCC`
  std::string zh;
  std::string en;
  std::string clause;  // of the source; may be empty
};

rpc::v1::FieldViolation ViolationOf(Fault fault);

// Refuses for one fault; its messages are the refusal's.
Refusal Refuse(rpc::v1::Reason reason, Fault fault);
// Refuses for all violations of a form (at least one).
Refusal RefuseForm(std::vector<rpc::v1::FieldViolation> violations);

// What a check that found nothing answers.
using MaybeRefusal = std::optional<Refusal>;

}  // namespace dataip::registry

// Leaves the function with the refusal of `expression` if it has one.
#define RETURN_IF_REFUSED(expression)                                     \
  do {                                                                    \
    if (auto dataip_refusal = (expression); dataip_refusal.has_value()) { \
      return *std::move(dataip_refusal);                                  \
    }                                                                     \
  } while (false)
