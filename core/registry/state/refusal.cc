#include "core/registry/state/refusal.h"

#include "absl/strings/str_cat.h"

namespace dataip::registry {

rpc::v1::FieldViolation ViolationOf(Fault fault) {
  rpc::v1::FieldViolation violation;
  violation.set_field(std::move(fault.field));
  violation.set_rule(std::move(fault.rule));
  violation.set_clause(std::move(fault.clause));
  violation.set_message_zh(std::move(fault.zh));
  violation.set_message_en(std::move(fault.en));
  return violation;
}

Refusal Refuse(rpc::v1::Reason reason, Fault fault) {
  Refusal refusal{reason, fault.zh, fault.en, {}};
  refusal.violations.push_back(ViolationOf(std::move(fault)));
  return refusal;
}

Refusal RefuseForm(std::vector<rpc::v1::FieldViolation> violations) {
  Refusal refusal{rpc::v1::INVALID_FIELD, "", "", std::move(violations)};
  const rpc::v1::FieldViolation& first = refusal.violations.front();
  if (refusal.violations.size() == 1) {
    refusal.message_zh = first.message_zh();
    refusal.message_en = first.message_en();
    return refusal;
  }
  refusal.message_zh =
      absl::StrCat("有 ", refusal.violations.size(), " 处不符合要求，第一处：",
                   first.message_zh());
  refusal.message_en =
      absl::StrCat(refusal.violations.size(),
                   " fields break a rule; the first: ", first.message_en());
  return refusal;
}

}  // namespace dataip::registry
