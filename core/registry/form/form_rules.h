// Rules of the registration form (rules 1.2, Appendix B), for Decide and for
// the client before it signs. Whatever needs the registry's state (parties,
// references, signatures) is not here.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/registry/tables/profile.h"
#include "core/registry/tables/tables.h"
#include "dataip/registry/v1/application.pb.h"
#include "dataip/rpc/v1/error.pb.h"
#include "google/protobuf/timestamp.pb.h"

namespace dataip::registry {

// What the rules are checked under. A null table or profile leaves out the
// checks that need it (a client that has none); Decide always has all three.
struct FormContext {
  const Profile* profile = nullptr;
  const CodeTable* industries = nullptr;
  const CodeTable* regions = nullptr;
  // When the command was made: the time of a DEPOSIT evidence.
  google::protobuf::Timestamp issued_at;
  // Day of the filing follows from it.
  int64_t filed_at_ms = 0;
  // Correction of a form whose deposit stays: its DEPOSIT time is good too.
  std::optional<google::protobuf::Timestamp> earlier_deposit_at;
};

// All violations in the order of the form; empty when the form is good.
// `field` is a path in the form (`fields[3].name`), `rule` a number of
// Appendix B (`B11`) or a word (`REGION`). Pure and total.
std::vector<rpc::v1::FieldViolation> ValidateForm(
    const v1::ApplicationForm& form, const FormContext& context);

}  // namespace dataip::registry
