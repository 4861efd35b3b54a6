// How the rules say no.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/registry/decide.h"
#include "dataip/rpc/v1/error.pb.h"

namespace dataip::registry {

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
