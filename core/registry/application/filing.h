// What holds for a form that is put before the registry, as a draft or as an
// application (T1, T2, B20).
#pragma once

#include <optional>
#include <string>

#include "core/registry/state/case.h"
#include "core/registry/state/refusal.h"
#include "dataip/registry/v1/application_form.pb.h"
#include "google/protobuf/timestamp.pb.h"

namespace dataip::registry {

struct Filing {
  const v1::ApplicationForm& form;
  // Time of a deposit that was made with an earlier command, see
  // FormContext::earlier_deposit_at.
  std::optional<google::protobuf::Timestamp> earlier_deposit_at;
};

// The reference is free, the form is good, every applicant is registered, the
// predecessor is one, the time after a withdrawal is over. All violations of
// the form at once.
MaybeRefusal CheckFiling(const Case& a_case, const Filing& filing);

// The time after a withdrawal of the same data by the same applicant is over.
MaybeRefusal CheckCooloff(const Case& a_case, const v1::ApplicationForm& form);

// B20: names nothing, or an application of the same primary applicant that was
// withdrawn, deemed withdrawn or refused.
MaybeRefusal CheckPredecessor(const State& state,
                              const v1::ApplicationForm& form);

// Time of the form's own deposit; none without one.
std::optional<google::protobuf::Timestamp> DepositTimeOf(
    const v1::ApplicationForm& form);

// Of the DEPOSIT evidence when `after` keeps the deposit of `before`.
std::optional<google::protobuf::Timestamp> KeptDepositTime(
    const v1::ApplicationForm& before, const v1::ApplicationForm& after);

}  // namespace dataip::registry
