// Matchers for decisions.
#pragma once

#include <string>
#include <variant>

#include "absl/strings/str_cat.h"
#include "core/registry/decide.h"
#include "gmock/gmock.h"

namespace dataip::testing {

inline std::string TextOf(const registry::Decision& decision) {
  if (const auto* refusal = std::get_if<registry::Refusal>(&decision)) {
    std::string text = rpc::v1::Reason_Name(refusal->reason);
    for (const auto& violation : refusal->violations) {
      absl::StrAppend(&text, " ", violation.ShortDebugString());
    }
    return text;
  }
  return "allowed";
}

// `rule` and `field` are those of the first violation; every refusal speaks
// both languages.
MATCHER_P3(Refuses, reason, rule, field, "") {
  *result_listener << TextOf(arg);
  const auto* refusal = std::get_if<registry::Refusal>(&arg);
  return refusal != nullptr && refusal->reason == reason &&
         !refusal->message_zh.empty() && !refusal->message_en.empty() &&
         !refusal->violations.empty() &&
         refusal->violations[0].rule() == rule &&
         refusal->violations[0].field() == field &&
         !refusal->violations[0].message_zh().empty() &&
         !refusal->violations[0].message_en().empty();
}

MATCHER(Allows, "") {
  *result_listener << TextOf(arg);
  return std::holds_alternative<registry::Events>(arg) &&
         !std::get<registry::Events>(arg).empty();
}

}  // namespace dataip::testing
