// The examiner's statements on what no rule can read (issue of the public
// notice, T7): as words of the command line and as people read them.
#pragma once

#include <google/protobuf/repeated_field.h>

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "dataip/registry/v1/application.pb.h"
#include "dataip/registry/v1/finding.pb.h"

namespace dataip::client {

inline constexpr char kAllStatements[] = "sample,masking,files,duplicates";

// Words of kAllStatements with commas. INVALID_ARGUMENT names an unknown word,
// or the statements that are missing: a notice needs all four.
absl::StatusOr<registry::v1::Checklist> ParseChecklist(absl::string_view words);

// A line for each statement: "[x] sample 样本……", "[ ]" when it is not made.
std::string ChecklistText(const registry::v1::Checklist& checklist);

// The examiner's checklist, B01 to B24 in order: each rule with what was found,
// and what other rules found behind them.
std::string RuleLines(
    const google::protobuf::RepeatedPtrField<registry::v1::Finding>& findings);

}  // namespace dataip::client
